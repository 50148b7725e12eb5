using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PerfPortal.Server.Storage.Sqlite.Migrations
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
                    minute = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_dirty_minutes", x => x.minute);
                });

            migrationBuilder.CreateTable(
                name: "names",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_names", x => x.id);
                });

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

            migrationBuilder.CreateTable(
                name: "recommendations",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    state = table.Column<byte>(type: "INTEGER", nullable: false),
                    opened_us = table.Column<long>(type: "INTEGER", nullable: false),
                    seen_us = table.Column<long>(type: "INTEGER", nullable: false),
                    changed_us = table.Column<long>(type: "INTEGER", nullable: true),
                    changed_by = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    note = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    document = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recommendations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "resource_rollups",
                columns: table => new
                {
                    resolution = table.Column<byte>(type: "INTEGER", nullable: false),
                    source_id = table.Column<int>(type: "INTEGER", nullable: false),
                    bucket = table.Column<long>(type: "INTEGER", nullable: false),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_resource_rollups", x => new { x.resolution, x.source_id, x.bucket });
                });

            migrationBuilder.CreateTable(
                name: "resource_samples",
                columns: table => new
                {
                    source_id = table.Column<int>(type: "INTEGER", nullable: false),
                    at_us = table.Column<long>(type: "INTEGER", nullable: false),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_resource_samples", x => new { x.source_id, x.at_us });
                });

            migrationBuilder.CreateTable(
                name: "rollup_pages",
                columns: table => new
                {
                    key = table.Column<long>(type: "INTEGER", nullable: false),
                    data = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_rollup_pages", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "running_operations",
                columns: table => new
                {
                    id = table.Column<byte[]>(type: "BLOB", fixedLength: true, maxLength: 16, nullable: false),
                    document = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_running_operations", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "setting_changes",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    key = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false),
                    old_value = table.Column<string>(type: "TEXT", nullable: true),
                    new_value = table.Column<string>(type: "TEXT", nullable: false),
                    changed_us = table.Column<long>(type: "INTEGER", nullable: false),
                    changed_by = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_setting_changes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "settings",
                columns: table => new
                {
                    key = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    value = table.Column<string>(type: "TEXT", nullable: false),
                    version = table.Column<long>(type: "INTEGER", nullable: false),
                    changed_us = table.Column<long>(type: "INTEGER", nullable: false),
                    changed_by = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_settings", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "sources",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false),
                    name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sources", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_names_name",
                table: "names",
                column: "name",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_setting_changes_key_version",
                table: "setting_changes",
                columns: new[] { "key", "version" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_sources_name",
                table: "sources",
                column: "name",
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "dirty_minutes");

            migrationBuilder.DropTable(
                name: "names");

            migrationBuilder.DropTable(
                name: "operation_blocks");

            migrationBuilder.DropTable(
                name: "recommendations");

            migrationBuilder.DropTable(
                name: "resource_rollups");

            migrationBuilder.DropTable(
                name: "resource_samples");

            migrationBuilder.DropTable(
                name: "rollup_pages");

            migrationBuilder.DropTable(
                name: "running_operations");

            migrationBuilder.DropTable(
                name: "setting_changes");

            migrationBuilder.DropTable(
                name: "settings");

            migrationBuilder.DropTable(
                name: "sources");
        }
    }
}
