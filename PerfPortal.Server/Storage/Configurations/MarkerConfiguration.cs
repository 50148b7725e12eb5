using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Configurations;

internal sealed class MarkerConfiguration : IEntityTypeConfiguration<MarkerRow>
{
    public void Configure(EntityTypeBuilder<MarkerRow> entity)
    {
        entity.ToTable("markers");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id");
        entity.Property(row => row.AtUs).HasColumnName("at_us");
        entity.Property(row => row.Name).HasColumnName("name").HasMaxLength(OperationLimits.NameCharacters);
        entity.Property(row => row.Source).HasColumnName("source").HasMaxLength(OperationLimits.SourceCharacters);
        entity.Property(row => row.Metadata).HasColumnName("metadata");
        entity.Property(row => row.ReportedUs).HasColumnName("reported_us");
        entity.HasIndex(row => row.AtUs).HasDatabaseName("ix_markers_at");
    }
}
