using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The portal's database in an SQLite file.</summary>
internal sealed class SqlitePortalDbContext(DbContextOptions<SqlitePortalDbContext> options) : PortalDbContext(options)
{
    /// <summary>For <c>dotnet ef migrations add NAME --context SqlitePortalDbContext -o Storage/Sqlite/Migrations</c>.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<SqlitePortalDbContext>
    {
        public SqlitePortalDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite("Data Source=design.db").Options);
    }
}
