using System.Text;
using Microsoft.Extensions.Configuration;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Settings.Configuration;
using Xunit;

namespace PerfPortal.Tests.Settings;

public sealed class SettingAliasTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_of_the_source_document_is_taken_as_it_stands()
    {
        const string json = """
            {
              "resource_sample_interval": 31, "metrics_retention_hours": 169, "dashboard_cache_ttl": 301, "enable_gpu_monitoring": false,
              "performance_thresholds": { "slow_operation_seconds": 29, "high_cpu_percent": 79, "high_memory_percent": 84, "low_disk_gb": 4.5 }
            }
            """;

        var options = Read(builder => builder.AddJsonStream(Json(json)));

        Assert.Equal((31, 169, 301, false),
            (options.ResourceSampleInterval, options.MetricsRetentionHours, options.DashboardCacheTtl, options.EnableGpuMonitoring));
        Assert.Equal(
            PerformanceThresholds.Default with { SlowOperationSeconds = 29, HighCpuPercent = 79, HighMemoryPercent = 84, LowDiskGb = 4.5 },
            options.PerformanceThresholds);
    }

    // Every spelling beats every other one of a provider below it.
    [Theory]
    [MemberData(nameof(Pairs))]
    public void The_later_provider_wins_whatever_the_spelling(string earlier, string later)
    {
        var options = Read(builder => builder
            .AddInMemoryCollection(One(earlier, "11"))
            .AddInMemoryCollection(One(later, "22")));

        Assert.Equal(22, options.ResourceSampleInterval);
    }

    public static TheoryData<string, string> Pairs()
    {
        string[] spellings =
        [
            "PerfPortal:ResourceSampleInterval", "PerfPortal:resource_sample_interval", "resource_sample_interval",
            "RESOURCE_SAMPLE_INTERVAL", "PERFPORTAL:RESOURCESAMPLEINTERVAL",
        ];
        var pairs = new TheoryData<string, string>();
        foreach (string earlier in spellings)
        {
            foreach (string later in spellings)
            {
                pairs.Add(earlier, later);
            }
        }

        return pairs;
    }

    [Theory]
    [InlineData("performance_thresholds:high_cpu_percent")]
    [InlineData("performance_thresholds:HighCpuPercent")]
    [InlineData("PERFORMANCE_THRESHOLDS:HIGH_CPU_PERCENT")]
    [InlineData("PerfPortal:performance_thresholds:high_cpu_percent")]
    [InlineData("PerfPortal:PerformanceThresholds:high_cpu_percent")]
    public void A_threshold_under_any_spelling_beats_the_canonical_key_below_it(string key)
    {
        var options = Read(builder => builder
            .AddInMemoryCollection(One("PerfPortal:PerformanceThresholds:HighCpuPercent", "71"))
            .AddInMemoryCollection(One(key, "72")));

        Assert.Equal(72, options.PerformanceThresholds.HighCpuPercent);
    }

    [Fact]
    public void Within_one_provider_the_canonical_key_stands_over_its_aliases()
    {
        var options = Read(builder => builder.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["resource_sample_interval"] = "13",
            ["PerfPortal:ResourceSampleInterval"] = "11",
            ["PerfPortal:resource_sample_interval"] = "12",
        }));

        Assert.Equal(11, options.ResourceSampleInterval);
    }

    [Fact]
    public void The_command_line_knows_the_aliases()
    {
        var options = Read(builder => builder
            .AddJsonStream(Json("""{ "PerfPortal": { "ResourceSampleInterval": 11 } }"""))
            .AddCommandLine(["--resource_sample_interval=5", "--PerfPortal:dashboard_cache_ttl", "7"]));

        Assert.Equal((5, 7), (options.ResourceSampleInterval, options.DashboardCacheTtl));
    }

    [Fact]
    public void The_environment_knows_the_aliases_at_the_root_and_in_the_section()
    {
        // A prefix of its own keeps the test apart from the others, which run beside it.
        string prefix = "T" + Guid.NewGuid().ToString("N") + "_";
        var variables = new Dictionary<string, string>
        {
            ["RESOURCE_SAMPLE_INTERVAL"] = "5",
            ["PerfPortal__metrics_retention_hours"] = "6",
            ["performance_thresholds__high_cpu_percent"] = "77",
            ["PERFPORTAL__ABANDONAFTERSECONDS__HEALTH_CHECK"] = "44",
        };
        foreach ((string name, string value) in variables)
        {
            Environment.SetEnvironmentVariable(prefix + name, value);
        }

        try
        {
            var options = Read(builder => builder
                .AddJsonStream(Json("""{ "PerfPortal": { "ResourceSampleInterval": 11, "MetricsRetentionHours": 12, "PerformanceThresholds": { "HighCpuPercent": 13 } } }"""))
                .AddEnvironmentVariables(prefix));

            Assert.Equal((5, 6, 77d), (options.ResourceSampleInterval, options.MetricsRetentionHours, options.PerformanceThresholds.HighCpuPercent));
            Assert.Equal(44, options.AbandonAfterSeconds[MetricType.HealthCheck]);
        }
        finally
        {
            foreach (string name in variables.Keys)
            {
                Environment.SetEnvironmentVariable(prefix + name, null);
            }
        }
    }

    [Fact]
    public void An_alias_in_a_chained_configuration_keeps_its_place_among_the_layers()
    {
        var inner = new ConfigurationBuilder()
            .AddInMemoryCollection(One("PerfPortal:ResourceSampleInterval", "11"))
            .AddInMemoryCollection(One("resource_sample_interval", "22"))
            .Build();

        Assert.Equal(22, Read(builder => builder.AddConfiguration(inner)).ResourceSampleInterval);
        Assert.Equal(33, Read(builder => builder.AddConfiguration(inner)
            .AddInMemoryCollection(One("resource_sample_interval", "33"))).ResourceSampleInterval);
    }

    [Fact]
    public void A_blank_value_leaves_the_provider_below_it_standing()
    {
        var options = Read(builder => builder
            .AddInMemoryCollection(One("PerfPortal:ResourceSampleInterval", "11"))
            .AddInMemoryCollection(One("RESOURCE_SAMPLE_INTERVAL", " ")));

        Assert.Equal(11, options.ResourceSampleInterval);
    }

    private PortalOptions Read(Action<IConfigurationBuilder> add)
    {
        var builder = new ConfigurationBuilder();
        add(builder);
        return PortalOptionsReader.Read(builder.Build(), _folder.Path);
    }

    private static Dictionary<string, string?> One(string key, string value) => new() { [key] = value };

    private static MemoryStream Json(string text) => new(Encoding.UTF8.GetBytes(text));
}
