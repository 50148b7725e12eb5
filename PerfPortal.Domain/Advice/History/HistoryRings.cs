using System.Runtime.InteropServices;

namespace PerfPortal.Domain.Advice.History;

/// <summary>
/// The latest operations of each key, ordered by their ends: at most <see cref="MaxPerKey"/> of a key, <see cref="MaxKeys"/> keys and <see cref="MaxOperations"/> operations. Beyond
/// that, an eighth gives way: the keys that have been without an operation for longest. Not thread-safe.
/// </summary>
internal sealed class HistoryRings<T>
    where T : PastOperation
{
    /// <summary>The maximum number of operations of a key.</summary>
    public const int MaxPerKey = 500;

    /// <summary>The maximum number of keys.</summary>
    public const int MaxKeys = 2_000;

    /// <summary>The maximum number of operations.</summary>
    public const int MaxOperations = 10_000;

    private readonly Dictionary<HistoryKey, List<T>> _rings = [];

    /// <summary>The number of operations.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an operation, unless it is known; one that replaces an abandoned one has not been added before.</summary>
    public void Add(T operation)
    {
        ref var ring = ref CollectionsMarshal.GetValueRefOrAddDefault(_rings, operation.Key, out _);
        ring ??= [];
        int at = ring.Count;
        while (at > 0 && Compare(ring[at - 1], operation) > 0)
        {
            at--;
        }

        if (at > 0 && ring[at - 1].Id == operation.Id)
        {
            return;
        }

        ring.Insert(at, operation);
        Count++;
        if (ring.Count > MaxPerKey)
        {
            ring.RemoveAt(0);
            Count--;
        }

        if (_rings.Count > MaxKeys || Count > MaxOperations)
        {
            RemoveStalest();
        }
    }

    /// <summary>Removes what belongs to a source.</summary>
    public void Forget(string source)
    {
        foreach (var key in _rings.Keys.Where(key => key.Source == source).ToList())
        {
            Remove(key);
        }
    }

    /// <summary>Returns the operations of the keys that pass that ended at a time or later, in the order of their ends.</summary>
    public List<T> Find(Func<HistoryKey, bool> passes, DateTimeOffset from)
    {
        var found = new List<T>();
        int rings = 0;
        foreach (var (key, ring) in _rings)
        {
            if (!passes(key))
            {
                continue;
            }

            int first = 0;
            while (first < ring.Count && ring[first].End < from)
            {
                first++;
            }

            if (first < ring.Count)
            {
                rings++;
                found.AddRange(CollectionsMarshal.AsSpan(ring)[first..]);
            }
        }

        if (rings > 1)
        {
            found.Sort(Compare);
        }

        return found;
    }

    private static int Compare(T a, T b)
    {
        int byEnd = a.End.CompareTo(b.End);
        return byEnd != 0 ? byEnd : a.Id.CompareTo(b.Id);
    }

    // Many at once, so that the cost of finding them is spread over many additions.
    private void RemoveStalest()
    {
        foreach (var (key, _) in _rings.OrderBy(item => item.Value[^1], Comparer<T>.Create(Compare)).ToList())
        {
            if (_rings.Count <= MaxKeys / 8 * 7 && Count <= MaxOperations / 8 * 7)
            {
                return;
            }

            Remove(key);
        }
    }

    private void Remove(HistoryKey key)
    {
        if (_rings.Remove(key, out var ring))
        {
            Count -= ring.Count;
        }
    }
}
