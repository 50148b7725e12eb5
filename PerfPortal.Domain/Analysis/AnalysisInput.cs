using System.Collections.Concurrent;
using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Analysis.Scoring;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis;

/// <summary>
/// The input of the rules: one consistent snapshot, collected before any rule runs. Rules read nothing else and are stateless. Everything in it is in a total order, so a
/// rule that takes the largest of equal figures, or sorts stably, names the same operation regardless of the order in which the store returns rows.
/// </summary>
public sealed class AnalysisInput
{
    /// <summary>The window of summary, types, bottlenecks, recommendations and score.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(24);

    private readonly Lazy<OperationGroup> _total;
    private readonly Lazy<IReadOnlyList<OperationGroup>> _types;
    private readonly Lazy<IReadOnlyList<ScoreSubject>> _subjects;
    private readonly ConcurrentDictionary<(string Host, ResourcePressureRule Rule), TimeBeyond> _pressures = [];

    /// <summary>Creates an input for the 24 hours before <paramref name="now"/>.</summary>
    /// <param name="now">The time of the analysis, UTC.</param>
    /// <param name="thresholds">The thresholds.</param>
    /// <param name="groups">The figures per type and name in the window.</param>
    public AnalysisInput(DateTimeOffset now, PerformanceThresholds thresholds, IReadOnlyList<OperationGroup> groups)
    {
        Now = now;
        Thresholds = thresholds;
        Groups = [.. groups.OrderBy(group => group.MetricType).ThenBy(group => group.Name, StringComparer.Ordinal)];
        _total = new(() => OperationGroup.Of(default, "", FigureMerge.Of(Groups.Select(group => group.Figures)), Window));
        _types = new(() =>
        [
            .. Groups.GroupBy(group => group.MetricType).OrderBy(type => type.Key)
                .Select(type => OperationGroup.Of(type.Key, "", FigureMerge.Of(type.Select(group => group.Figures)), Window)),
        ]);
        _subjects = new(() => ScoreSubject.Of(this));
    }

    /// <summary>Creates an input that shares the figures and their cached sums; the caller sets the remaining members.</summary>
    internal AnalysisInput(AnalysisInput figures)
    {
        Now = figures.Now;
        Thresholds = figures.Thresholds;
        Source = figures.Source;
        Windows = figures.Windows;
        Groups = figures.Groups;
        _total = figures._total;
        _types = figures._types;
        _subjects = figures._subjects;
    }

    /// <summary>The time of the analysis, UTC.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The thresholds; any other limit is a constant of the rule that uses it.</summary>
    public PerformanceThresholds Thresholds { get; }

    /// <summary>The windows that can be configured.</summary>
    public AnalysisWindows Windows { get; init; } = AnalysisWindows.Default;

    /// <summary>The window.</summary>
    public TimeRange Range => new(Now - Window, Now);

    /// <summary>The analysed source, or <see langword="null"/> for all.</summary>
    public string? Source { get; init; }

    /// <summary>The figures per type and name in the window, by type and name.</summary>
    public IReadOnlyList<OperationGroup> Groups { get; }

    /// <summary>The figures per type, for types that have any; the group names are empty.</summary>
    public IReadOnlyList<OperationGroup> Types => _types.Value;

    /// <summary>The figures of all operations; its type and name are meaningless.</summary>
    public OperationGroup Total => _total.Value;

    /// <summary>What the score judges.</summary>
    internal IReadOnlyList<ScoreSubject> ScoreSubjects => _subjects.Value;

    /// <summary>The figures of a type, or <see langword="null"/> when it has none.</summary>
    public OperationGroup? Type(MetricType type) => Types.FirstOrDefault(group => group.MetricType == type);

    /// <summary>When the operations of names that began within the window were first seen, as far as recommendations need it. Others were observed for the whole window.</summary>
    internal IReadOnlyDictionary<(MetricType Type, string Name), DateTimeOffset> FirstSeen { get; set; } = new Dictionary<(MetricType, string), DateTimeOffset>();

    /// <summary>How long operations were observed, when that is shorter than the window; otherwise <see langword="null"/>.</summary>
    /// <param name="type">The type.</param>
    /// <param name="name">The name; <see langword="null"/> for all names of the type.</param>
    internal TimeSpan? ObservedFor(MetricType? type, string? name)
    {
        if (type is not { } known || FirstSeen.Count == 0)
        {
            return null;
        }

        DateTimeOffset? first = null;
        foreach (var group in Groups)
        {
            if (group.MetricType == known && (name is null || group.Name == name))
            {
                if (!FirstSeen.TryGetValue((known, group.Name), out var seen))
                {
                    return null;
                }

                first = first < seen ? first : seen;
            }
        }

        return first is { } since && Now > since ? Now - since : null;
    }

    /// <summary>Returns <c> a day</c> for what is summed up over the window, or <c> in the 16 min observed so far</c>: less than a day does not tell what a day brings.</summary>
    internal string PerDay(MetricType type, string? name = null) => ObservedFor(type, name) is { } span ? $" in the {Spans.Text(span)} observed so far" : " a day";

    /// <summary>The number of slow operations counted from the rows, for types whose sketch was not precise enough.</summary>
    public IReadOnlyDictionary<MetricType, long> SlowOperationsCounted { get; init; } = new Dictionary<MetricType, long>();

    /// <summary>The recent figures of each name and its baseline, by type and name.</summary>
    public IReadOnlyList<RecentChange> Recent
    {
        get;
        init => field = [.. value.OrderBy(change => change.MetricType).ThenBy(change => change.Name, StringComparer.Ordinal)];
    } = [];

    /// <summary>The hosts that reported in the window, by name.</summary>
    public IReadOnlyList<HostResources> Hosts
    {
        get;
        init => field = [.. value.OrderBy(host => host.Source, StringComparer.Ordinal)];
    } = [];

    /// <summary>The time a host spent above the limit of a rule; cached, because several rules use it.</summary>
    internal TimeBeyond Pressure(HostResources host, ResourcePressureRule rule) =>
        _pressures.GetOrAdd((host.Source, rule), pair => pair.Rule.Measure(host, Thresholds));

    /// <summary>The downloads that ended in the window, latest first; at most <see cref="EvidenceReader.DownloadRows"/>.</summary>
    public IReadOnlyList<Operation> Downloads
    {
        get;
        init => field = [.. value.Order(OperationOrders.LatestFirst)];
    } = [];

    /// <summary>Failed operations of the window, latest first; at most <see cref="LatestFailures.MaxItems"/>; their metadata and error messages may be missing.</summary>
    public IReadOnlyList<Operation> Failures
    {
        get;
        init => field = IsLatestFirst(value) ? value : [.. value.Order(OperationOrders.LatestFirst)];
    } = [];

    // Hundreds of failures, sorted already by those who read them.
    private static bool IsLatestFirst(IReadOnlyList<Operation> operations)
    {
        for (int i = 1; i < operations.Count; i++)
        {
            if (OperationOrders.LatestFirst.Compare(operations[i - 1], operations[i]) > 0)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The figures of a name in the recent window and in its baseline.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The name.</param>
/// <param name="Recent">The figures of the recent window.</param>
/// <param name="Before">The figures of the days before it.</param>
/// <param name="Since">The start of the recent window.</param>
public sealed record RecentChange(MetricType MetricType, string Name, StatisticsBuilder Recent, StatisticsBuilder Before, DateTimeOffset Since);
