using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PerfPortal.Server.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class RollupPages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "rollups");

            migrationBuilder.DropTable(
                name: "staging_rollups");

            migrationBuilder.CreateTable(
                name: "rollup_pages",
                columns: table => new
                {
                    key = table.Column<long>(type: "bigint", nullable: false),
                    data = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rollup_pages", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "staging_resource_rollups",
                columns: table => new
                {
                    batch = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    resolution = table.Column<byte>(type: "tinyint", nullable: false),
                    source_id = table.Column<int>(type: "int", nullable: false),
                    bucket = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_staging_resource_rollups", x => new { x.batch, x.resolution, x.source_id, x.bucket });
                });

            // The next start rebuilds the pages of these minutes and of their hours from the operations.
            migrationBuilder.Sql(
                """
                INSERT INTO dirty_minutes (minute)
                SELECT DISTINCT (o.start_us + o.duration_us) / 60000000 FROM operations AS o
                WHERE NOT EXISTS (SELECT 1 FROM dirty_minutes AS d WHERE d.minute = (o.start_us + o.duration_us) / 60000000);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "rollup_pages");

            migrationBuilder.DropTable(
                name: "staging_resource_rollups");

            migrationBuilder.CreateTable(
                name: "rollups",
                columns: table => new
                {
                    resolution = table.Column<byte>(type: "tinyint", nullable: false),
                    bucket = table.Column<long>(type: "bigint", nullable: false),
                    metric_type = table.Column<byte>(type: "tinyint", nullable: false),
                    source_id = table.Column<int>(type: "int", nullable: false),
                    name_id = table.Column<int>(type: "int", nullable: false),
                    outcome = table.Column<byte>(type: "tinyint", nullable: false),
                    data = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rollups", x => new { x.resolution, x.bucket, x.metric_type, x.source_id, x.name_id, x.outcome });
                });

            migrationBuilder.CreateTable(
                name: "staging_rollups",
                columns: table => new
                {
                    batch = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    resolution = table.Column<byte>(type: "tinyint", nullable: false),
                    bucket = table.Column<long>(type: "bigint", nullable: false),
                    metric_type = table.Column<byte>(type: "tinyint", nullable: false),
                    source_id = table.Column<int>(type: "int", nullable: false),
                    name_id = table.Column<int>(type: "int", nullable: false),
                    outcome = table.Column<byte>(type: "tinyint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_staging_rollups", x => new { x.batch, x.resolution, x.bucket, x.metric_type, x.source_id, x.name_id, x.outcome });
                });
        }
    }
}
