using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage;

/// <summary>The portal's database context; each provider has a subclass with its migrations.</summary>
internal abstract class PortalDbContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<SourceRow> Sources => Set<SourceRow>();

    public DbSet<NameRow> Names => Set<NameRow>();

    public DbSet<OperationRow> Operations => Set<OperationRow>();

    public DbSet<RunningRow> Running => Set<RunningRow>();

    public DbSet<RollupPageRow> RollupPages => Set<RollupPageRow>();

    public DbSet<DirtyMinuteRow> DirtyMinutes => Set<DirtyMinuteRow>();

    public DbSet<SampleRow> Samples => Set<SampleRow>();

    public DbSet<ResourceRollupRow> ResourceRollups => Set<ResourceRollupRow>();

    public DbSet<SettingRow> Settings => Set<SettingRow>();

    public DbSet<SettingChangeRow> SettingChanges => Set<SettingChangeRow>();

    public DbSet<RecommendationRow> Recommendations => Set<RecommendationRow>();

    public DbSet<FindingRow> Findings => Set<FindingRow>();

    public DbSet<MarkerRow> Markers => Set<MarkerRow>();

    public DbSet<AlertRuleRow> AlertRules => Set<AlertRuleRow>();

    public DbSet<AlertRow> Alerts => Set<AlertRow>();

    public DbSet<AlertEventRow> AlertEvents => Set<AlertEventRow>();

    public DbSet<AlertProgressRow> AlertProgress => Set<AlertProgressRow>();

    public DbSet<AlertSilenceRow> AlertSilences => Set<AlertSilenceRow>();

    public DbSet<AlertReceiverRow> AlertReceivers => Set<AlertReceiverRow>();

    public DbSet<AlertOutboxRow> AlertOutbox => Set<AlertOutboxRow>();

    public DbSet<AlertDeliveryRow> AlertDeliveries => Set<AlertDeliveryRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PortalDbContext).Assembly);

        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()))
        {
            if (Database.IsSqlServer() && property.FindAnnotation(ColumnConventions.Ordinal) is not null)
            {
                property.SetCollation("Latin1_General_100_BIN2");
            }

            if (Database.IsSqlServer() && property.FindAnnotation(ColumnConventions.Legible) is not null)
            {
                property.SetValueConverter(new ValueConverter<byte[], string>(
                    bytes => System.Text.Encoding.UTF8.GetString(bytes), text => System.Text.Encoding.UTF8.GetBytes(text)));
            }

            property.RemoveAnnotation(ColumnConventions.Ordinal);
            property.RemoveAnnotation(ColumnConventions.Legible);
        }
    }
}
