namespace PerfPortal.Domain.Settings;

/// <summary>
/// All settings of the section <c>PerfPortal</c> with names, units, defaults and bounds; the thresholds are in <see cref="ThresholdCatalog"/>.
/// </summary>
public static class SettingsCatalog
{
    /// <summary>The configuration section.</summary>
    public const string Section = "PerfPortal";

    /// <summary>The maximum retention, in hours: 114 years, to allow imports of old data.</summary>
    private const long MaxRetention = 1_000_000;

    /// <summary>The directory of the portal's files.</summary>
    public static SettingInfo DataDirectory { get; } = new()
    {
        Key = "PerfPortal:DataDirectory",
        WireName = "data_directory",
        Title = "Data directory",
        Kind = SettingKind.Text,
        Default = "data",
        Description = "The directory of the database and the keys. A relative path is resolved against the content root.",
    };

    /// <summary>The maximum database size.</summary>
    public static SettingInfo MaxDatabaseMb { get; } = Number(
        "MaxDatabaseMb", "max_database_mb", "Maximum database size", "MiB", 4096, 16, 100_000_000,
        "Above this size, the oldest data is deleted before its retention ends: operations and samples, or older statistics where they take up most space. The last hour is always kept.");

    /// <summary>The database provider.</summary>
    public static SettingInfo DatabaseProvider { get; } = new()
    {
        Key = "PerfPortal:Database:Provider",
        WireName = "database_provider",
        Title = "Database",
        Kind = SettingKind.Choice,
        Default = nameof(Settings.DatabaseProvider.Sqlite),
        Choices = Enum.GetNames<DatabaseProvider>(),
        Description = "Sqlite is embedded and needs no further settings; SqlServer requires a connection string.",
    };

    /// <summary>The database connection string.</summary>
    public static SettingInfo ConnectionString { get; } = new()
    {
        Key = "PerfPortal:Database:ConnectionString",
        WireName = "database_connection_string",
        Title = "Connection string",
        Kind = SettingKind.Text,
        Secret = true,
        Description = "Required for SqlServer. For Sqlite the default is a file in the data directory.",
    };

    /// <summary>The key with all scopes.</summary>
    public static SettingInfo AdminKey { get; } = new()
    {
        Key = "PerfPortal:Access:AdminKey",
        WireName = "access_admin_key",
        Title = "Admin key",
        Kind = SettingKind.Text,
        Min = 16,
        Secret = true,
        Description = "At least 16 characters. Required when the portal listens on anything but loopback.",
    };

    /// <summary>Additional host names that a portal bound to loopback accepts.</summary>
    public static SettingInfo AllowedHosts { get; } = new()
    {
        Key = "PerfPortal:Access:AllowedHosts",
        WireName = "access_allowed_hosts",
        Title = "Allowed hosts",
        Kind = SettingKind.List,
        Description = "Additional host names that a portal bound to loopback accepts.",
    };

    /// <summary>The proxies whose <c>X-Forwarded-*</c> headers a team portal trusts.</summary>
    public static SettingInfo TrustedProxies { get; } = new()
    {
        Key = "PerfPortal:Access:TrustedProxies",
        WireName = "access_trusted_proxies",
        Title = "Trusted proxies",
        Kind = SettingKind.List,
        Description = "Addresses or networks (CIDR) of reverse proxies. For their requests a team portal takes the client's address, scheme and host from X-Forwarded-For, -Proto and -Host.",
    };

    /// <summary>The path under which a reverse proxy publishes the portal.</summary>
    public static SettingInfo PathBase { get; } = new()
    {
        Key = "PerfPortal:PathBase",
        WireName = "path_base",
        Title = "Path base",
        Kind = SettingKind.Text,
        Max = 200,
        Description = "The path under which a reverse proxy publishes the portal, such as /portal. The proxy may keep or remove it.",
    };

    /// <summary>The time without a heartbeat after which a reported operation is abandoned.</summary>
    public static SettingInfo AbandonAfterSeconds { get; } = Number(
        "AbandonAfterSeconds", "abandon_after_seconds", "Abandoned after", "s", 300, 1, 2_592_000,
        "A reported operation without a heartbeat for this long is abandoned. The default for downloads is 900 s.") with
    { PerMetricType = true };

