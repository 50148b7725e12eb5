using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The portal's database context for SQLite.</summary>
internal sealed class SqlitePortalDbContext(DbContextOptions<SqlitePortalDbContext> options) : PortalDbContext(options)
{
    /// <summary>Ended operations.</summary>
    public DbSet<OperationBlockRow> Blocks => Set<OperationBlockRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Ignore<OperationRow>();
        modelBuilder.Entity<OperationBlockRow>(entity =>
        {
            entity.ToTable("operation_blocks");
            entity.HasKey(row => row.Id);
            entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            entity.Property(row => row.State).HasColumnName("state");
            entity.Property(row => row.StoredUs).HasColumnName("stored_us");
            entity.Property(row => row.Count).HasColumnName("count");
            entity.Property(row => row.FirstEndUs).HasColumnName("first_end_us");
            entity.Property(row => row.LastEndUs).HasColumnName("last_end_us");
            entity.Property(row => row.MinStartUs).HasColumnName("min_start_us");
            entity.Property(row => row.MaxStartUs).HasColumnName("max_start_us");
            entity.Property(row => row.MinDurationUs).HasColumnName("min_duration_us");
            entity.Property(row => row.MaxDurationUs).HasColumnName("max_duration_us");
            entity.Property(row => row.Series).HasColumnName("series");
            entity.Property(row => row.Data).HasColumnName("data");
        });
    }

    /// <summary>Used by <c>dotnet ef migrations add NAME --context SqlitePortalDbContext -o Storage/Sqlite/Migrations</c>.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<SqlitePortalDbContext>
    {
        public SqlitePortalDbContext CreateDbContext(string[] args) =>
            new(new DbContextOptionsBuilder<SqlitePortalDbContext>().UseSqlite("Data Source=design.db").Options);
    }
}
