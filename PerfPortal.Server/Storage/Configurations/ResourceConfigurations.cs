using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Configurations;

internal sealed class SampleConfiguration : IEntityTypeConfiguration<SampleRow>
{
    public void Configure(EntityTypeBuilder<SampleRow> entity)
    {
        entity.ToTable("resource_samples");
        entity.HasKey(row => new { row.SourceId, row.AtUs });
        entity.Property(row => row.SourceId).HasColumnName("source_id");
        entity.Property(row => row.AtUs).HasColumnName("at_us");
        entity.Property(row => row.Data).HasColumnName("data").LegibleOnSqlServer();
    }
}

internal sealed class ResourceRollupConfiguration : IEntityTypeConfiguration<ResourceRollupRow>
{
    public void Configure(EntityTypeBuilder<ResourceRollupRow> entity)
    {
        entity.ToTable("resource_rollups");
        entity.HasKey(row => new { row.Resolution, row.SourceId, row.Bucket });
        entity.Property(row => row.Resolution).HasColumnName("resolution");
        entity.Property(row => row.SourceId).HasColumnName("source_id");
        entity.Property(row => row.Bucket).HasColumnName("bucket");
        entity.Property(row => row.Data).HasColumnName("data");
    }
}