    /// <summary>The retention of raw operations per metric type.</summary>
    public static SettingInfo RetentionHours { get; } = Number(
        "RetentionHours", "retention_hours", "Retention by type", "h", null, 1, MaxRetention,
        "Overrides the retention of raw operations for individual metric types.") with
    { PerMetricType = true };

    /// <summary>The sampling interval of the host.</summary>
    public static SettingInfo ResourceSampleInterval { get; } = Number(
        "ResourceSampleInterval", "resource_sample_interval", "Sampling interval", "s", 30, 1, 3600,
        "How often the portal samples its host while no live view is open.");

    /// <summary>The retention of raw operations.</summary>
    public static SettingInfo MetricsRetentionHours { get; } = Number(
        "MetricsRetentionHours", "metrics_retention_hours", "Retention", "h", 168, 1, MaxRetention,
        "How long raw operations and resource samples are kept.");

    /// <summary>The retention of minute rollups.</summary>
    public static SettingInfo MinuteRollupRetentionHours { get; } = Number(
        "MinuteRollupRetentionHours", "minute_rollup_retention_hours", "Retention of minute rollups", "h", 24 * 35, 1, MaxRetention,
        "How long minute rollups are kept; never shorter than raw operations.");

    /// <summary>The retention of hour rollups.</summary>
    public static SettingInfo HourRollupRetentionHours { get; } = Number(
        "HourRollupRetentionHours", "hour_rollup_retention_hours", "Retention of hour rollups", "h", 24 * 800, 1, MaxRetention,
        "How long hour rollups are kept; never shorter than minute rollups.");

    /// <summary>The share of older operations that is kept.</summary>
    public static SettingInfo OperationSamplePercent { get; } = Number(
        "OperationSamplePercent", "operation_sample_percent", "Share of older operations kept", "%", 100, 1, 100,
        "Below 100, only this share of successful operations older than OperationSampleAfterHours is kept. Other outcomes, the slowest operations and rollups stay.");

    /// <summary>The age from which operations are thinned.</summary>
    public static SettingInfo OperationSampleAfterHours { get; } = Number(
        "OperationSampleAfterHours", "operation_sample_after_hours", "Age of older operations", "h", 24, 24, MaxRetention,
        "From this age, operations are thinned to OperationSamplePercent; reports older than this are then rejected.");

    /// <summary>The share of the slowest operations that is kept.</summary>
    public static SettingInfo OperationSampleSlowestPercent { get; } = Number(
        "OperationSampleSlowestPercent", "operation_sample_slowest_percent", "Slowest operations kept", "%", 1, 0, 100,
        "The share of the slowest successful operations of a series that is kept in addition when operations are thinned.");

    /// <summary>The maximum age of an unchanged dashboard response.</summary>
    public static SettingInfo DashboardCacheTtl { get; } = Number(
        "DashboardCacheTtl", "dashboard_cache_ttl", "Dashboard cache", "s", 300, 0, 86_400,
        "The maximum age of an unchanged response; changes appear within a second.");

    /// <summary>The size of the rollup cache.</summary>
    public static SettingInfo RollupCacheMb { get; } = Number(
        "RollupCacheMb", "rollup_cache_mb", "Rollup cache", "MiB", 48, 0, 100_000,
        "Maximum memory for cached minute and hour rollups.");

    /// <summary>The maximum number of distinct operation names.</summary>
    public static SettingInfo MaxOperationNames { get; } = Number(
        "MaxOperationNames", "max_operation_names", "Maximum operation names", null, 20_000, 100, 1_000_000,
        "Above this number, operations with a new name are stored under (other names), with their name in the metadata.");

    /// <summary>The maximum number of distinct sources.</summary>
    public static SettingInfo MaxSources { get; } = Number(
        "MaxSources", "max_sources", "Maximum sources", null, 10_000, 10, 1_000_000,
        "Above this number, operations of a new source are stored under (other sources), with their source in the metadata.");

