using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PerfPortal.Server.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class PageOrders : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_operations_all_start",
                table: "operations",
                column: "start_us");

            migrationBuilder.CreateIndex(
                name: "ix_operations_name_start",
                table: "operations",
                columns: new[] { "name_id", "start_us" });

            migrationBuilder.CreateIndex(
                name: "ix_operations_source_start",
                table: "operations",
                columns: new[] { "source_id", "start_us" });

            migrationBuilder.CreateIndex(
                name: "ix_operations_status_start",
                table: "operations",
                columns: new[] { "status", "start_us" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_operations_all_start",
                table: "operations");

            migrationBuilder.DropIndex(
                name: "ix_operations_name_start",
                table: "operations");

            migrationBuilder.DropIndex(
                name: "ix_operations_source_start",
                table: "operations");

            migrationBuilder.DropIndex(
                name: "ix_operations_status_start",
                table: "operations");
        }
    }
}
