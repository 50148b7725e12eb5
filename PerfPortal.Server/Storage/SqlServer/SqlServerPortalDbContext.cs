using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>The portal's database context for SQL Server.</summary>
internal sealed class SqlServerPortalDbContext(DbContextOptions<SqlServerPortalDbContext> options) : PortalDbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        StagingModel.Configure(modelBuilder);

        // Indexes for guaranteed page orders: by time with type, name, source or status, and by duration with type.
        var operations = modelBuilder.Entity<OperationRow>();
        operations.HasIndex(row => new { row.StartUs }).HasDatabaseName("ix_operations_all_start");
        operations.HasIndex(row => new { row.NameId, row.StartUs }).HasDatabaseName("ix_operations_name_start");
        operations.HasIndex(row => new { row.SourceId, row.StartUs }).HasDatabaseName("ix_operations_source_start");
        operations.HasIndex(row => new { row.Status, row.StartUs }).HasDatabaseName("ix_operations_status_start");

        // Search in error texts is case-insensitive regardless of the server collation.
        modelBuilder.Entity<OperationRow>().Property(row => row.ErrorType).UseCollation("Latin1_General_100_CI_AS");
        modelBuilder.Entity<OperationRow>().Property(row => row.ErrorMessage).UseCollation("Latin1_General_100_CI_AS");
    }

    /// <summary>Used by <c>dotnet ef migrations add NAME --context SqlServerPortalDbContext -o Storage/SqlServer/Migrations</c>.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<SqlServerPortalDbContext>
    {
        public SqlServerPortalDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqlServerPortalDbContext>().UseSqlServer("Server=design;Database=perfportal").Options);
    }
}
