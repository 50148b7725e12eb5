using System.Runtime.InteropServices;

namespace PerfPortal.Domain.Advice.History;

/// <summary>
/// The latest operations in the order of their ends: at most <see cref="MaxOperations"/>, and at most twice <see cref="MaxPerKey"/> of a key, so that one that is busy does not push out the others.
/// Beyond that the oldest are dropped, many at once. Not thread-safe.
/// </summary>
internal sealed class LatestOperations<T>
    where T : PastOperation
{
    /// <summary>The maximum number of operations.</summary>
    public const int MaxOperations = 10_000;

    /// <summary>The number of operations of a key that are kept when there are twice as many.</summary>
    public const int MaxPerKey = 500;

    private readonly List<T> _ascending = [];
    private readonly Dictionary<HistoryKey, int> _counts = [];

    /// <summary>The number of operations.</summary>
    public int Count => _ascending.Count;

    /// <summary>Adds an operation, unless it is known.</summary>
    public void Add(T operation)
    {
        int at = Place(operation);
        if (at < 0)
        {
            return;
        }

        _ascending.Insert(at, operation);
        ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, operation.Key, out _);
        count++;
        if (count > 2 * MaxPerKey)
        {
            int surplus = count - MaxPerKey;
            Remove(one => surplus > 0 && one.Key == operation.Key && surplus-- > 0);
        }
        else if (_ascending.Count > MaxOperations)
        {
            var last = _ascending[MaxOperations / 8];
            Remove(one => Compare(one, last) < 0);
        }
    }

    /// <summary>Removes what belongs to a source.</summary>
    public void Forget(string source) => Remove(one => one.Key.Source == source);

    /// <summary>Returns the latest operations that pass and ended at a time or later, in the order of their ends.</summary>
    public List<T> Find(Func<HistoryKey, bool> passes, DateTimeOffset from, int max)
    {
        var found = new List<T>();
        for (int i = _ascending.Count - 1; i >= 0 && _ascending[i].End >= from && found.Count < max; i--)
        {
            if (passes(_ascending[i].Key))
            {
                found.Add(_ascending[i]);
            }
        }

        found.Reverse();
        return found;
    }

    private static int Compare(T a, T b)
    {
        int byEnd = a.End.CompareTo(b.End);
        return byEnd != 0 ? byEnd : a.Id.CompareTo(b.Id);
    }

    // Most operations end after all others; -1 for one that is known.
    private int Place(T operation)
    {
        if (_ascending.Count == 0 || Compare(_ascending[^1], operation) < 0)
        {
            return _ascending.Count;
        }

        int at = _ascending.BinarySearch(operation, Comparer<T>.Create(Compare));
        return at >= 0 ? -1 : ~at;
    }

    private void Remove(Predicate<T> which) => _ascending.RemoveAll(one =>
    {
        if (!which(one))
        {
            return false;
        }

        if (--CollectionsMarshal.GetValueRefOrAddDefault(_counts, one.Key, out _) <= 0)
        {
            _counts.Remove(one.Key);
        }

        return true;
    });
}
