using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// Merges pages, pending rollups and rows into the groups of one request. The group of a series is determined once per series, not once per rollup.
/// Bounded by the number of groups. Not thread-safe.
/// </summary>
internal sealed class StatisticsMerge
{
    private const int Unknown = -2;
    private const int LeftOut = -1;

    private readonly StatisticsRequest _request;
    private readonly BucketGrid? _grid;
    private readonly SeriesIndex _series;
    private readonly Dictionary<StatisticsGroup, int> _slots = [];
    private readonly List<StatisticsGroup> _groups = [];
    private readonly StatisticsBuilder?[][] _steps;
    private int[] _slotOfSeries = [];
    private IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder>? _lent;

    public StatisticsMerge(StatisticsRequest request, BucketGrid? grid, SeriesIndex series)
    {
        _request = request;
        _grid = grid;
        _series = series;
        _steps = new StatisticsBuilder?[grid?.Count ?? 1][];
        Array.Fill(_steps, []);
    }

    /// <summary>Adds a page; ignores a bucket outside the grid.</summary>
    public void Add(RollupResolution resolution, long bucket, RollupPage page)
    {
        if (!TryStep(RollupBuckets.Start(resolution, bucket), out int step))
        {
            return;
        }

        Own();
        Learn();
        var facts = _request.WithFacts && page.HasFacts ? new Rollup?[page.Count] : null;
        var series = page.Series;
        var outcomes = page.Outcomes;
        for (int i = 0; i < series.Length; i++)
        {
            int slot = SlotOf(series[i]);
            var outcome = (OperationStatus)outcomes[i];
            if (slot == LeftOut || (_request.Filter.Status is { } status && status != outcome))
            {
                continue;
            }

            var target = BuilderOf(step, slot).Add(outcome.ToOutcome(), page, i);
            if (facts is not null)
            {
                facts[i] = target;
            }
        }

        if (facts is not null)
        {
            page.MergeFacts(facts);
        }
    }

    /// <summary>Adds figures of the same request without a grid; they are not modified.</summary>
    public void Add(IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> figures)
    {
        if (_lent is null && _groups.Count == 0)
        {
            _lent = figures;
            return;
        }

        Own();
        Merge(figures);
    }

    /// <summary>Adds a pending rollup that matches the filter.</summary>
    public void Add(RollupDelta delta) => Add(RollupBuckets.Start(delta.Resolution, delta.Bucket), delta.Series, delta.Outcome, delta.Rollup);

    /// <summary>Adds a rollup at a time; it must match the filter.</summary>
    public void Add(DateTimeOffset time, SeriesKey series, OperationStatus outcome, Rollup rollup)
    {
        if (TryStep(time, out int step))
        {
            Own();
            BuilderOf(step, SlotOf(series)).Add(outcome.ToOutcome(), rollup);
        }
    }

    /// <summary>Returns the groups with any operations. Figures that were the only addition are returned without copying, so callers must not modify them.</summary>
    public Dictionary<StatisticsGroup, StatisticsBuilder> ToGroups()
    {
        if (_lent is not null)
        {
            return new(_lent);
        }

        var groups = new Dictionary<StatisticsGroup, StatisticsBuilder>();
        for (int step = 0; step < _steps.Length; step++)
        {
            for (int slot = 0; slot < _steps[step].Length; slot++)
            {
                if (_steps[step][slot] is { } builder)
                {
                    groups.Add(_groups[slot] with { Step = step }, builder);
                }
            }
        }

        return groups;
    }

    /// <summary>Copies borrowed figures before anything is added to them (copy on write).</summary>
    private void Own()
    {
        if (_lent is { } figures)
        {
            _lent = null;
            Merge(figures);
        }
    }

    private void Merge(IReadOnlyDictionary<StatisticsGroup, StatisticsBuilder> figures)
    {
        foreach (var (group, figure) in figures)
        {
            ref var builder = ref PlaceOf(0, SlotOf(group));
            if (builder is null)
            {
                builder = figure.Clone();
            }
            else
            {
                builder.Merge(figure);
            }
        }
    }

    private bool TryStep(DateTimeOffset time, out int step)
    {
        step = _grid?.IndexOf(time) ?? 0;
        return step >= 0;
    }

    private void Learn()
    {
        int known = _slotOfSeries.Length;
        if (known < _series.Count)
        {
            Array.Resize(ref _slotOfSeries, _series.Count);
            Array.Fill(_slotOfSeries, Unknown, known, _slotOfSeries.Length - known);
        }
    }

    private int SlotOf(int number)
    {
        ref int slot = ref _slotOfSeries[number];
        if (slot == Unknown)
        {
            var series = _series[number];
            slot = _request.Filter.Matches(series) ? SlotOf(series) : LeftOut;
        }

        return slot;
    }

    private int SlotOf(SeriesKey series) => SlotOf(new StatisticsGroup(
        0,
        _request.Grouping.HasFlag(StatisticsGrouping.MetricType) ? series.MetricType : null,
        _request.Grouping.HasFlag(StatisticsGrouping.Name) ? series.Name : null,
        _request.Grouping.HasFlag(StatisticsGrouping.Source) ? series.Source : null));

    private int SlotOf(StatisticsGroup group)
    {
        if (!_slots.TryGetValue(group, out int slot))
        {
            _slots.Add(group, slot = _groups.Count);
            _groups.Add(group);
        }

        return slot;
    }

    private StatisticsBuilder BuilderOf(int step, int slot) => PlaceOf(step, slot) ??= new();

    private ref StatisticsBuilder? PlaceOf(int step, int slot)
    {
        ref var builders = ref _steps[step];
        if (slot >= builders.Length)
        {
            Array.Resize(ref builders, Math.Max(_groups.Count, builders.Length * 2));
        }

        return ref builders[slot];
    }
}
