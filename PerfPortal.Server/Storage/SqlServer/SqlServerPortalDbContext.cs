using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>The portal's database on SQL Server.</summary>
internal sealed class SqlServerPortalDbContext(DbContextOptions<SqlServerPortalDbContext> options) : PortalDbContext(options)
{
    /// <summary>For <c>dotnet ef migrations add NAME --context SqlServerPortalDbContext -o Storage/SqlServer/Migrations</c>.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<SqlServerPortalDbContext>
    {
        public SqlServerPortalDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqlServerPortalDbContext>().UseSqlServer("Server=design;Database=perfportal").Options);
    }
}
