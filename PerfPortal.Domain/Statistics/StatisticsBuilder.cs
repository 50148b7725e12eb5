namespace PerfPortal.Domain.Statistics;

/// <summary>Merges rollups by outcome and says the statistics of all of them. Bounded like one <see cref="Rollup"/>; not safe for concurrent use.</summary>
public sealed class StatisticsBuilder
{
    private static readonly int Outcomes = Enum.GetValues<OutcomeKind>().Length;

    private readonly Rollup _finished;
    private readonly long[] _counts;

    /// <summary>Makes a builder of nothing.</summary>
    public StatisticsBuilder()
        : this(new(), new long[Outcomes])
    {
    }

    private StatisticsBuilder(Rollup finished, long[] counts)
    {
        _finished = finished;
        _counts = counts;
    }

    /// <summary>The durations of all that succeeded or failed.</summary>
    public DurationSketch Durations => _finished.Durations;

    /// <summary>The numeric facts of all that succeeded or failed, by name; at most <see cref="Rollup.MaxFacts"/>.</summary>
    public IReadOnlyDictionary<string, Summary> Facts => _finished.Facts;

    /// <summary>How many values of facts found no place in <see cref="Facts"/>.</summary>
    public long FactsOverflowed => _finished.FactsOverflowed;

    /// <summary>How many succeeded.</summary>
    public long Succeeded => CountOf(OutcomeKind.Succeeded);

    /// <summary>How many succeeded or failed.</summary>
    public long Finished => Succeeded + CountOf(OutcomeKind.Failed);

    /// <summary>About how many bytes of memory it takes.</summary>
    internal long Bytes => 120 + _finished.Bytes;

    /// <summary>A copy that shares nothing with this one.</summary>
    public StatisticsBuilder Clone() => new(_finished.Clone(), [.. _counts]);

    /// <summary>Adds a rollup, which stays as it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outcome"/> is none of the four.</exception>
    public void Add(OutcomeKind outcome, Rollup rollup)
    {
        ArgumentNullException.ThrowIfNull(rollup);
        if (!Enum.IsDefined(outcome))
        {
            throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome.");
        }

        _counts[(int)outcome] = checked(_counts[(int)outcome] + rollup.Count);
        if (outcome is OutcomeKind.Succeeded or OutcomeKind.Failed)
        {
            _finished.Merge(rollup);
        }
    }

    /// <summary>Adds an entry of a page without its facts. Answers where the facts belong, or <see langword="null"/> for an outcome whose facts do not count.</summary>
    internal Rollup? Add(OutcomeKind outcome, RollupPage page, int entry)
    {
        _counts[(int)outcome] = checked(_counts[(int)outcome] + page.Counts[entry]);
        if (outcome is not (OutcomeKind.Succeeded or OutcomeKind.Failed))
        {
            return null;
        }

        page.MergeInto(_finished, entry);
        return _finished;
    }

    /// <summary>Adds all of another builder, which stays as it is.</summary>
    public void Merge(StatisticsBuilder other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] = checked(_counts[i] + other._counts[i]);
        }

        _finished.Merge(other._finished);
    }

    /// <summary>The statistics of everything added, over a range of that length. A count that was taken back below zero is zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="range"/> is not above zero.</exception>
    public OutcomeStatistics Build(TimeSpan range)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(range, TimeSpan.Zero);
        long succeeded = CountOf(OutcomeKind.Succeeded);
        long failed = CountOf(OutcomeKind.Failed);
        long count = succeeded + failed;
        var times = _finished.Times;
        return new OutcomeStatistics(
            count,
            succeeded,
            failed,
            CountOf(OutcomeKind.Cancelled),
            CountOf(OutcomeKind.Abandoned),
            count == 0 ? null : (double)succeeded / count,
            times.Mean,
            times.Count == 0 ? null : times.Min,
            times.Count == 0 ? null : times.Max,
            Quantile(0.50),
            Quantile(0.90),
            Quantile(0.95),
            Quantile(0.99),
            count / range.TotalHours);
    }

    /// <summary>A quantile of <see cref="Durations"/> in seconds, held within the shortest and longest; <see langword="null"/> without durations.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not within 0–1.</exception>
    public double? Quantile(double q) =>
        Durations.Quantile(q) is { } value ? Math.Clamp(value, _finished.Min, _finished.Max) : null;

    private long CountOf(OutcomeKind outcome) => Math.Max(0, _counts[(int)outcome]);
}
