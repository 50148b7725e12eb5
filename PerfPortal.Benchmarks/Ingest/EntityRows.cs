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

/// <summary>Rows saved by EF Core: the yardstick of the journal's store.</summary>
internal sealed class EntityStore
{
    private readonly string _file;

    private EntityStore(string file) => _file = file;

    /// <summary>Makes an empty one, with a write-ahead log as the portal has.</summary>
    public static async Task<EntityStore> CreateAsync(string directory, CancellationToken cancellationToken)
    {
        string file = Path.Combine(directory, "entities.db");
        await using var context = new EntityContext(file);
        await context.Database.EnsureCreatedAsync(cancellationToken);
        await context.Database.ExecuteSqlAsync($"PRAGMA journal_mode=WAL", cancellationToken);
        return new(file);
    }

    /// <summary>Saves a batch by one <c>SaveChanges</c>.</summary>
    public async Task SaveAsync(IEnumerable<Operation> batch, CancellationToken cancellationToken)
    {
        await using var context = new EntityContext(_file);
        context.Rows.AddRange(batch.Select(EntityRow.Of));
        await context.SaveChangesAsync(cancellationToken);
    }
}
