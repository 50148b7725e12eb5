using System.Collections.Concurrent;
using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>All that the rules look at: one consistent picture, gathered before any rule runs. Rules read nothing else and keep nothing.</summary>
public sealed class AnalysisInput
{
    /// <summary>The window of summary, types, bottlenecks, recommendations and score.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    /// <summary>The window of trends.</summary>
    public static readonly TimeSpan TrendWindow = TimeSpan.FromHours(6);

    private readonly Lazy<OperationGroup> _total;
    private readonly Lazy<IReadOnlyList<OperationGroup>> _types;
    private readonly ConcurrentDictionary<(string Host, ResourcePressureRule Rule), TimeBeyond> _pressures = [];

    /// <summary>Makes an input over the 24 hours before <paramref name="now"/>.</summary>
    /// <param name="now">The moment of the analysis, UTC.</param>
    /// <param name="thresholds">The limits.</param>
    /// <param name="groups">The figures of each type and name over the window.</param>
    public AnalysisInput(DateTimeOffset now, PerformanceThresholds thresholds, IReadOnlyList<OperationGroup> groups)
    {
        Now = now;
        Thresholds = thresholds;
        Groups = groups;
        _total = new(() => OperationGroup.Of(default, "", FigureMerge.Of(Groups.Select(group => group.Figures)), Window));
        _types = new(() =>
        [
            .. Groups.GroupBy(group => group.MetricType).OrderBy(type => type.Key)
                .Select(type => OperationGroup.Of(type.Key, "", FigureMerge.Of(type.Select(group => group.Figures)), Window)),
        ]);
    }

    /// <summary>Makes an input over the same figures, whose sums are shared; what was looked up since is to be set.</summary>
    internal AnalysisInput(AnalysisInput figures)
    {
        Now = figures.Now;
        Thresholds = figures.Thresholds;
        Source = figures.Source;
        Groups = figures.Groups;
        _total = figures._total;
        _types = figures._types;
    }

    /// <summary>The moment of the analysis, UTC.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The limits; rules have no others but those that they state.</summary>
    public PerformanceThresholds Thresholds { get; }

    /// <summary>The window.</summary>
    public TimeRange Range => new(Now - Window, Now);

    /// <summary>The source that is looked at, or <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>The figures of each type and name over the window.</summary>
    public IReadOnlyList<OperationGroup> Groups { get; }

    /// <summary>The figures of each type that has any; their names are empty.</summary>
    public IReadOnlyList<OperationGroup> Types => _types.Value;

    /// <summary>The figures of everything; its type and name mean nothing.</summary>
    public OperationGroup Total => _total.Value;

    /// <summary>The figures of a type, or <see langword="null"/> without any.</summary>
    public OperationGroup? Type(MetricType type) => Types.FirstOrDefault(group => group.MetricType == type);

    /// <summary>How many operations were slow, counted from the rows; <see langword="null"/> when the sketch alone was clear enough.</summary>
    public long? SlowOperationsCounted { get; init; }

    /// <summary>How each name fares now against before.</summary>
    public IReadOnlyList<RecentChange> Recent { get; init; } = [];

    /// <summary>Each host that reported in the window.</summary>
    public IReadOnlyList<HostResources> Hosts { get; init; } = [];

    /// <summary>How much of the time a host was above the limit of a rule: measured once, for several rules look at it.</summary>
    internal TimeBeyond Pressure(HostResources host, ResourcePressureRule rule) =>
        _pressures.GetOrAdd((host.Source, rule), pair => pair.Rule.Measure(host, Thresholds));

    /// <summary>Downloads that ended in the window, latest first; at most <see cref="EvidenceReader.DownloadRows"/>.</summary>
    public IReadOnlyList<Operation> Downloads { get; init; } = [];

    /// <summary>Failed operations of the window, latest first; at most <see cref="LatestFailures.MaxItems"/>; their metadata and error messages may be missing.</summary>
    public IReadOnlyList<Operation> Failures { get; init; } = [];
}

/// <summary>The figures of a name in the recent hours and before them.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The name.</param>
/// <param name="Recent">The figures of the recent hours.</param>
/// <param name="Before">The figures of the day before them.</param>
/// <param name="Since">When the recent hours begin.</param>
public sealed record RecentChange(MetricType MetricType, string Name, StatisticsBuilder Recent, StatisticsBuilder Before, DateTimeOffset Since);
