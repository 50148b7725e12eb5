using System.Net;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Settings;

/// <summary>
/// The settings of the portal, section <c>PerfPortal</c>. Defaults and bounds come from <see cref="SettingsCatalog"/>; they are defined in code because
/// a default in a file would override an alias in the environment.
/// </summary>
public sealed record PortalOptions
{
    /// <summary>The directory of the database and the keys; an absolute path after the configuration is read. Default <c>data</c> under the content root.</summary>
    public string DataDirectory { get; init; } = SettingsCatalog.DataDirectory.Default!;

    /// <summary>The maximum database size, in MiB. Default 4,096, 16–100,000,000.</summary>
    public int MaxDatabaseMb { get; init; } = SettingsCatalog.MaxDatabaseMb.DefaultNumber;

    /// <summary>The database provider and connection.</summary>
    public DatabaseOptions Database { get; init; } = new();

    /// <summary>The access settings.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>The path under which a reverse proxy publishes the portal: empty, or like <c>/portal</c> without a trailing slash. Default empty.</summary>
    public string PathBase { get; init; } = "";

    /// <summary>The time without a heartbeat after which a reported operation is abandoned, in seconds. Default 300, downloads 900; 1–2,592,000.</summary>
    public PerMetricType<int> AbandonAfterSeconds { get; init; } = DefaultAbandonAfterSeconds;

    /// <summary>The retention of raw operations of a type, in hours; <see langword="null"/> means <see cref="MetricsRetentionHours"/>. 1–1,000,000.</summary>
    public PerMetricType<int?> RetentionHours { get; init; } = new((int?)null);

    /// <summary>The sampling interval while no live view is open, in seconds. Default 30, 1–3,600.</summary>
    public int ResourceSampleInterval { get; init; } = SettingsCatalog.ResourceSampleInterval.DefaultNumber;

    /// <summary>The retention of raw operations and samples, in hours. Default 168, 1–1,000,000.</summary>
    public int MetricsRetentionHours { get; init; } = SettingsCatalog.MetricsRetentionHours.DefaultNumber;

    /// <summary>The configured retention of minute rollups, in hours. Default 840, 1–1,000,000. See <see cref="EffectiveMinuteRollupRetentionHours"/>.</summary>
    public int MinuteRollupRetentionHours { get; init; } = SettingsCatalog.MinuteRollupRetentionHours.DefaultNumber;

    /// <summary>The configured retention of hour rollups, in hours. Default 19,200, 1–1,000,000. See <see cref="EffectiveHourRollupRetentionHours"/>.</summary>
    public int HourRollupRetentionHours { get; init; } = SettingsCatalog.HourRollupRetentionHours.DefaultNumber;

    /// <summary>The share of successful operations kept after <see cref="OperationSampleAfterHours"/>, in percent. Default 100, 1–100.</summary>
    public int OperationSamplePercent { get; init; } = SettingsCatalog.OperationSamplePercent.DefaultNumber;

    /// <summary>The age from which operations are thinned, in hours. Default 24, 24–1,000,000.</summary>
    public int OperationSampleAfterHours { get; init; } = SettingsCatalog.OperationSampleAfterHours.DefaultNumber;

    /// <summary>The share of the slowest operations kept in addition, in percent of a series. Default 1, 0–100.</summary>
    public int OperationSampleSlowestPercent { get; init; } = SettingsCatalog.OperationSampleSlowestPercent.DefaultNumber;

    /// <summary>The maximum number of distinct operation names. Default 20,000, 100–1,000,000; see <c>NameBounds</c>.</summary>
    public int MaxOperationNames { get; init; } = SettingsCatalog.MaxOperationNames.DefaultNumber;

    /// <summary>The maximum number of distinct sources. Default 10,000, 10–1,000,000.</summary>
    public int MaxSources { get; init; } = SettingsCatalog.MaxSources.DefaultNumber;

    /// <summary>The maximum age of an unchanged dashboard response, in seconds. Default 300, 0–86,400.</summary>
    public int DashboardCacheTtl { get; init; } = SettingsCatalog.DashboardCacheTtl.DefaultNumber;

    /// <summary>The size of the cache for minute and hour rollups, in MiB. Default 48, 0–100,000.</summary>
    public int RollupCacheMb { get; init; } = SettingsCatalog.RollupCacheMb.DefaultNumber;

    /// <summary>Whether GPUs are sampled. Default <see langword="true"/>.</summary>
    public bool EnableGpuMonitoring { get; init; } = bool.Parse(SettingsCatalog.EnableGpuMonitoring.Default!);

    /// <summary>Whether suggested thresholds are applied without a person. Default <see langword="false"/>.</summary>
    public bool SelfTuning { get; init; }

    /// <summary>The address at which people reach the portal, for links in messages; absolute, HTTP or HTTPS. Default none.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The settings of alerts.</summary>
    public AlertOptions Alerts { get; init; } = new();

