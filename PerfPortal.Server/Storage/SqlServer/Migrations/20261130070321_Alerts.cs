using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PerfPortal.Server.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class Alerts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "alert_deliveries",
                columns: table => new
                {
                    id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    receiver_id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    group_id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    state = table.Column<byte>(type: "tinyint", nullable: false),
                    composed_us = table.Column<long>(type: "bigint", nullable: false),
                    finished_us = table.Column<long>(type: "bigint", nullable: true),
                    document = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_deliveries", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alert_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    alert_id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    at_us = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<byte>(type: "tinyint", nullable: false),
                    state = table.Column<byte>(type: "tinyint", nullable: false),
                    text = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    changed_by = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_events", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alert_outbox",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("SqlServer:Identity", "1, 1"),
                    receiver_id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    alert_id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    at_us = table.Column<long>(type: "bigint", nullable: false),
                    is_resolved = table.Column<bool>(type: "bit", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_outbox", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alert_progress",
                columns: table => new
                {
                    id = table.Column<int>(type: "int", nullable: false),
                    evaluated_us = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_progress", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alert_receivers",
                columns: table => new
                {
                    id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<string>(type: "nvarchar(max)", nullable: false),
                    secret = table.Column<byte[]>(type: "varbinary(max)", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_receivers", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alert_rules",
                columns: table => new
                {
                    id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_rules", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alert_silences",
                columns: table => new
                {
                    id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    ends_us = table.Column<long>(type: "bigint", nullable: true),
                    document = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alert_silences", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "alerts",
                columns: table => new
                {
                    id = table.Column<string>(type: "nvarchar(32)", maxLength: 32, nullable: false),
                    rule_id = table.Column<string>(type: "nvarchar(64)", maxLength: 64, nullable: false),
                    state = table.Column<byte>(type: "tinyint", nullable: false),
                    firing_us = table.Column<long>(type: "bigint", nullable: true),
                    resolved_us = table.Column<long>(type: "bigint", nullable: true),
                    document = table.Column<string>(type: "nvarchar(max)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_alerts", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_alert_deliveries_receiver",
                table: "alert_deliveries",
                columns: new[] { "receiver_id", "composed_us" });

            migrationBuilder.CreateIndex(
                name: "ix_alert_events_alert",
                table: "alert_events",
                column: "alert_id");

            migrationBuilder.CreateIndex(
                name: "ix_alerts_resolved",
                table: "alerts",
                column: "resolved_us");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "alert_deliveries");

            migrationBuilder.DropTable(
                name: "alert_events");

            migrationBuilder.DropTable(
                name: "alert_outbox");

            migrationBuilder.DropTable(
                name: "alert_progress");

            migrationBuilder.DropTable(
                name: "alert_receivers");

            migrationBuilder.DropTable(
                name: "alert_rules");

            migrationBuilder.DropTable(
                name: "alert_silences");

            migrationBuilder.DropTable(
                name: "alerts");
        }
    }
}
