using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Hosting;
using PerfPortal.Server.Settings.Configuration;
using Xunit;

namespace PerfPortal.Tests.Settings;

public sealed class PortalOptionsReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_word_every_setting_has_its_stated_default()
    {
        var options = Read([]);

        Assert.Equal((30, 168, 300, true), (options.ResourceSampleInterval, options.MetricsRetentionHours, options.DashboardCacheTtl, options.EnableGpuMonitoring));
        Assert.Equal((24 * 35, 24 * 800), (options.MinuteRollupRetentionHours, options.HourRollupRetentionHours));
        Assert.Equal((300, 900), (options.AbandonAfterSeconds[MetricType.HealthCheck], options.AbandonAfterSeconds[MetricType.DownloadOperation]));
        Assert.Equal((DatabaseProvider.Sqlite, null, null), (options.Database.Provider, options.Database.ConnectionString, options.Access.AdminKey));
        Assert.Equal(PerformanceThresholds.Default, options.PerformanceThresholds);
        Assert.Equal(
            new AnalysisWindows { Recent = TimeSpan.FromHours(6), Baseline = TimeSpan.FromDays(1), Trend = TimeSpan.FromHours(6) }, options.AnalysisWindows);
        Assert.Equal(Path.Combine(_folder.Path, "data"), options.DataDirectory);
        Assert.True(Directory.Exists(options.DataDirectory));
        Assert.Empty(Directory.GetFiles(options.DataDirectory));
    }

    [Fact]
    public void Every_mistake_stands_in_one_message_with_its_key()
    {
        string file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        var problem = Assert.Throws<PortalConfigurationException>(() => Read(new()
        {
            ["PerfPortal:ResourceSampleInterval"] = "abc",
            ["metrics_retention_hours"] = "0",
            ["PerfPortal:DashboardCacheTtl"] = "86401",
            ["PerfPortal:EnableGpuMonitoring"] = "perhaps",
            ["PerfPortal:Database:Provider"] = "Oracle",
            ["PerfPortal:AbandonAfterSeconds:download"] = "5",
            ["PerfPortal:AbandonAfterSeconds:health_check"] = "1.5",
            ["PerfPortal:RetentionHours:model_operation"] = "1000001",
            ["PerfPortal:PerformanceThresholds:HighCpuPercent"] = "NaN",
            ["performance_thresholds:low_disc_gb"] = "3",
            ["PerfPortal:Access:AdminKey"] = "short",
            ["PerfPortal:Access:AllowedHosts:0"] = "*",
            ["PerfPortal:DataDirectory"] = file,
        }));

        string[] keys =
        [
            "PerfPortal:ResourceSampleInterval is \"abc\" and must be a whole number from 1 to 3,600 s.",
            "PerfPortal:MetricsRetentionHours (written as metrics_retention_hours) is \"0\"",
            "PerfPortal:DashboardCacheTtl", "PerfPortal:EnableGpuMonitoring", "PerfPortal:Database:Provider",
            "PerfPortal:AbandonAfterSeconds:download is not a metric type", "PerfPortal:AbandonAfterSeconds:health_check",
            "PerfPortal:RetentionHours:model_operation", "PerfPortal:PerformanceThresholds:HighCpuPercent", "performance_thresholds:low_disc_gb is not a threshold",
            "PerfPortal:Access:AdminKey", "PerfPortal:Access:AllowedHosts", "PerfPortal:DataDirectory",
        ];
        Assert.Equal(keys.Length, problem.Errors.Count);
        Assert.All(keys, key => Assert.Contains(problem.Errors, error => error.StartsWith(key, StringComparison.Ordinal)));
        Assert.All(problem.Errors, error => Assert.Contains(error, problem.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("short", string.Concat(problem.Errors.Where(error => error.Contains("AdminKey", StringComparison.Ordinal)))
            .Replace("too short", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Sql_server_needs_a_connection_string()
    {
        var problem = Assert.Throws<PortalConfigurationException>(() => Read(new() { ["PerfPortal:Database:Provider"] = "sqlserver" }));
        Assert.StartsWith("PerfPortal:Database:ConnectionString is missing", Assert.Single(problem.Errors), StringComparison.Ordinal);

        Assert.Equal(DatabaseProvider.SqlServer, Read(new()
        {
            ["PerfPortal:Database:Provider"] = "SqlServer",
            ["PerfPortal:Database:ConnectionString"] = "Server=db;Database=perfportal",
        }).Database.Provider);
    }

    [Fact]
    public void An_invalid_connection_string_is_an_error_like_any_other_and_its_values_are_not_printed()
    {
        var problem = Assert.Throws<PortalConfigurationException>(() => Read(new()
        {
            ["PerfPortal:ResourceSampleInterval"] = "abc",
            ["PerfPortal:Database:Provider"] = "SqlServer",
            ["PerfPortal:Database:ConnectionString"] = "Server=db;Database=perfportal;Password=to;p=secret",
        }));
        Assert.Equal(2, problem.Errors.Count);
        Assert.Contains(problem.Errors, error => error.StartsWith("PerfPortal:Database:ConnectionString contains a keyword after the password", StringComparison.Ordinal));
        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
        Assert.StartsWith("PerfPortal:Database:ConnectionString contains \"nonsense\"", Assert.Single(Assert.Throws<PortalConfigurationException>(() => Read(new()
        {
            ["PerfPortal:Database:ConnectionString"] = "nonsense=1",
        })).Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Logging:LogLevel:Default")]
    [InlineData("Logging:LogLevel:Microsoft.AspNetCore")]
    [InlineData("Logging:Console:LogLevel:Default")]
    public void A_log_level_that_does_not_exist_is_an_error_with_its_key(string key)
    {
        Assert.StartsWith(key + " is \"Loud\" and must be one of Trace", Assert.Single(Assert.Throws<PortalConfigurationException>(() => Read(new() { [key] = "Loud" })).Errors), StringComparison.Ordinal);
        Read(new() { [key] = "warning" });
    }

    [Fact]
    public void Directories_of_models_are_a_list_and_need_not_exist_yet()
    {
        var options = Read(new()
        {
            ["PerfPortal:Models:Directories:0"] = "/srv/models/",
            ["PerfPortal:Models:Directories:1"] = "hub",
            ["PerfPortal:Models:DownloadDirectory"] = "~/models",
            ["PerfPortal:Models:MaxDownloadMbPerSecond"] = "40",
            ["PerfPortal:Models:MaxCheckMbPerSecond"] = "20",
        }).Models;
        Assert.Contains("/srv/models", options.Directories);
        Assert.All(options.Directories, directory => Assert.True(Path.IsPathRooted(directory), directory));
        Assert.Equal(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), "models"), options.DownloadDirectory);
        Assert.Equal((null, 40, 20, "https://huggingface.co/"), (options.AllowPrivateSources, options.MaxDownloadMbPerSecond, options.MaxCheckMbPerSecond, options.HubUrl.AbsoluteUri));
        Assert.True(Read(new() { ["PerfPortal:Models:AllowPrivateSources"] = "true" }).Models.AllowPrivateSources);
        Assert.Null(Read([]).Models.DownloadDirectory);
    }

    [Fact]
    public void A_wrong_setting_of_models_names_its_key_and_hides_the_token()
    {
        var problem = Assert.Throws<PortalConfigurationException>(() => Read(new()
        {
            ["PerfPortal:Models:Directories"] = string.Join(';', Enumerable.Range(0, 51).Select(index => "/srv/" + index)),
            ["PerfPortal:Models:AllowPrivateSources"] = "maybe",
            ["PerfPortal:Models:HubUrl"] = "huggingface.co",
            ["PerfPortal:Models:HubToken"] = "hf_secret token",
            ["PerfPortal:Models:MaxDownloadMbPerSecond"] = "-1",
            ["PerfPortal:Models:MaxCheckMbPerSecond"] = "-1",
        }));
        Assert.Equal(6, problem.Errors.Count);
        Assert.Contains("51 directories; the maximum is 50", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hf_secret", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Addresses_of_the_portal_and_the_heartbeat_must_be_absolute_and_the_heartbeat_is_not_shown()
    {
        var options = Read(new()
        {
            ["PerfPortal:PublicUrl"] = "https://perf.example.com/portal",
            ["PerfPortal:Alerts:HeartbeatUrl"] = "https://ping.example.com/identifier",
            ["PerfPortal:Alerts:HeartbeatMinutes"] = "2",
            ["PerfPortal:Alerts:AllowPrivateTargets"] = "true",
        });
        Assert.Equal(("https://perf.example.com/portal", "https://ping.example.com/identifier"), (options.PublicUrl!.AbsoluteUri, options.Alerts.HeartbeatUrl!.AbsoluteUri));
        Assert.Equal((2, true), (options.Alerts.HeartbeatMinutes, options.Alerts.AllowPrivateTargets));
        var problem = Assert.Throws<PortalConfigurationException>(() => Read(new()
        {
            ["PerfPortal:PublicUrl"] = "perf.example.com",
            ["PerfPortal:Alerts:HeartbeatUrl"] = "ftp://ping.example.com/identifier",
            ["PerfPortal:Alerts:HeartbeatMinutes"] = "0",
        }));
        Assert.Equal(3, problem.Errors.Count);
        Assert.DoesNotContain("identifier", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bare_value_stands_for_every_type_that_has_none_of_its_own()
    {
        var options = Read(new()
        {
            ["PerfPortal:AbandonAfterSeconds"] = "60",
            ["PerfPortal:AbandonAfterSeconds:model_operation"] = "120",
            ["performance_thresholds:operation_timeout_seconds"] = "10",
            ["performance_thresholds:operation_timeout_seconds:health_check"] = "20",
            ["performance_thresholds:operation_timeout_seconds_model_operation"] = "30",
        });

        Assert.Equal([60, 60, 60, 60, 120, 60], MetricTypes.All.Select(type => options.AbandonAfterSeconds[type]));
        Assert.Equal([10, 20, 10, 10, 30, 10], MetricTypes.All.Select(type => options.PerformanceThresholds.OperationTimeoutSeconds[type]));
    }

    [Fact]
    public void The_windows_of_the_analysis_have_bounds()
    {
        var options = Read(new() { ["PerfPortal:RecentWindowHours"] = "2", ["PerfPortal:BaselineWindowDays"] = "7", ["PerfPortal:TrendWindowHours"] = "24" });
        Assert.Equal(new AnalysisWindows { Recent = TimeSpan.FromHours(2), Baseline = TimeSpan.FromDays(7), Trend = TimeSpan.FromDays(1) }, options.AnalysisWindows);
        var problem = Assert.Throws<PortalConfigurationException>(() => Read(new()
        {
            ["PerfPortal:RecentWindowHours"] = "24",
            ["PerfPortal:BaselineWindowDays"] = "8",
            ["PerfPortal:TrendWindowHours"] = "1",
        }));
        Assert.Equal(
            [
                "PerfPortal:RecentWindowHours is \"24\" and must be a whole number from 1 to 23 h.", "PerfPortal:BaselineWindowDays is \"8\" and must be a whole number from 1 to 7 days.",
                "PerfPortal:TrendWindowHours is \"1\" and must be a whole number from 2 to 24 h.",
            ],
            problem.Errors);
    }

    [Fact]
    public void Names_have_slow_limits_of_their_own_in_the_case_in_which_they_are_written()
    {
        var options = Read(new()
        {
            ["PerfPortal:PerformanceThresholds:SlowOperationSecondsByName:Llama_3:8b"] = "12.5",
            ["performance_thresholds:slow_operation_seconds_by_name:fetch-weights"] = "900",
        });
        var thresholds = options.PerformanceThresholds;
        Assert.Equal((12.5, 900, 30), (thresholds.SlowLimit(MetricType.ModelOperation, "Llama_3:8b"), thresholds.SlowLimit(MetricType.DownloadOperation, "fetch-weights"),
            thresholds.SlowLimit(MetricType.ModelOperation, "llama_3:8b")));

        var problem = Assert.Throws<PortalConfigurationException>(() => Read(new()
        {
            ["PerfPortal:PerformanceThresholds:SlowOperationSecondsByName:a"] = "0",
            ["PerfPortal:PerformanceThresholds:SlowOperationSecondsByName:b"] = "soon",
        }));
        Assert.Equal(2, problem.Errors.Count);
        Assert.StartsWith("PerfPortal:PerformanceThresholds:SlowOperationSecondsByName:a is \"0\" and must be a number from 0.001 to 10,000,000 s", problem.Errors[0], StringComparison.Ordinal);
        problem = Assert.Throws<PortalConfigurationException>(() => Read(new() { ["PerfPortal:PerformanceThresholds:SlowOperationSecondsByName"] = "30" }));
        Assert.Contains("a section with a number of seconds for each operation name", Assert.Single(problem.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_bare_value_is_said_once()
    {
        var problem = Assert.Throws<PortalConfigurationException>(() => Read(new() { ["PerfPortal:AbandonAfterSeconds"] = "soon" }));
        Assert.Single(problem.Errors);
    }

    [Theory]
    [InlineData("portal.example", true)]
    [InlineData("portal.example:8080", true)]
    [InlineData("192.0.2.7", true)]
    [InlineData("[2001:db8::1]:80", true)]
    [InlineData("http://portal.example", false)]
    [InlineData("*.example", false)]
    [InlineData("portal.example:", false)]
    [InlineData("portal.example/x", false)]
    public void An_allowed_host_is_a_plain_name(string host, bool good)
    {
        var settings = new Dictionary<string, string?> { ["PerfPortal:Access:AllowedHosts:0"] = host };
        if (good)
        {
            Assert.Equal([host], Read(settings).Access.AllowedHosts);
        }
        else
        {
            Assert.Throws<PortalConfigurationException>(() => Read(settings));
        }
    }

    [Fact]
    public void Allowed_hosts_may_stand_in_one_text()
    {
        Assert.Equal(["a.example", "b.example"], Read(new() { ["PerfPortal:Access:AllowedHosts"] = "a.example, b.example" }).Access.AllowedHosts);
    }

    [Fact]
    public async Task The_guard_prints_the_message_without_a_stack_trace_and_gives_exit_code_1()
    {
        using var error = new StringWriter();

        int code = await StartGuard.RunAsync(
            WebApplication () => throw new PortalConfigurationException(["PerfPortal:A is wrong.", "PerfPortal:B is wrong."]), error);

        Assert.Equal(1, code);
        Assert.Equal("PerfPortal cannot start: 2 settings are invalid.\n  - PerfPortal:A is wrong.\n  - PerfPortal:B is wrong.", error.ToString().TrimEnd());
    }

    private PortalOptions Read(Dictionary<string, string?> settings) =>
        PortalOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), _folder.Path);
}
