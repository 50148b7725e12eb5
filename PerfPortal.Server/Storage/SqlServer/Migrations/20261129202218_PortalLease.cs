using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace PerfPortal.Server.Storage.SqlServer.Migrations
{
    /// <inheritdoc />
    public partial class PortalLease : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "portal_lease",
                columns: table => new
                {
                    id = table.Column<byte>(type: "tinyint", nullable: false),
                    expires_at = table.Column<DateTime>(type: "datetime2", nullable: false),
                    host = table.Column<string>(type: "nvarchar(200)", maxLength: 200, nullable: false),
                    owner = table.Column<Guid>(type: "uniqueidentifier", nullable: false),
                    process_id = table.Column<int>(type: "int", nullable: false),
                    started_at = table.Column<DateTime>(type: "datetime2", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_portal_lease", x => x.id);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "portal_lease");
        }
    }
}
