using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Configurations;

internal sealed class SourceConfiguration : IEntityTypeConfiguration<SourceRow>
{
    public void Configure(EntityTypeBuilder<SourceRow> entity)
    {
        entity.ToTable("sources");
        entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        entity.Property(row => row.Name).HasColumnName("name").HasMaxLength(OperationLimits.SourceCharacters).UseOrdinalCollation();
        entity.HasIndex(row => row.Name).IsUnique();
    }
}

internal sealed class NameConfiguration : IEntityTypeConfiguration<NameRow>
{
    public void Configure(EntityTypeBuilder<NameRow> entity)
    {
        entity.ToTable("names");
        entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        entity.Property(row => row.Name).HasColumnName("name").HasMaxLength(OperationLimits.NameCharacters).UseOrdinalCollation();
        entity.HasIndex(row => row.Name).IsUnique();
    }
}

internal sealed class OperationConfiguration : IEntityTypeConfiguration<OperationRow>
{
    public void Configure(EntityTypeBuilder<OperationRow> entity)
    {
        entity.ToTable("operations");
        entity.HasKey(row => row.Key);
        entity.Property(row => row.Key).HasColumnName("key").ValueGeneratedNever();
        entity.Property(row => row.IdHigh).HasColumnName("id_high");
        entity.Property(row => row.IdLow).HasColumnName("id_low");
        entity.Property(row => row.MetricType).HasColumnName("metric_type");
        entity.Property(row => row.Status).HasColumnName("status");
        entity.Property(row => row.SourceId).HasColumnName("source_id");
        entity.Property(row => row.NameId).HasColumnName("name_id");
        entity.Property(row => row.StartUs).HasColumnName("start_us");
        entity.Property(row => row.DurationUs).HasColumnName("duration_us");
        entity.Property(row => row.ErrorType).HasColumnName("error_type").HasMaxLength(OperationLimits.ErrorTypeCharacters);
        entity.Property(row => row.ErrorMessage).HasColumnName("error_message");
        entity.Property(row => row.Details).HasColumnName("details").LegibleOnSqlServer();
        entity.HasIndex(row => row.IdLow).HasDatabaseName("ix_operations_id_low");
        entity.HasIndex(row => new { row.MetricType, row.StartUs }).HasDatabaseName("ix_operations_start");
        entity.HasIndex(row => new { row.MetricType, row.DurationUs }).HasDatabaseName("ix_operations_duration");
    }
}

internal sealed class RunningConfiguration : IEntityTypeConfiguration<RunningRow>
{
    public void Configure(EntityTypeBuilder<RunningRow> entity)
    {
        entity.ToTable("running_operations");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").HasMaxLength(16).IsFixedLength();
        entity.Property(row => row.Document).HasColumnName("document").LegibleOnSqlServer();
    }
}

internal sealed class RollupPageConfiguration : IEntityTypeConfiguration<RollupPageRow>
{
    public void Configure(EntityTypeBuilder<RollupPageRow> entity)
    {
        entity.ToTable("rollup_pages");
        entity.HasKey(row => row.Key);
        entity.Property(row => row.Key).HasColumnName("key").ValueGeneratedNever();
        entity.Property(row => row.Data).HasColumnName("data");
    }
}

internal sealed class DirtyMinuteConfiguration : IEntityTypeConfiguration<DirtyMinuteRow>
{
    public void Configure(EntityTypeBuilder<DirtyMinuteRow> entity)
    {
        entity.ToTable("dirty_minutes");
        entity.HasKey(row => row.Minute);
        entity.Property(row => row.Minute).HasColumnName("minute").ValueGeneratedNever();
    }
}
