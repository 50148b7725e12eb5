using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Settings;

public sealed class PortalOptionsTests
{
    [Fact]
    public void Rollups_are_kept_at_least_as_long_as_any_raw_operation()
    {
        var options = new PortalOptions
        {
            MinuteRollupRetentionHours = 10,
            HourRollupRetentionHours = 20,
            RetentionHours = new PortalOptions().RetentionHours.With(MetricType.ModelOperation, 50_000),
        };

        Assert.Equal(50_000, options.EffectiveMinuteRollupRetentionHours);
        Assert.Equal(50_000, options.EffectiveHourRollupRetentionHours);
        Assert.Equal(168, options.RetentionHoursOf(MetricType.HealthCheck));
    }

    [Fact]
    public void Neither_the_key_nor_the_connection_string_shows_in_the_text_of_the_options()
    {
        var options = new PortalOptions
        {
            Access = new AccessOptions { AdminKey = "a-secret-of-some-length" },
            Database = new DatabaseOptions { ConnectionString = "Server=x;Password=hidden" },
        };

        Assert.DoesNotContain("a-secret", options.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_catalogue_names_each_setting_once_and_its_defaults_lie_within_the_bounds()
    {
        Assert.Equal(SettingsCatalog.All.Count, SettingsCatalog.All.Select(info => info.WireName).Distinct().Count());
        Assert.Equal(SettingsCatalog.All.Count, SettingsCatalog.All.Select(info => info.Key).Distinct().Count());
        Assert.All(
            SettingsCatalog.All.Where(info => info is { Kind: SettingKind.WholeNumber, Default: not null }),
            info => Assert.True(info.TryReadNumber(info.Default!, out _)));
    }
}
