using System.Text;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// What is kept of one minute or hour of one series and outcome: how many operations, their durations, and summaries of their numeric facts.
/// Rollups merge in any order. Bounded: a sketch (<see cref="DurationSketch"/>) and at most <see cref="MaxFacts"/> facts.
/// Not safe for concurrent use.
/// </summary>
public sealed class Rollup
{
    /// <summary>The most names of facts that one rollup keeps.</summary>
    public const int MaxFacts = 48;

    /// <summary>The most characters of a fact's name; one with more counts as overflowed.</summary>
    public const int MaxFactName = 128;

    // A fact's name is shared by all rollups; what is its own is a node of the tree.
    private const int FactBytes = 100;

    private readonly SortedDictionary<string, Summary> _facts;
    private Summary _times;

    /// <summary>Makes a rollup of nothing.</summary>
    public Rollup()
        : this(new(StringComparer.Ordinal))
    {
    }

    private Rollup(SortedDictionary<string, Summary> facts) => _facts = facts;

    /// <summary>
    /// How many operations. Exact; negative only in a rollup that takes back what another counted (see <see cref="AddCount"/>).
    /// </summary>
    public long Count { get; private set; }

    /// <summary>The sum of the durations in seconds; see <see cref="Summary"/> for its precision.</summary>
    public double Sum => _times.Sum;

    /// <summary>The shortest duration in seconds; 0 without durations.</summary>
    public double Min => _times.Min;

    /// <summary>The longest duration in seconds; 0 without durations.</summary>
    public double Max => _times.Max;

    /// <summary>Count, sum, least and greatest of the durations in seconds.</summary>
    public Summary Times => _times;

    /// <summary>The durations. Its count may lie below <see cref="Count"/>, since an abandoned operation has no duration.</summary>
    public DurationSketch Durations { get; private init; } = new();

    /// <summary>The numeric facts by name.</summary>
    public IReadOnlyDictionary<string, Summary> Facts => _facts;

    /// <summary>How many values of facts found no place among the <see cref="MaxFacts"/> names; first come, first kept.</summary>
    public long FactsOverflowed { get; private set; }

    /// <summary>About how many bytes of memory it takes.</summary>
    internal long Bytes => 250 + Durations.Bytes + (_facts.Count * FactBytes);

    /// <summary>Counts an operation that took so many seconds; a negative duration counts as zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="durationSeconds"/> is not finite.</exception>
    public void Add(double durationSeconds)
    {
        Durations.Add(durationSeconds);
        _times = _times.Add(Math.Max(0, durationSeconds));
        Count++;
    }

    /// <summary>Counts operations without a duration; negative to take some back, as when an abandoned operation completes after all.</summary>
    public void AddCount(long delta) => Count = checked(Count + delta);

    /// <summary>Adds one value of a numeric fact.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public void AddFact(string name, double value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        MergeFact(WellFormed(name), default(Summary).Add(value));
    }

    /// <summary>Adds values of a numeric fact that were summed up before.</summary>
    /// <exception cref="ArgumentException"><paramref name="name"/> is empty.</exception>
    public void AddFact(string name, Summary values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        MergeFact(WellFormed(name), values);
    }

    /// <summary>Adds everything of another rollup, which stays as it is.</summary>
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

    /// <summary>A copy that shares nothing with this rollup.</summary>
    public Rollup Clone()
    {
        // Given the same order, the copy is made of the tree as it stands.
        var facts = _facts.Count == 0 ? new(StringComparer.Ordinal) : new SortedDictionary<string, Summary>(_facts, StringComparer.Ordinal);
        return new(facts)
        {
            Count = Count,
            _times = _times,
            Durations = Durations.Clone(),
            FactsOverflowed = FactsOverflowed,
        };
    }

    /// <summary>Adds what a page keeps flat; <paramref name="times"/> are sum, least and greatest, <paramref name="values"/> as many as there are buckets or none.</summary>
    internal void MergeFlat(long count, ReadOnlySpan<double> times, ReadOnlySpan<ushort> buckets, ReadOnlySpan<int> counts, ReadOnlySpan<double> values)
    {
        AddCount(count);
        long added = Durations.MergeFlat(buckets, counts, values);
        if (added > 0)
        {
            _times = _times.Merge(new(added, times[0], times[1], times[2]));
        }
    }

    /// <summary>Counts values of facts that found no place elsewhere.</summary>
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

    // Half a surrogate pair has no UTF-8; two such names must not become one only when they are written.
    private static string WellFormed(string name) =>
        name.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) : name;
}
