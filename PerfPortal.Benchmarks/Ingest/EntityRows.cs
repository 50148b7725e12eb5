using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Benchmarks.Ingest;

/// <summary>An operation as a plain entity: what one would write without a writer of one's own.</summary>
internal sealed class EntityRow
{
    public Guid Id { get; set; }

    public byte MetricType { get; set; }

    public byte Status { get; set; }

    public required string Name { get; set; }

    public required string Source { get; set; }

    public long StartUs { get; set; }

    public long EndUs { get; set; }

    public string? ErrorType { get; set; }

    public string? Metadata { get; set; }

    public static EntityRow Of(Operation operation) => new()
    {
        Id = operation.Id,
        MetricType = (byte)operation.MetricType,
        Status = (byte)operation.Status,
        Name = operation.Name,
        Source = operation.Source,
        StartUs = operation.StartTime.ToMicroseconds(),
        EndUs = operation.EndTime!.Value.ToMicroseconds(),
        ErrorType = operation.ErrorType,
        Metadata = string.Join(";", operation.Metadata.Select(member => $"{member.Key}={member.Value}")),
    };
}

internal sealed class EntityContext(string file) : DbContext
{
    public DbSet<EntityRow> Rows => Set<EntityRow>();

    protected override void OnConfiguring(DbContextOptionsBuilder optionsBuilder) => optionsBuilder.UseSqlite($"Data Source={file};Pooling=false");

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.Entity<EntityRow>().HasIndex(row => row.EndUs);
}
