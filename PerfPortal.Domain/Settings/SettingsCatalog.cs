namespace PerfPortal.Domain.Settings;

/// <summary>
/// Every setting of the section <c>PerfPortal</c> with its names, unit, default and bounds; the thresholds stand in <see cref="ThresholdCatalog"/>.
/// </summary>
public static class SettingsCatalog
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "PerfPortal";

    /// <summary>The longest retention, in hours: 114 years, for an import of old data.</summary>
    private const long MaxRetention = 1_000_000;

    /// <summary>Where the portal keeps its files.</summary>
    public static SettingInfo DataDirectory { get; } = new()
    {
        Key = "PerfPortal:DataDirectory",
        WireName = "data_directory",
        Title = "Data directory",
        Kind = SettingKind.Text,
        Default = "data",
        Description = "The folder of the database and the keys. A relative path starts at the content root.",
    };

    /// <summary>How large the database may grow.</summary>
    public static SettingInfo MaxDatabaseMb { get; } = Number(
        "MaxDatabaseMb", "max_database_mb", "Largest database", "MiB", 4096, 16, 100_000_000,
        "Above this size the oldest raw operations go before their retention ends.");

    /// <summary>Which database is used.</summary>
    public static SettingInfo DatabaseProvider { get; } = new()
    {
        Key = "PerfPortal:Database:Provider",
        WireName = "database_provider",
        Title = "Database",
        Kind = SettingKind.Choice,
        Default = nameof(Settings.DatabaseProvider.Sqlite),
        Choices = Enum.GetNames<DatabaseProvider>(),
        Description = "Sqlite is embedded and needs nothing more; SqlServer needs a connection string.",
    };

    /// <summary>How the database is reached.</summary>
    public static SettingInfo ConnectionString { get; } = new()
    {
        Key = "PerfPortal:Database:ConnectionString",
        WireName = "database_connection_string",
        Title = "Connection string",
        Kind = SettingKind.Text,
        Secret = true,
        Description = "Needed for SqlServer. For Sqlite the default is a file in the data directory.",
    };

    /// <summary>The key that opens everything.</summary>
    public static SettingInfo AdminKey { get; } = new()
    {
        Key = "PerfPortal:Access:AdminKey",
        WireName = "access_admin_key",
        Title = "Admin key",
        Kind = SettingKind.Text,
        Min = 16,
        Secret = true,
        Description = "At least 16 characters. Needed as soon as the portal listens on anything but loopback.",
    };

    /// <summary>Further names under which a local portal answers.</summary>
    public static SettingInfo AllowedHosts { get; } = new()
    {
        Key = "PerfPortal:Access:AllowedHosts",
        WireName = "access_allowed_hosts",
        Title = "Allowed hosts",
        Kind = SettingKind.List,
        Description = "Host names, beside the loopback ones, under which a portal bound to loopback answers.",
    };

    /// <summary>After what silence an operation counts as abandoned.</summary>
    public static SettingInfo AbandonAfterSeconds { get; } = Number(
        "AbandonAfterSeconds", "abandon_after_seconds", "Abandoned after", "s", 300, 1, 2_592_000,
        "A reported operation that is silent for longer becomes abandoned. Downloads have 900 s by default.") with
    { PerMetricType = true };

    /// <summary>How long raw operations of a type are kept, where it differs.</summary>
    public static SettingInfo RetentionHours { get; } = Number(
        "RetentionHours", "retention_hours", "Retention by type", "h", null, 1, MaxRetention,
        "Replaces the retention of raw operations for single metric types.") with
    { PerMetricType = true };

    /// <summary>How often the host is sampled.</summary>
    public static SettingInfo ResourceSampleInterval { get; } = Number(
        "ResourceSampleInterval", "resource_sample_interval", "Sampling interval", "s", 30, 1, 3600,
        "How often the portal samples its host while nobody watches.");

    /// <summary>How long raw operations are kept.</summary>
    public static SettingInfo MetricsRetentionHours { get; } = Number(
        "MetricsRetentionHours", "metrics_retention_hours", "Retention", "h", 168, 1, MaxRetention,
        "How long raw operations and resource samples are kept.");

    /// <summary>How long rollups per minute are kept.</summary>
    public static SettingInfo MinuteRollupRetentionHours { get; } = Number(
        "MinuteRollupRetentionHours", "minute_rollup_retention_hours", "Retention of minute rollups", "h", 24 * 35, 1, MaxRetention,
        "How long figures per minute are kept; never less than the raw operations.");

    /// <summary>How long rollups per hour are kept.</summary>
    public static SettingInfo HourRollupRetentionHours { get; } = Number(
        "HourRollupRetentionHours", "hour_rollup_retention_hours", "Retention of hour rollups", "h", 24 * 800, 1, MaxRetention,
        "How long figures per hour are kept; never less than the figures per minute.");

    /// <summary>What share of operations stays when they are older than a day.</summary>
    public static SettingInfo OperationSamplePercent { get; } = Number(
        "OperationSamplePercent", "operation_sample_percent", "Share of older operations", "%", 100, 1, 100,
        "Below 100, of the successful operations older than OperationSampleAfterHours only this share is kept; what did not succeed, the slowest, and all figures stay.");

    /// <summary>From what age on only a share stays.</summary>
    public static SettingInfo OperationSampleAfterHours { get; } = Number(
        "OperationSampleAfterHours", "operation_sample_after_hours", "Age of older operations", "h", 24, 24, MaxRetention,
        "From this age on operations are thinned to OperationSamplePercent; reports of such age are then refused.");

    /// <summary>How many of the slowest stay.</summary>
    public static SettingInfo OperationSampleSlowestPercent { get; } = Number(
        "OperationSampleSlowestPercent", "operation_sample_slowest_percent", "Slowest that stay", "%", 1, 0, 100,
        "How many of the slowest successful operations of a series stay when operations are thinned, beside the share.");

    /// <summary>How old an unchanged dashboard may be.</summary>
    public static SettingInfo DashboardCacheTtl { get; } = Number(
        "DashboardCacheTtl", "dashboard_cache_ttl", "Dashboard cache", "s", 300, 0, 86_400,
        "The highest age of an unchanged answer; a change shows within a second.");

    /// <summary>How much memory the figures take that were read.</summary>
    public static SettingInfo RollupCacheMb { get; } = Number(
        "RollupCacheMb", "rollup_cache_mb", "Memory for figures", "MiB", 48, 0, 100_000,
        "How much memory minutes and hours may take that were read, so that they need not be read again.");

    /// <summary>How many operation names are kept apart.</summary>
    public static SettingInfo MaxOperationNames { get; } = Number(
        "MaxOperationNames", "max_operation_names", "Most operation names", null, 20_000, 100, 1_000_000,
        "Beyond this many, operations with a new name are kept under (other names), their own name in the metadata.");

    /// <summary>How many sources are kept apart.</summary>
    public static SettingInfo MaxSources { get; } = Number(
        "MaxSources", "max_sources", "Most sources", null, 10_000, 10, 1_000_000,
        "Beyond this many, operations of a new source are kept under (other sources), their own source in the metadata.");

    /// <summary>Whether graphics processors are sampled.</summary>
    public static SettingInfo EnableGpuMonitoring { get; } = new()
    {
        Key = "PerfPortal:EnableGpuMonitoring",
        WireName = "enable_gpu_monitoring",
        Title = "Watch graphics processors",
        Kind = SettingKind.Flag,
        Default = "true",
        Description = "Whether graphics processors are sampled.",
    };

    /// <summary>Every setting, in the order in which a page shows them.</summary>
    public static IReadOnlyList<SettingInfo> All { get; } =
    [
        ResourceSampleInterval, MetricsRetentionHours, RetentionHours, MinuteRollupRetentionHours, HourRollupRetentionHours, OperationSamplePercent,
        OperationSampleAfterHours, OperationSampleSlowestPercent, DashboardCacheTtl, RollupCacheMb,
        EnableGpuMonitoring, AbandonAfterSeconds, MaxDatabaseMb, MaxOperationNames, MaxSources, DataDirectory, DatabaseProvider, ConnectionString, AdminKey, AllowedHosts,
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