    /// <summary>Whether GPUs are sampled.</summary>
    public static SettingInfo EnableGpuMonitoring { get; } = new()
    {
        Key = "PerfPortal:EnableGpuMonitoring",
        WireName = "enable_gpu_monitoring",
        Title = "GPU monitoring",
        Kind = SettingKind.Flag,
        Default = "true",
        Description = "Whether GPUs are sampled.",
    };

    /// <summary>Whether suggested thresholds are applied without a person.</summary>
    public static SettingInfo SelfTuning { get; } = new()
    {
        Key = "PerfPortal:SelfTuning",
        WireName = "self_tuning",
        Title = "Self-tuning",
        Kind = SettingKind.Flag,
        Default = "false",
        Description = "Whether thresholds suggested by the history are applied once a day.",
    };

    /// <summary>The file of alert rules.</summary>
    public static SettingInfo AlertRulesFile { get; } = new()
    {
        Key = "PerfPortal:Alerts:RulesFile",
        WireName = "alerts_rules_file",
        Title = "Alert rules file",
        Kind = SettingKind.Text,
        Description = "A JSON file of alert rules, which are read when the portal starts and cannot be changed in it. A relative path is resolved against the content root.",
    };

    /// <summary>The address at which people reach the portal.</summary>
    public static SettingInfo PublicUrl { get; } = new()
    {
        Key = "PerfPortal:PublicUrl",
        WireName = "public_url",
        Title = "Public URL",
        Kind = SettingKind.Text,
        Max = 500,
        Description = "The address at which people reach the portal, such as https://perf.example.com/portal, for links in messages. Without it, messages contain no links.",
    };

    /// <summary>Whether alerts may be sent to addresses that are not public.</summary>
    public static SettingInfo AllowPrivateTargets { get; } = new()
    {
        Key = "PerfPortal:Alerts:AllowPrivateTargets",
        WireName = "alerts_allow_private_targets",
        Title = "Private alert targets",
        Kind = SettingKind.Flag,
        Default = "false",
        Description = "Whether alert receivers and the heartbeat may be on loopback, link-local and private addresses.",
    };

    /// <summary>The address that is called periodically while the portal works.</summary>
    public static SettingInfo HeartbeatUrl { get; } = new()
    {
        Key = "PerfPortal:Alerts:HeartbeatUrl",
        WireName = "alerts_heartbeat_url",
        Title = "Heartbeat URL",
        Kind = SettingKind.Text,
        Max = 2000,
        Secret = true,
        Description = "An address that is called with GET while the portal accepts reports and evaluates alerts, so that a service elsewhere notices when it does not. None by default.",
    };

    /// <summary>The time between heartbeats.</summary>
    public static SettingInfo HeartbeatMinutes { get; } = Number(
        "Alerts:HeartbeatMinutes", "alerts_heartbeat_minutes", "Heartbeat interval", "min", 5, 1, 1440, "The time between heartbeats.");

    /// <summary>The directories of models that the portal checks.</summary>
    public static SettingInfo ModelDirectories { get; } = new()
    {
        Key = "PerfPortal:Models:Directories",
        WireName = "models_directories",
        Title = "Model directories",
        Kind = SettingKind.List,
        Description = "The directories whose models are checked and shown on the page Models; a Hugging Face cache is recognised. A relative path is resolved against the content root.",
    };

    /// <summary>The directory of downloads.</summary>
    public static SettingInfo ModelDownloadDirectory { get; } = new()
    {
        Key = "PerfPortal:Models:DownloadDirectory",
        WireName = "models_download_directory",
        Title = "Download directory",
        Kind = SettingKind.Text,
        Description = "Where downloads are stored that name no directory. By default models/files in the data directory. Its models are checked too.",
    };

