using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>
/// The SQL Server-specific part of the schema: staging tables for batches, and a length column for names. A batch deletes its
/// staged rows before its transaction ends, so the tables are always empty for other sessions. One mark per writer process records
/// its last committed batch, and the single row of the lease names the process that owns the database.
/// </summary>
internal static class StagingModel
{
    public static void Configure(ModelBuilder model)
    {
        Table(model, "staging_ids", ["batch", "id"], row =>
        {
            row.IndexerProperty<byte[]>("id").HasMaxLength(16).IsFixedLength();
            row.IndexerProperty<long>("id_high");
            row.IndexerProperty<long>("id_low");
        });
        Table(model, "staging_numbers", ["batch", "number"], row => row.IndexerProperty<long>("number"));
        Table(model, "staging_operations", ["batch", "key"], row =>
        {
            row.IndexerProperty<long>("key");
            row.IndexerProperty<long>("id_high");
            row.IndexerProperty<long>("id_low");
            row.IndexerProperty<byte>("metric_type");
            row.IndexerProperty<byte>("status");
            row.IndexerProperty<int>("source_id");
            row.IndexerProperty<int>("name_id");
            row.IndexerProperty<long>("start_us");
            row.IndexerProperty<long>("duration_us");
            row.IndexerProperty<string?>("error_type").HasMaxLength(OperationLimits.ErrorTypeCharacters);
            row.IndexerProperty<string?>("error_message");
            row.IndexerProperty<string?>("details");
        });
        Table(model, "staging_samples", ["batch", "source_id", "at_us"], row =>
        {
            row.IndexerProperty<int>("source_id");
            row.IndexerProperty<long>("at_us");
            row.IndexerProperty<string>("data").IsRequired();
        });
        Table(model, "staging_resource_rollups", ["batch", "resolution", "source_id", "bucket"], row =>
        {
            row.IndexerProperty<byte>("resolution");
            row.IndexerProperty<int>("source_id");
            row.IndexerProperty<long>("bucket");
        });
        Table(model, "journal_marks", ["writer"], row =>
        {
            row.IndexerProperty<Guid>("writer");
            row.IndexerProperty<long>("at_us");
        });

        Lease(model);
        DistinguishTrailingSpaces(model.Entity<NameRow>());
        DistinguishTrailingSpaces(model.Entity<SourceRow>());
    }

    private static void Lease(ModelBuilder model) => model.SharedTypeEntity<Dictionary<string, object>>("portal_lease", row =>
    {
        row.ToTable("portal_lease");
        row.IndexerProperty<byte>("id").ValueGeneratedNever();
        row.IndexerProperty<Guid>("owner");
        row.IndexerProperty<string>("host").HasMaxLength(DatabaseOwner.HostCharacters).IsRequired();
        row.IndexerProperty<int>("process_id");
        row.IndexerProperty<DateTime>("started_at");
        row.IndexerProperty<DateTime>("expires_at");
        row.HasKey("id");
    });

    private static void Table(ModelBuilder model, string name, string[] key, Action<EntityTypeBuilder<Dictionary<string, object>>> columns) =>
        model.SharedTypeEntity<Dictionary<string, object>>(name, row =>
        {
            row.ToTable(name);
            row.IndexerProperty<Guid>("batch");
            columns(row);
            foreach (var property in row.Metadata.GetProperties())
            {
                property.ValueGenerated = Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.Never;
            }

            row.HasKey(key);
        });

    /// <summary>T-SQL ignores trailing spaces in comparisons in every collation; the length column keeps names distinct that differ only in trailing spaces.</summary>
    private static void DistinguishTrailingSpaces<TRow>(EntityTypeBuilder<TRow> entity)
        where TRow : class
    {
        entity.Metadata.RemoveIndex(entity.Metadata.GetIndexes().Single());
        entity.Property<int>("Length").HasColumnName("length");
        entity.HasIndex("Name", "Length").IsUnique();
    }
}
