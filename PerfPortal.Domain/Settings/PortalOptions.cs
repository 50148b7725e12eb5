using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Settings;

/// <summary>
/// The settings of the portal, section <c>PerfPortal</c>. Defaults and bounds come from <see cref="SettingsCatalog"/>; they live in code because
/// a default in a file would stand over an alias in the environment.
/// </summary>
public sealed record PortalOptions
{
    /// <summary>The folder of the database and the keys; an absolute path once the configuration was read. Default <c>data</c> under the content root.</summary>
    public string DataDirectory { get; init; } = SettingsCatalog.DataDirectory.Default!;

    /// <summary>How large the database may grow, in MiB. Default 4,096, 16–100,000,000.</summary>
    public int MaxDatabaseMb { get; init; } = SettingsCatalog.MaxDatabaseMb.DefaultNumber;

    /// <summary>Which database, and how it is reached.</summary>
    public DatabaseOptions Database { get; init; } = new();

    /// <summary>Who may do what.</summary>
    public AccessOptions Access { get; init; } = new();

    /// <summary>After what silence a reported operation is abandoned, in seconds. Default 300, downloads 900; 1–2,592,000.</summary>
    public PerMetricType<int> AbandonAfterSeconds { get; init; } = DefaultAbandonAfterSeconds;

    /// <summary>How long raw operations of a type are kept, in hours; <see langword="null"/> means <see cref="MetricsRetentionHours"/>. 1–1,000,000.</summary>
    public PerMetricType<int?> RetentionHours { get; init; } = new((int?)null);

    /// <summary>How often the host is sampled while nobody watches, in seconds. Default 30, 1–3,600.</summary>
    public int ResourceSampleInterval { get; init; } = SettingsCatalog.ResourceSampleInterval.DefaultNumber;

    /// <summary>How long raw operations and samples are kept, in hours. Default 168, 1–1,000,000.</summary>
    public int MetricsRetentionHours { get; init; } = SettingsCatalog.MetricsRetentionHours.DefaultNumber;

    /// <summary>How long minute rollups are asked to be kept, in hours. Default 840, 1–1,000,000. See <see cref="EffectiveMinuteRollupRetentionHours"/>.</summary>
    public int MinuteRollupRetentionHours { get; init; } = SettingsCatalog.MinuteRollupRetentionHours.DefaultNumber;

    /// <summary>How long hour rollups are asked to be kept, in hours. Default 19,200, 1–1,000,000. See <see cref="EffectiveHourRollupRetentionHours"/>.</summary>
    public int HourRollupRetentionHours { get; init; } = SettingsCatalog.HourRollupRetentionHours.DefaultNumber;

    /// <summary>What share of successful operations stays when they are older than <see cref="OperationSampleAfterHours"/>, in percent. Default 100, 1–100.</summary>
    public int OperationSamplePercent { get; init; } = SettingsCatalog.OperationSamplePercent.DefaultNumber;

    /// <summary>From what age on operations are thinned, in hours. Default 24, 24–1,000,000.</summary>
    public int OperationSampleAfterHours { get; init; } = SettingsCatalog.OperationSampleAfterHours.DefaultNumber;

    /// <summary>How many of the slowest stay beside that share, in percent of a series. Default 1, 0–100.</summary>
    public int OperationSampleSlowestPercent { get; init; } = SettingsCatalog.OperationSampleSlowestPercent.DefaultNumber;

    /// <summary>How many different operation names are kept apart. Default 20,000, 100–1,000,000; see <c>NameBounds</c>.</summary>
    public int MaxOperationNames { get; init; } = SettingsCatalog.MaxOperationNames.DefaultNumber;

    /// <summary>How many different sources are kept apart. Default 10,000, 10–1,000,000.</summary>
    public int MaxSources { get; init; } = SettingsCatalog.MaxSources.DefaultNumber;

    /// <summary>The highest age of an unchanged dashboard answer, in seconds. Default 300, 0–86,400.</summary>
    public int DashboardCacheTtl { get; init; } = SettingsCatalog.DashboardCacheTtl.DefaultNumber;

    /// <summary>How much memory minutes and hours of figures may take that were read, in MiB. Default 48, 0–100,000.</summary>
    public int RollupCacheMb { get; init; } = SettingsCatalog.RollupCacheMb.DefaultNumber;

    /// <summary>Whether graphics processors are sampled. Default <see langword="true"/>.</summary>
    public bool EnableGpuMonitoring { get; init; } = bool.Parse(SettingsCatalog.EnableGpuMonitoring.Default!);

    /// <summary>The limits beyond which the analysis speaks up.</summary>
    public PerformanceThresholds PerformanceThresholds { get; init; } = PerformanceThresholds.Default;

    /// <summary>How long raw operations of <paramref name="type"/> are kept, in hours.</summary>
    public int RetentionHoursOf(MetricType type) => RetentionHours[type] ?? MetricsRetentionHours;

    /// <summary>How long minute rollups are kept, in hours: as asked, but never less than any raw operation.</summary>
    public int EffectiveMinuteRollupRetentionHours =>
        Math.Max(MinuteRollupRetentionHours, Math.Max(MetricsRetentionHours, MetricTypes.All.Max(RetentionHoursOf)));

    /// <summary>How long hour rollups are kept, in hours: as asked, but never less than the minute rollups.</summary>
    public int EffectiveHourRollupRetentionHours => Math.Max(HourRollupRetentionHours, EffectiveMinuteRollupRetentionHours);

    // Downloads may be silent for longer: a retry waits.
    private static PerMetricType<int> DefaultAbandonAfterSeconds =>
        new PerMetricType<int>(SettingsCatalog.AbandonAfterSeconds.DefaultNumber).With(MetricType.DownloadOperation, 900);
}

/// <summary>The databases that the portal can keep its data in.</summary>
public enum DatabaseProvider
{
    /// <summary>Embedded, one file.</summary>
    Sqlite,

    /// <summary>Microsoft SQL Server, by a connection string.</summary>
    SqlServer,
}

/// <summary>Which database, and how it is reached. No record: its text must not show the connection string.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The kind of database. Default <see cref="DatabaseProvider.Sqlite"/>.</summary>
    public DatabaseProvider Provider { get; init; }

    /// <summary>The connection string; needed for SQL Server, <see langword="null"/> on SQLite for a file in the data directory.</summary>
    public string? ConnectionString { get; init; }
}

/// <summary>Who may do what. No record: its text must not show the key.</summary>
public sealed class AccessOptions
{
    /// <summary>The key with every scope, at least 16 characters; needed when the portal listens on anything but loopback.</summary>
    public string? AdminKey { get; init; }

    /// <summary>Host names, each with or without a port, under which a portal bound to loopback answers beside the loopback names.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];
}