    /// <summary>Whether models may be downloaded from addresses that are not public.</summary>
    public static SettingInfo AllowPrivateSources { get; } = new()
    {
        Key = "PerfPortal:Models:AllowPrivateSources",
        WireName = "models_allow_private_sources",
        Title = "Private model sources",
        Kind = SettingKind.Flag,
        Description = "Whether models may be downloaded from loopback, link-local and private addresses. By default true for a portal bound to loopback, otherwise false.",
    };

    /// <summary>The address of the model hub.</summary>
    public static SettingInfo HubUrl { get; } = new()
    {
        Key = "PerfPortal:Models:HubUrl",
        WireName = "models_hub_url",
        Title = "Model hub",
        Kind = SettingKind.Text,
        Default = "https://huggingface.co",
        Max = 500,
        Description = "The hub from which repositories are downloaded by name.",
    };

    /// <summary>The access token of the model hub.</summary>
    public static SettingInfo HubToken { get; } = new()
    {
        Key = "PerfPortal:Models:HubToken",
        WireName = "models_hub_token",
        Title = "Hub token",
        Kind = SettingKind.Text,
        Max = 500,
        Secret = true,
        Description = "Sent to the model hub only, for private and gated repositories.",
    };

    /// <summary>The maximum download speed.</summary>
    public static SettingInfo MaxDownloadMbPerSecond { get; } = Number(
        "Models:MaxDownloadMbPerSecond", "models_max_download_mb_per_second", "Download limit", "MiB/s", 0, 0, 100_000,
        "The maximum speed of all downloads together; 0 for no limit.");

    /// <summary>The maximum rate of health checks.</summary>
    public static SettingInfo MaxCheckMbPerSecond { get; } = Number(
        "Models:MaxCheckMbPerSecond", "models_max_check_mb_per_second", "Check limit", "MiB/s", 0, 0, 100_000,
        "The maximum rate at which all health checks together read, also those that were asked for; 0 for no limit.");

    /// <summary>The recent window of the analysis.</summary>
    public static SettingInfo RecentWindowHours { get; } = Number(
        "RecentWindowHours", "recent_window_hours", "Recent window of degradations", "h", 6, 1, 23,
        "The durations of the last hours that are compared with those of the days before.");

    /// <summary>The days that the recent window is compared with.</summary>
    public static SettingInfo BaselineWindowDays { get; } = Number(
        "BaselineWindowDays", "baseline_window_days", "Base of degradations", "days", 1, 1, 7,
        "The days before the recent window that it is compared with: whole days, so that daily patterns average out.");

    /// <summary>The window of the trends of resources.</summary>
    public static SettingInfo TrendWindowHours { get; } = Number(
        "TrendWindowHours", "trend_window_hours", "Window of resource trends", "h", 6, 2, 24,
        "The last hours over which the trend of each resource is computed.");

    /// <summary>All settings, in display order.</summary>
    public static IReadOnlyList<SettingInfo> All { get; } =
    [
        ResourceSampleInterval, MetricsRetentionHours, RetentionHours, MinuteRollupRetentionHours, HourRollupRetentionHours, OperationSamplePercent,
        OperationSampleAfterHours, OperationSampleSlowestPercent, DashboardCacheTtl, RollupCacheMb,
        EnableGpuMonitoring, SelfTuning, RecentWindowHours, BaselineWindowDays, TrendWindowHours, AlertRulesFile, AbandonAfterSeconds, MaxDatabaseMb, MaxOperationNames, MaxSources, DataDirectory, DatabaseProvider,
        ConnectionString, AdminKey, AllowedHosts, TrustedProxies, PathBase, PublicUrl, AllowPrivateTargets, HeartbeatUrl, HeartbeatMinutes,
        ModelDirectories, ModelDownloadDirectory, AllowPrivateSources, HubUrl, HubToken, MaxDownloadMbPerSecond, MaxCheckMbPerSecond,
    ];

    private static SettingInfo Number(string name, string wireName, string title, string? unit, int? standard, long min, long max, string description) => new()
    {
        Key = Section + ":" + name,
        WireName = wireName,
        Title = title,
        Kind = SettingKind.WholeNumber,
        Unit = unit,
        Default = standard?.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Min = min,
        Max = max,
        Description = description,
    };
}
