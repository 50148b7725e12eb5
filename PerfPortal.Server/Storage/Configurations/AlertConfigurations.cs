using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Configurations;

internal sealed class AlertRuleConfiguration : IEntityTypeConfiguration<AlertRuleRow>
{
    public void Configure(EntityTypeBuilder<AlertRuleRow> entity)
    {
        entity.ToTable("alert_rules");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").HasMaxLength(64);
        entity.Property(row => row.Version).HasColumnName("version").IsConcurrencyToken();
        entity.Property(row => row.Document).HasColumnName("document");
    }
}

internal sealed class AlertConfiguration : IEntityTypeConfiguration<AlertRow>
{
    public void Configure(EntityTypeBuilder<AlertRow> entity)
    {
        entity.ToTable("alerts");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").HasMaxLength(32);
        entity.Property(row => row.RuleId).HasColumnName("rule_id").HasMaxLength(64);
        entity.Property(row => row.State).HasColumnName("state");
        entity.Property(row => row.FiringUs).HasColumnName("firing_us");
        entity.Property(row => row.ResolvedUs).HasColumnName("resolved_us");
        entity.Property(row => row.Document).HasColumnName("document");
        entity.HasIndex(row => row.ResolvedUs).HasDatabaseName("ix_alerts_resolved");
    }
}

internal sealed class AlertEventConfiguration : IEntityTypeConfiguration<AlertEventRow>
{
    public void Configure(EntityTypeBuilder<AlertEventRow> entity)
    {
        entity.ToTable("alert_events");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id");
        entity.Property(row => row.AlertId).HasColumnName("alert_id").HasMaxLength(32);
        entity.Property(row => row.AtUs).HasColumnName("at_us");
        entity.Property(row => row.Kind).HasColumnName("kind");
        entity.Property(row => row.State).HasColumnName("state");
        entity.Property(row => row.Text).HasColumnName("text");
        entity.Property(row => row.ChangedBy).HasColumnName("changed_by").HasMaxLength(200);
        entity.HasIndex(row => row.AlertId).HasDatabaseName("ix_alert_events_alert");
    }
}

internal sealed class AlertProgressConfiguration : IEntityTypeConfiguration<AlertProgressRow>
{
    public void Configure(EntityTypeBuilder<AlertProgressRow> entity)
    {
        entity.ToTable("alert_progress");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
        entity.Property(row => row.EvaluatedUs).HasColumnName("evaluated_us");
    }
}

internal sealed class AlertSilenceConfiguration : IEntityTypeConfiguration<AlertSilenceRow>
{
    public void Configure(EntityTypeBuilder<AlertSilenceRow> entity)
    {
        entity.ToTable("alert_silences");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").HasMaxLength(32);
        entity.Property(row => row.EndsUs).HasColumnName("ends_us");
        entity.Property(row => row.Document).HasColumnName("document");
    }
}

internal sealed class AlertReceiverConfiguration : IEntityTypeConfiguration<AlertReceiverRow>
{
    public void Configure(EntityTypeBuilder<AlertReceiverRow> entity)
    {
        entity.ToTable("alert_receivers");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").HasMaxLength(32);
        entity.Property(row => row.Version).HasColumnName("version").IsConcurrencyToken();
        entity.Property(row => row.Document).HasColumnName("document");
        entity.Property(row => row.Secret).HasColumnName("secret");
    }
}

internal sealed class AlertOutboxConfiguration : IEntityTypeConfiguration<AlertOutboxRow>
{
    public void Configure(EntityTypeBuilder<AlertOutboxRow> entity)
    {
        entity.ToTable("alert_outbox");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id");
        entity.Property(row => row.ReceiverId).HasColumnName("receiver_id").HasMaxLength(32);
        entity.Property(row => row.AlertId).HasColumnName("alert_id").HasMaxLength(32);
        entity.Property(row => row.AtUs).HasColumnName("at_us");
        entity.Property(row => row.IsResolved).HasColumnName("is_resolved");
    }
}

internal sealed class AlertDeliveryConfiguration : IEntityTypeConfiguration<AlertDeliveryRow>
{
    public void Configure(EntityTypeBuilder<AlertDeliveryRow> entity)
    {
        entity.ToTable("alert_deliveries");
        entity.HasKey(row => row.Id);
        entity.Property(row => row.Id).HasColumnName("id").HasMaxLength(64);
        entity.Property(row => row.ReceiverId).HasColumnName("receiver_id").HasMaxLength(32);
        entity.Property(row => row.GroupId).HasColumnName("group_id").HasMaxLength(64);
        entity.Property(row => row.State).HasColumnName("state");
        entity.Property(row => row.ComposedUs).HasColumnName("composed_us");
        entity.Property(row => row.FinishedUs).HasColumnName("finished_us");
        entity.Property(row => row.Document).HasColumnName("document");
        entity.HasIndex(row => new { row.ReceiverId, row.ComposedUs }).HasDatabaseName("ix_alert_deliveries_receiver");
    }
}
