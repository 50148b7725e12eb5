using System.Text;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// The aggregate of one minute or hour of one series and outcome: the number of operations, their durations, and summaries of their numeric facts.
/// Rollups can be merged in any order. Bounded: a sketch (<see cref="DurationSketch"/>) and at most <see cref="MaxFacts"/> facts.
/// Not thread-safe.
/// </summary>
public sealed class Rollup
{
    /// <summary>The maximum number of fact names in one rollup.</summary>
    public const int MaxFacts = 48;

    /// <summary>The maximum length of a fact name in characters; facts with longer names count as overflowed.</summary>
    public const int MaxFactName = 128;

    // The memory of a tree node; name strings are shared between rollups.
    private const int FactBytes = 100;

    private readonly SortedDictionary<string, Summary> _facts;
    private Summary _times;

    /// <summary>Creates an empty rollup.</summary>
    public Rollup()
        : this(new(StringComparer.Ordinal))
    {
    }

    private Rollup(SortedDictionary<string, Summary> facts) => _facts = facts;

    /// <summary>
    /// The number of operations. Exact; negative only in a rollup that subtracts operations counted in another one (see <see cref="AddCount"/>).
    /// </summary>
    public long Count { get; private set; }

    /// <summary>The sum of the durations in seconds; see <see cref="Summary"/> for its precision.</summary>
    public double Sum => _times.Sum;

    /// <summary>The shortest duration in seconds; 0 without durations.</summary>
    public double Min => _times.Min;

    /// <summary>The longest duration in seconds; 0 without durations.</summary>
    public double Max => _times.Max;

    /// <summary>Count, sum, minimum and maximum of the durations in seconds.</summary>
    public Summary Times => _times;

    /// <summary>The durations. Their count may be below <see cref="Count"/>, because cancelled and abandoned operations are counted without a duration.</summary>
    public DurationSketch Durations { get; private init; } = new();

    /// <summary>The numeric facts by name.</summary>
    public IReadOnlyDictionary<string, Summary> Facts => _facts;

    /// <summary>The number of fact values dropped because their name was not among the first <see cref="MaxFacts"/> names or was too long.</summary>
    public long FactsOverflowed { get; private set; }

    /// <summary>The approximate memory size in bytes.</summary>
    internal long Bytes => 250 + Durations.Bytes + (_facts.Count * FactBytes);

    /// <summary>Adds an operation with a duration in seconds; a negative duration counts as zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="durationSeconds"/> is not finite.</exception>
    public void Add(double durationSeconds)
    {
        Durations.Add(durationSeconds);
        _times = _times.Add(Math.Max(0, durationSeconds));
        Count++;
    }

    /// <summary>Adds a count of operations without a duration; negative to subtract, for example when an abandoned operation completes after all.</summary>
    public void AddCount(long delta) => Count = checked(Count + delta);

    /// <summary>Adds one value of a numeric fact.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public void AddFact(string name, double value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        MergeFact(WellFormed(name), default(Summary).Add(value));
    }

    /// <summary>Adds a summary of values of a numeric fact.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public void AddFact(string name, Summary values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        MergeFact(WellFormed(name), values);
    }

    /// <summary>Merges another rollup into this one; <paramref name="other"/> is not modified.</summary>
    public void Merge(Rollup other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(this, other))
        {
            other = other.Clone();
        }

        AddCount(other.Count);
        _times = _times.Merge(other._times);
        Durations.Merge(other.Durations);
        foreach (var (name, summary) in other._facts)
        {
            MergeFact(name, summary);
        }

        FactsOverflowed += other.FactsOverflowed;
    }

    /// <summary>Returns a deep copy.</summary>
    public Rollup Clone()
    {
        // With the same comparer, the constructor copies the tree without sorting again.
        var facts = _facts.Count == 0 ? new(StringComparer.Ordinal) : new SortedDictionary<string, Summary>(_facts, StringComparer.Ordinal);
        return new(facts)
        {
            Count = Count,
            _times = _times,
            Durations = Durations.Clone(),
            FactsOverflowed = FactsOverflowed,
        };
    }

    /// <summary>Adds the flat data of a page entry; <paramref name="times"/> is sum, minimum, maximum; <paramref name="values"/> is empty or has one value per bucket.</summary>
    internal void MergeFlat(long count, ReadOnlySpan<double> times, ReadOnlySpan<ushort> buckets, ReadOnlySpan<int> counts, ReadOnlySpan<double> values)
    {
        AddCount(count);
        long added = Durations.MergeFlat(buckets, counts, values);
        if (added > 0)
        {
            _times = _times.Merge(new(added, times[0], times[1], times[2]));
        }
    }

    /// <summary>Adds a number of overflowed fact values.</summary>
    internal void AddOverflow(long count) => FactsOverflowed += count;

    internal void MergeFact(string name, Summary summary)
    {
        bool known = _facts.TryGetValue(name, out var before);
        if (known || (_facts.Count < MaxFacts && name.Length <= MaxFactName))
        {
            _facts[name] = before.Merge(summary);
        }
        else
        {
            FactsOverflowed += summary.Count;
        }
    }

    // A lone surrogate has no UTF-8 encoding; names that become equal when written must be equal in memory too.
    private static string WellFormed(string name) =>
        name.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) : name;
}
