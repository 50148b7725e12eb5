using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PerfPortal.Server.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class OperationBlocks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "operations");

            migrationBuilder.CreateTable(
                name: "operation_blocks",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false),
                    state = table.Column<byte>(type: "INTEGER", nullable: false),
                    stored_us = table.Column<long>(type: "INTEGER", nullable: false),
                    count = table.Column<int>(type: "INTEGER", nullable: false),
                    first_end_us = table.Column<long>(type: "INTEGER", nullable: false),
                    last_end_us = table.Column<long>(type: "INTEGER", nullable: false),
                    min_start_us = table.Column<long>(type: "INTEGER", nullable: false),
                    max_start_us = table.Column<long>(type: "INTEGER", nullable: false),
                    min_duration_us = table.Column<long>(type: "INTEGER", nullable: false),
                    max_duration_us = table.Column<long>(type: "INTEGER", nullable: false),
                    series = table.Column<byte[]>(type: "BLOB", nullable: false),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_operation_blocks", x => x.id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "operation_blocks");

            migrationBuilder.CreateTable(
                name: "operations",
                columns: table => new
                {
                    key = table.Column<long>(type: "INTEGER", nullable: false),
                    details = table.Column<byte[]>(type: "BLOB", nullable: true),
                    duration_us = table.Column<long>(type: "INTEGER", nullable: false),
                    error_message = table.Column<string>(type: "TEXT", nullable: true),
                    error_type = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    id_high = table.Column<long>(type: "INTEGER", nullable: false),
                    id_low = table.Column<long>(type: "INTEGER", nullable: false),
                    metric_type = table.Column<byte>(type: "INTEGER", nullable: false),
                    name_id = table.Column<int>(type: "INTEGER", nullable: false),
                    source_id = table.Column<int>(type: "INTEGER", nullable: false),
                    start_us = table.Column<long>(type: "INTEGER", nullable: false),
                    status = table.Column<byte>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_operations", x => x.key);
                });

            migrationBuilder.CreateIndex(
                name: "ix_operations_duration",
                table: "operations",
                columns: new[] { "metric_type", "duration_us" });

            migrationBuilder.CreateIndex(
                name: "ix_operations_id_low",
                table: "operations",
                column: "id_low");

            migrationBuilder.CreateIndex(
                name: "ix_operations_start",
                table: "operations",
                columns: new[] { "metric_type", "start_us" });
        }
    }
}