    /// <summary>The settings of the models of this host.</summary>
    public ModelOptions Models { get; init; } = new();

    /// <summary>The windows of the analysis.</summary>
    public AnalysisWindows AnalysisWindows { get; init; } = AnalysisWindows.Default;

    /// <summary>The thresholds of the analysis.</summary>
    public PerformanceThresholds PerformanceThresholds { get; init; } = PerformanceThresholds.Default;

    /// <summary>Returns the retention of raw operations of <paramref name="type"/>, in hours.</summary>
    public int RetentionHoursOf(MetricType type) => RetentionHours[type] ?? MetricsRetentionHours;

    /// <summary>The effective retention of minute rollups, in hours: as configured, but not shorter than that of any raw operation.</summary>
    public int EffectiveMinuteRollupRetentionHours =>
        Math.Max(MinuteRollupRetentionHours, Math.Max(MetricsRetentionHours, MetricTypes.All.Max(RetentionHoursOf)));

    /// <summary>The effective retention of hour rollups, in hours: as configured, but not shorter than that of minute rollups.</summary>
    public int EffectiveHourRollupRetentionHours => Math.Max(HourRollupRetentionHours, EffectiveMinuteRollupRetentionHours);

    // Downloads have a longer limit, because they pause between retries.
    private static PerMetricType<int> DefaultAbandonAfterSeconds =>
        new PerMetricType<int>(SettingsCatalog.AbandonAfterSeconds.DefaultNumber).With(MetricType.DownloadOperation, 900);
}

/// <summary>The supported databases.</summary>
public enum DatabaseProvider
{
    /// <summary>Embedded, a single file.</summary>
    Sqlite,

    /// <summary>Microsoft SQL Server.</summary>
    SqlServer,
}

/// <summary>The database provider and connection. Not a record, so that <c>ToString</c> does not reveal the connection string.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The database provider. Default <see cref="DatabaseProvider.Sqlite"/>.</summary>
    public DatabaseProvider Provider { get; init; }

    /// <summary>The connection string; required for SQL Server. <see langword="null"/> on SQLite means a file in the data directory.</summary>
    public string? ConnectionString { get; init; }
}

/// <summary>The access settings. Not a record, so that <c>ToString</c> does not reveal the key.</summary>
public sealed class AccessOptions
{
    /// <summary>The key with all scopes, at least 16 characters; required when the portal listens on anything but loopback.</summary>
    public string? AdminKey { get; init; }

    /// <summary>Additional host names, with or without a port, that a portal bound to loopback accepts.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>The networks of the reverse proxies whose <c>X-Forwarded-*</c> headers a team portal trusts.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];
}

/// <summary>The settings of alerts. Not a record, so that <c>ToString</c> does not reveal the address of the heartbeat.</summary>
public sealed class AlertOptions
{
    /// <summary>The absolute path of the file of alert rules. Default none.</summary>
    public string? RulesFile { get; init; }

    /// <summary>Whether receivers may be on loopback, link-local and private addresses. Default <see langword="false"/>.</summary>
    public bool AllowPrivateTargets { get; init; }

    /// <summary>The address of the heartbeat; absolute, HTTP or HTTPS. Default none.</summary>
    public Uri? HeartbeatUrl { get; init; }

    /// <summary>The time between heartbeats, in minutes. Default 5, 1–1,440.</summary>
    public int HeartbeatMinutes { get; init; } = SettingsCatalog.HeartbeatMinutes.DefaultNumber;
}

/// <summary>The settings of the models of this host. Not a record, so that <c>ToString</c> does not reveal the token.</summary>
public sealed class ModelOptions
{
    /// <summary>The maximum number of directories.</summary>
    public const int MaxDirectories = 50;

    /// <summary>The absolute paths of the directories whose models are checked, at most <see cref="MaxDirectories"/>.</summary>
    public IReadOnlyList<string> Directories { get; init; } = [];

    /// <summary>The absolute path of the directory of downloads that name none; <see langword="null"/> for <c>models/files</c> in the data directory.</summary>
    public string? DownloadDirectory { get; init; }

    /// <summary>Whether downloads from loopback, link-local and private addresses are allowed; <see langword="null"/> when that depends on what the portal is bound to.</summary>
    public bool? AllowPrivateSources { get; init; }

    /// <summary>The hub from which repositories are downloaded by name; absolute, HTTP or HTTPS.</summary>
    public Uri HubUrl { get; init; } = new(SettingsCatalog.HubUrl.Default!);

    /// <summary>The access token of the hub, which is sent to no other host. Default none.</summary>
    public string? HubToken { get; init; }

    /// <summary>The maximum speed of all downloads together, in MiB/s, 0–100,000; 0 for no limit.</summary>
    public int MaxDownloadMbPerSecond { get; init; }

    /// <summary>The maximum rate at which all health checks together read, in MiB/s, 0–100,000; 0 for no limit.</summary>
    public int MaxCheckMbPerSecond { get; init; }
}
