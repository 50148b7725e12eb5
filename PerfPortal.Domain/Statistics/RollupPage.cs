namespace PerfPortal.Domain.Statistics;

/// <summary>
/// All rollups of one minute or hour in flat arrays of series, outcomes, counts, sums and buckets, so that thousands of rollups merge without allocating objects.
/// Facts are decoded on demand. Immutable and thread-safe.
/// </summary>
public sealed class RollupPage
{
    /// <summary>The page of a bucket without rollups.</summary>
    public static RollupPage Empty { get; } = new RollupPageBuilder(0).Build([]);

    private readonly int[] _series;
    private readonly byte[] _outcomes;
    private readonly long[] _counts;
    private readonly double[] _times;
    private readonly int[] _first;
    private readonly int[] _firstValue;
    private readonly ushort[] _buckets;
    private readonly int[] _bucketCounts;
    private readonly double[] _values;
    private readonly byte[] _facts;

    internal RollupPage(
        int[] series, byte[] outcomes, long[] counts, double[] times, int[] first, int[] firstValue, ushort[] buckets, int[] bucketCounts, double[] values, byte[] facts)
    {
        _series = series;
        _outcomes = outcomes;
        _counts = counts;
        _times = times;
        _first = first;
        _firstValue = firstValue;
        _buckets = buckets;
        _bucketCounts = bucketCounts;
        _values = values;
        _facts = facts;
    }

    /// <summary>The number of rollups in the page.</summary>
    public int Count => _series.Length;

    /// <summary>The series of each rollup: the number that the reader of the page assigned to its key.</summary>
    public ReadOnlySpan<int> Series => _series;

    /// <summary>The outcome of each rollup.</summary>
    public ReadOnlySpan<byte> Outcomes => _outcomes;

    /// <summary>The number of operations in each rollup.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Whether any rollup has facts.</summary>
    public bool HasFacts => _facts.Length > 0;

    /// <summary>The approximate memory size in bytes.</summary>
    public long Bytes =>
        200 + (Count * (sizeof(int) + 1 + sizeof(long) + (3 * sizeof(double)) + (2 * sizeof(int)))) + (_buckets.Length * (sizeof(ushort) + sizeof(int)))
        + (_values.Length * sizeof(double)) + _facts.Length;

    /// <summary>Creates a page of rollups, each with the number of its series and its outcome; each pair must be unique.</summary>
    public static RollupPage Of(IReadOnlyList<(int Series, byte Outcome, Rollup Rollup)> rollups)
    {
        ArgumentNullException.ThrowIfNull(rollups);
        var builder = new RollupPageBuilder(rollups.Count);
        foreach (var (series, outcome, rollup) in rollups)
        {
            builder.Add(series, outcome, rollup);
        }

        var facts = new System.Buffers.ArrayBufferWriter<byte>();
        FactColumns.Write(facts, [.. rollups.Select(entry => entry.Rollup)]);
        return builder.Build(facts.WrittenSpan.ToArray());
    }

    /// <summary>Returns each rollup as a separate object, including facts.</summary>
    /// <exception cref="InvalidDataException">The facts are corrupt.</exception>
    public IReadOnlyList<(int Series, byte Outcome, Rollup Rollup)> ToRollups()
    {
        var rollups = new (int, byte, Rollup Rollup)[Count];
        for (int i = 0; i < rollups.Length; i++)
        {
            var rollup = new Rollup();
            MergeInto(rollup, i);
            rollups[i] = (_series[i], _outcomes[i], rollup);
        }

        FactColumns.Read(_facts, Count, (entry, count) => rollups[entry].Rollup.AddOverflow(count), (entry, name, summary) => rollups[entry].Rollup.MergeFact(name, summary));
        return rollups;
    }

    /// <summary>Adds the facts of each entry to the rollup at its index in <paramref name="into"/>; skips entries whose rollup is <see langword="null"/>.</summary>
    /// <exception cref="InvalidDataException">The facts are corrupt.</exception>
    internal void MergeFacts(ReadOnlySpan<Rollup?> into)
    {
        var targets = into.ToArray();
        FactColumns.Read(_facts, Count, (entry, count) => targets[entry]?.AddOverflow(count), (entry, name, summary) => targets[entry]?.MergeFact(name, summary));
    }

    /// <summary>Adds an entry to a rollup, without its facts.</summary>
    internal void MergeInto(Rollup rollup, int entry)
    {
        int first = _first[entry];
        int used = _first[entry + 1] - first;
        var buckets = _buckets.AsSpan(first, used);
        var counts = _bucketCounts.AsSpan(first, used);
        var values = _firstValue[entry] < 0 ? [] : _values.AsSpan(_firstValue[entry], used);
        rollup.MergeFlat(_counts[entry], _times.AsSpan(entry * 3, 3), buckets, counts, values);
    }
}
