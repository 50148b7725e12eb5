using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Configurations;

internal sealed class FindingConfiguration : IEntityTypeConfiguration<FindingRow>
{
    public void Configure(EntityTypeBuilder<FindingRow> entity)
    {
        entity.ToTable("findings");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").HasMaxLength(32);
        entity.Property(row => row.Kind).HasColumnName("kind");
        entity.Property(row => row.State).HasColumnName("state");
        entity.Property(row => row.FirstSeenUs).HasColumnName("first_seen_us");
        entity.Property(row => row.LastSeenUs).HasColumnName("last_seen_us");
        entity.Property(row => row.UntilUs).HasColumnName("until_us");
        entity.Property(row => row.Document).HasColumnName("document");
    }
}
