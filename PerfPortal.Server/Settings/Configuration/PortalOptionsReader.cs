using PerfPortal.Domain.Settings;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Settings.Configuration;

/// <summary>
/// Reads the settings and reports all errors at once. The framework's binder is not used: it stops at the first type error and does not support aliases.
/// </summary>
public static class PortalOptionsReader
{
    /// <summary>Reads and validates the settings, applies defaults and creates the data directory.</summary>
    /// <param name="configuration">The whole configuration, not the section: some settings can be specified at the root by their snake_case name.</param>
    /// <param name="contentRoot">The base of a relative data directory; by default the configured content root, otherwise the current directory.</param>
    /// <exception cref="PortalConfigurationException">A setting is invalid; the message lists every error with its key.</exception>
    public static PortalOptions Read(IConfiguration configuration, string? contentRoot = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var values = new SettingValues(SettingTexts.From(configuration));
        string root = contentRoot ?? configuration[HostDefaults.ContentRootKey] ?? Directory.GetCurrentDirectory();

        var options = new PortalOptions
        {
            DataDirectory = DataFolder.Prepare(root, values),
            MaxDatabaseMb = values.Number(SettingsCatalog.MaxDatabaseMb),
            Database = ReadDatabase(values),
            Access = ReadAccess(values),
            PathBase = ProxySettings.ReadPathBase(values),
            AbandonAfterSeconds = ReadAbandonAfter(values),
            RetentionHours = ReadRetention(values),
            ResourceSampleInterval = values.Number(SettingsCatalog.ResourceSampleInterval),
            MetricsRetentionHours = values.Number(SettingsCatalog.MetricsRetentionHours),
            OperationSamplePercent = values.Number(SettingsCatalog.OperationSamplePercent),
            OperationSampleAfterHours = values.Number(SettingsCatalog.OperationSampleAfterHours),
            OperationSampleSlowestPercent = values.Number(SettingsCatalog.OperationSampleSlowestPercent),
            MinuteRollupRetentionHours = values.Number(SettingsCatalog.MinuteRollupRetentionHours),
            HourRollupRetentionHours = values.Number(SettingsCatalog.HourRollupRetentionHours),
            MaxOperationNames = values.Number(SettingsCatalog.MaxOperationNames),
            MaxSources = values.Number(SettingsCatalog.MaxSources),
            DashboardCacheTtl = values.Number(SettingsCatalog.DashboardCacheTtl),
            RollupCacheMb = values.Number(SettingsCatalog.RollupCacheMb),
            EnableGpuMonitoring = values.Flag(SettingsCatalog.EnableGpuMonitoring),
            SelfTuning = values.Flag(SettingsCatalog.SelfTuning),
            PublicUrl = values.Url(SettingsCatalog.PublicUrl),
            Alerts = new()
            {
                AllowPrivateTargets = values.Flag(SettingsCatalog.AllowPrivateTargets),
                RulesFile = values.Text(SettingsCatalog.AlertRulesFile) is { } file ? Path.GetFullPath(file, Path.GetFullPath(root)) : null,
                HeartbeatUrl = values.Url(SettingsCatalog.HeartbeatUrl),
                HeartbeatMinutes = values.Number(SettingsCatalog.HeartbeatMinutes),
            },
            Models = ModelSettings.Read(values, Path.GetFullPath(root)),
            AnalysisWindows = new()
            {
                Recent = TimeSpan.FromHours(values.Number(SettingsCatalog.RecentWindowHours)),
                Baseline = TimeSpan.FromDays(values.Number(SettingsCatalog.BaselineWindowDays)),
                Trend = TimeSpan.FromHours(values.Number(SettingsCatalog.TrendWindowHours)),
            },
            PerformanceThresholds = values.Thresholds(),
        };

        CheckLogLevels(configuration.GetSection("Logging"), values.Errors);
        return values.Errors.Count == 0 ? options : throw new PortalConfigurationException([.. values.Errors.Distinct()]);
    }

    /// <summary>Checks the log levels of all providers, which the logging of .NET checks only when the first logger is created, without naming the setting.</summary>
    private static void CheckLogLevels(IConfiguration logging, List<string> errors)
    {
        var levels = logging.GetChildren().SelectMany(child => child.Key.Equals("LogLevel", StringComparison.OrdinalIgnoreCase) ? child.GetChildren() : child.GetSection("LogLevel").GetChildren());
        errors.AddRange(levels.Where(level => !string.IsNullOrEmpty(level.Value) && !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
            .Select(level => $"{level.Path} is \"{level.Value}\" and must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}."));
    }

    private static DatabaseOptions ReadDatabase(SettingValues values)
    {
        var provider = values.Choice<DatabaseProvider>(SettingsCatalog.DatabaseProvider);
        string? connection = values.Text(SettingsCatalog.ConnectionString);
        if (provider == DatabaseProvider.SqlServer && connection is null)
        {
            values.Errors.Add($"{SettingsCatalog.ConnectionString.Key} is missing: the provider SqlServer needs a connection string.");
        }
        else if (connection is not null && ConnectionStringCheck.Explain(provider, connection) is { } objection)
        {
            values.Errors.Add($"{SettingsCatalog.ConnectionString.Key} {objection}");
        }

        return new DatabaseOptions { Provider = provider, ConnectionString = connection };
    }

    private static AccessOptions ReadAccess(SettingValues values)
    {
        string? key = values.Text(SettingsCatalog.AdminKey);
        if (key?.Length < SettingsCatalog.AdminKey.Min)
        {
            values.Errors.Add($"{SettingsCatalog.AdminKey.Key} is too short: the minimum is {SettingsCatalog.AdminKey.Min} characters.");
        }
        else if (key is not null && !key.All(c => c is > ' ' and < '\x7f'))
        {
            values.Errors.Add($"{SettingsCatalog.AdminKey.Key} must consist of printable ASCII characters without spaces because clients send it in a header.");
        }

        return new AccessOptions { AdminKey = key, AllowedHosts = values.HostNames(SettingsCatalog.AllowedHosts), TrustedProxies = ProxySettings.ReadTrusted(values) };
    }

    private static PerMetricType<int> ReadAbandonAfter(SettingValues values)
    {
        var result = new PortalOptions().AbandonAfterSeconds;
        foreach ((var type, int seconds) in values.PerType(SettingsCatalog.AbandonAfterSeconds))
        {
            result = result.With(type, seconds);
        }

        return result;
    }

    private static PerMetricType<int?> ReadRetention(SettingValues values)
    {
        var result = new PerMetricType<int?>((int?)null);
        foreach ((var type, int hours) in values.PerType(SettingsCatalog.RetentionHours))
        {
            result = result.With(type, hours);
        }

        return result;
    }
}
