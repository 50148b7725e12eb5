using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PerfPortal.Server.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "dirty_minutes",
                columns: table => new
                {
                    minute = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dirty_minutes", x => x.minute);
                });

            migrationBuilder.CreateTable(
                name: "journal_marks",
                columns: table => new
                {
                    writer = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    at_us = table.Column<long>(type: "bigint", nullable: false),
                    batch = table.Column<Guid>(type: "uniqueidentifier", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_journal_marks", x => x.writer);
                });

            migrationBuilder.CreateTable(
                name: "names",
                columns: table => new
                {
                    id = table.Column<int>(type: "int", nullable: false),
                    name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2"),
                    length = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_names", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "operations",
                columns: table => new
                {
                    key = table.Column<long>(type: "bigint", nullable: false),
                    id_high = table.Column<long>(type: "bigint", nullable: false),
                    id_low = table.Column<long>(type: "bigint", nullable: false),
                    metric_type = table.Column<byte>(type: "tinyint", nullable: false),
                    status = table.Column<byte>(type: "tinyint", nullable: false),
                    source_id = table.Column<int>(type: "int", nullable: false),
                    name_id = table.Column<int>(type: "int", nullable: false),
                    start_us = table.Column<long>(type: "bigint", nullable: false),
                    duration_us = table.Column<long>(type: "bigint", nullable: false),
                    error_type = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true, collation: "Latin1_General_100_CI_AS"),
                    error_message = table.Column<string>(type: "nvarchar(max)", nullable: true, collation: "Latin1_General_100_CI_AS"),
                    details = table.Column<string>(type: "nvarchar(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_operations", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "recommendations",
                columns: table => new
                {
                    id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    state = table.Column<byte>(type: "tinyint", nullable: false),
                    opened_us = table.Column<long>(type: "bigint", nullable: false),
                    seen_us = table.Column<long>(type: "bigint", nullable: false),
                    changed_us = table.Column<long>(type: "bigint", nullable: true),
                    changed_by = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    note = table.Column<string>(type: "nvarchar(1000)", maxLength: 1000, nullable: true),
                    document = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recommendations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "resource_rollups",
                columns: table => new
                {
                    resolution = table.Column<byte>(type: "tinyint", nullable: false),
                    source_id = table.Column<int>(type: "int", nullable: false),
                    bucket = table.Column<long>(type: "bigint", nullable: false),
                    data = table.Column<byte[]>(type: "varbinary(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_resource_rollups", x => new { x.resolution, x.source_id, x.bucket });
                });

            migrationBuilder.CreateTable(
                name: "resource_samples",
                columns: table => new
                {
                    source_id = table.Column<int>(type: "int", nullable: false),
                    at_us = table.Column<long>(type: "bigint", nullable: false),
                    data = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_resource_samples", x => new { x.source_id, x.at_us });
                });

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
                name: "running_operations",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "binary(16)", fixedLength: true, maxLength: 16, nullable: false),
                    document = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_running_operations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "setting_changes",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    key = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    old_value = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    new_value = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    changed_us = table.Column<long>(type: "bigint", nullable: false),
                    changed_by = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_setting_changes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "settings",
                columns: table => new
                {
                    key = table.Column<string>(type: "nvarchar(100)", maxLength: 100, nullable: false),
                    value = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    changed_us = table.Column<long>(type: "bigint", nullable: false),
                    changed_by = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settings", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "sources",
                columns: table => new
                {
                    id = table.Column<int>(type: "int", nullable: false),
                    name = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false, collation: "Latin1_General_100_BIN2"),
                    length = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sources", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "staging_ids",
                columns: table => new
                {
                    batch = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    id = table.Column<byte[]>(type: "binary(16)", fixedLength: true, maxLength: 16, nullable: false),
                    id_high = table.Column<long>(type: "bigint", nullable: false),
                    id_low = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_staging_ids", x => new { x.batch, x.id });
                });

            migrationBuilder.CreateTable(
                name: "staging_numbers",
                columns: table => new
                {
                    batch = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    number = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_staging_numbers", x => new { x.batch, x.number });
                });

            migrationBuilder.CreateTable(
                name: "staging_operations",
                columns: table => new
                {
                    batch = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    key = table.Column<long>(type: "bigint", nullable: false),
                    details = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    duration_us = table.Column<long>(type: "bigint", nullable: false),
                    error_message = table.Column<string>(type: "nvarchar(max)", nullable: true),
                    error_type = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true),
                    id_high = table.Column<long>(type: "bigint", nullable: false),
                    id_low = table.Column<long>(type: "bigint", nullable: false),
                    metric_type = table.Column<byte>(type: "tinyint", nullable: false),
                    name_id = table.Column<int>(type: "int", nullable: false),
                    source_id = table.Column<int>(type: "int", nullable: false),
                    start_us = table.Column<long>(type: "bigint", nullable: false),
                    status = table.Column<byte>(type: "tinyint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_staging_operations", x => new { x.batch, x.key });
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

            migrationBuilder.CreateTable(
                name: "staging_samples",
                columns: table => new
                {
                    batch = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    source_id = table.Column<int>(type: "int", nullable: false),
                    at_us = table.Column<long>(type: "bigint", nullable: false),
                    data = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_staging_samples", x => new { x.batch, x.source_id, x.at_us });
                });

            migrationBuilder.CreateIndex(
                name: "IX_names_name_length",
                table: "names",
                columns: new[] { "name", "length" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_operations_all_start",
                table: "operations",
                column: "start_us");

            migrationBuilder.CreateIndex(
                name: "ix_operations_duration",
                table: "operations",
                columns: new[] { "metric_type", "duration_us" });

            migrationBuilder.CreateIndex(
                name: "ix_operations_id_low",
                table: "operations",
                column: "id_low");

            migrationBuilder.CreateIndex(
                name: "ix_operations_name_start",
                table: "operations",
                columns: new[] { "name_id", "start_us" });

            migrationBuilder.CreateIndex(
                name: "ix_operations_source_start",
                table: "operations",
                columns: new[] { "source_id", "start_us" });

            migrationBuilder.CreateIndex(
                name: "ix_operations_start",
                table: "operations",
                columns: new[] { "metric_type", "start_us" });

            migrationBuilder.CreateIndex(
                name: "ix_operations_status_start",
                table: "operations",
                columns: new[] { "status", "start_us" });

            migrationBuilder.CreateIndex(
                name: "ix_setting_changes_key_version",
                table: "setting_changes",
                columns: new[] { "key", "version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sources_name_length",
                table: "sources",
                columns: new[] { "name", "length" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "dirty_minutes");

            migrationBuilder.DropTable(
                name: "journal_marks");

            migrationBuilder.DropTable(
                name: "names");

            migrationBuilder.DropTable(
                name: "operations");

            migrationBuilder.DropTable(
                name: "recommendations");

            migrationBuilder.DropTable(
                name: "resource_rollups");

            migrationBuilder.DropTable(
                name: "resource_samples");

            migrationBuilder.DropTable(
                name: "rollups");

            migrationBuilder.DropTable(
                name: "running_operations");

            migrationBuilder.DropTable(
                name: "setting_changes");

            migrationBuilder.DropTable(
                name: "settings");

            migrationBuilder.DropTable(
                name: "sources");

            migrationBuilder.DropTable(
                name: "staging_ids");

            migrationBuilder.DropTable(
                name: "staging_numbers");

            migrationBuilder.DropTable(
                name: "staging_operations");

            migrationBuilder.DropTable(
                name: "staging_rollups");

            migrationBuilder.DropTable(
                name: "staging_samples");
        }
    }
}
