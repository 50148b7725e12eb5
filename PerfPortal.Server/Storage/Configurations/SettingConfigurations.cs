using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Configurations;

internal sealed class SettingConfiguration : IEntityTypeConfiguration<SettingRow>
{
    public void Configure(EntityTypeBuilder<SettingRow> entity)
    {
        entity.ToTable("settings");
        entity.HasKey(row => row.Key);
        entity.Property(row => row.Key).HasColumnName("key").HasMaxLength(100);
        entity.Property(row => row.Value).HasColumnName("value");
        entity.Property(row => row.Version).HasColumnName("version").IsConcurrencyToken();
        entity.Property(row => row.ChangedUs).HasColumnName("changed_us");
        entity.Property(row => row.ChangedBy).HasColumnName("changed_by").HasMaxLength(200);
    }
}

internal sealed class SettingChangeConfiguration : IEntityTypeConfiguration<SettingChangeRow>
{
    public void Configure(EntityTypeBuilder<SettingChangeRow> entity)
    {
        entity.ToTable("setting_changes");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id");
        entity.Property(row => row.Key).HasColumnName("key").HasMaxLength(100);
        entity.Property(row => row.Version).HasColumnName("version");
        entity.Property(row => row.OldValue).HasColumnName("old_value");
        entity.Property(row => row.NewValue).HasColumnName("new_value");
        entity.Property(row => row.ChangedUs).HasColumnName("changed_us");
        entity.Property(row => row.ChangedBy).HasColumnName("changed_by").HasMaxLength(200);
        entity.HasIndex(row => new { row.Key, row.Version }).IsUnique().HasDatabaseName("ix_setting_changes_key_version");
    }
}

internal sealed class RecommendationConfiguration : IEntityTypeConfiguration<RecommendationRow>
{
    public void Configure(EntityTypeBuilder<RecommendationRow> entity)
    {
        entity.ToTable("recommendations");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").HasMaxLength(32);
        entity.Property(row => row.State).HasColumnName("state");
        entity.Property(row => row.OpenedUs).HasColumnName("opened_us");
        entity.Property(row => row.SeenUs).HasColumnName("seen_us");
        entity.Property(row => row.ChangedUs).HasColumnName("changed_us");
        entity.Property(row => row.ChangedBy).HasColumnName("changed_by").HasMaxLength(200);
        entity.Property(row => row.Note).HasColumnName("note").HasMaxLength(1000);
        entity.Property(row => row.Document).HasColumnName("document");
    }
}
