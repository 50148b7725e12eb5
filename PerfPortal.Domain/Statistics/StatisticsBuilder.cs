namespace PerfPortal.Domain.Statistics;

/// <summary>Merges rollups by outcome and computes their statistics. Bounded like one <see cref="Rollup"/>. Not thread-safe.</summary>
public sealed class StatisticsBuilder
{
    private static readonly int Outcomes = Enum.GetValues<OutcomeKind>().Length;

    private readonly Rollup _finished;
    private readonly long[] _counts;

    /// <summary>Creates an empty builder.</summary>
    public StatisticsBuilder()
        : this(new(), new long[Outcomes])
    {
    }

    private StatisticsBuilder(Rollup finished, long[] counts)
    {
        _finished = finished;
        _counts = counts;
    }

    /// <summary>The durations of all operations that succeeded or failed.</summary>
    public DurationSketch Durations => _finished.Durations;

    /// <summary>The numeric facts of all operations that succeeded or failed, by name; at most <see cref="Rollup.MaxFacts"/>.</summary>
    public IReadOnlyDictionary<string, Summary> Facts => _finished.Facts;

    /// <summary>The number of fact values that were dropped from <see cref="Facts"/>.</summary>
    public long FactsOverflowed => _finished.FactsOverflowed;

    /// <summary>The number of succeeded operations.</summary>
    public long Succeeded => CountOf(OutcomeKind.Succeeded);

    /// <summary>The number of operations that succeeded or failed.</summary>
    public long Finished => Succeeded + CountOf(OutcomeKind.Failed);

    /// <summary>The number of abandoned operations.</summary>
    public long Abandoned => CountOf(OutcomeKind.Abandoned);

    /// <summary>The approximate memory size in bytes.</summary>
    internal long Bytes => 120 + _finished.Bytes;

    /// <summary>Returns a deep copy.</summary>
    public StatisticsBuilder Clone() => new(_finished.Clone(), [.. _counts]);

    /// <summary>Adds a rollup, which is not modified.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="outcome"/> is not a defined outcome.</exception>
    public void Add(OutcomeKind outcome, Rollup rollup)
    {
        ArgumentNullException.ThrowIfNull(rollup);
        if (!Enum.IsDefined(outcome))
        {
            throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Unknown outcome.");
        }

        _counts[(int)outcome] = checked(_counts[(int)outcome] + rollup.Count);
        if (outcome is OutcomeKind.Succeeded or OutcomeKind.Failed)
        {
            _finished.Merge(rollup);
        }
    }

    /// <summary>Adds an entry of a page without its facts. Returns the rollup to add the facts to, or <see langword="null"/> when facts of the outcome are ignored.</summary>
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

    /// <summary>Merges another builder into this one; <paramref name="other"/> is not modified.</summary>
    public void Merge(StatisticsBuilder other)
    {
        ArgumentNullException.ThrowIfNull(other);
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] = checked(_counts[i] + other._counts[i]);
        }

        _finished.Merge(other._finished);
    }

    /// <summary>Computes the statistics over a range of the given length. Negative counts become zero.</summary>
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

    /// <summary>The mean duration of all operations that succeeded or failed, seconds; <see langword="null"/> without any.</summary>
    public double? Mean => _finished.Times.Mean;

    /// <summary>Returns a quantile of <see cref="Durations"/> in seconds, clamped to minimum and maximum; <see langword="null"/> without durations.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="q"/> is not within 0–1.</exception>
    public double? Quantile(double q) =>
        Durations.Quantile(q) is { } value ? Math.Clamp(value, _finished.Min, _finished.Max) : null;

    private long CountOf(OutcomeKind outcome) => Math.Max(0, _counts[(int)outcome]);
}
