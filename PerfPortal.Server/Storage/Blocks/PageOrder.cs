using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>An operation in an opened block, with what who found it knew already, so that it need not be decoded again.</summary>
/// <param name="Block">The block.</param>
/// <param name="Index">Its place in it.</param>
/// <param name="Series">Its series.</param>
/// <param name="Duration">Its duration, µs.</param>
/// <param name="Value">Its start or duration, µs, by the order that is asked for.</param>
internal readonly record struct BlockPlace(OperationBlock Block, int Index, BlockSeries Series, long Duration, long Value)
{
    /// <summary>When it ended, µs since 1970.</summary>
    public long End => Block.Ends[Index];

    /// <summary>Its id.</summary>
    public Guid Id => Block.IdAt(Index);
}

/// <summary>
/// The total order behind a page: by start or duration, then by end, then by id; a descending order is the exact reverse.
/// </summary>
internal sealed class PageOrder(OperationOrder order)
{
    /// <summary>Whether the order is by start.</summary>
    public bool IsByStart { get; } = order is OperationOrder.StartAscending or OperationOrder.StartDescending;

    /// <summary>Whether the largest comes first.</summary>
    public bool IsDescending { get; } = order is OperationOrder.StartDescending or OperationOrder.DurationDescending;

    /// <summary>Below zero when what <paramref name="x"/> stands for comes before what <paramref name="y"/> does.</summary>
    public int Compare(PageCursor x, PageCursor y)
    {
        int sign = x.SortValue.CompareTo(y.SortValue);
        if (sign == 0)
        {
            sign = x.Key.CompareTo(y.Key);
        }

        if (sign == 0)
        {
            sign = OperationKeys.Compare(x.Id, y.Id);
        }

        return IsDescending ? -sign : sign;
    }

    /// <summary>Whether values alone say that the first comes before the second.</summary>
    public bool IsBefore(long first, long second) => IsDescending ? first > second : first < second;

    /// <summary>Whether an operation comes after a cursor.</summary>
    public bool IsAfter(BlockPlace place, PageCursor cursor)
    {
        int sign = place.Value.CompareTo(cursor.SortValue);
        if (sign == 0)
        {
            sign = place.End.CompareTo(cursor.Key);
        }

        if (sign == 0)
        {
            sign = OperationKeys.Compare(place.Id, cursor.Id);
        }

        return IsDescending ? sign < 0 : sign > 0;
    }

    /// <summary>Where a page goes on behind an operation.</summary>
    public static PageCursor Behind(BlockPlace place) => new(place.Value, place.End, place.Id);

    /// <summary>Where a page goes on that has shown all that comes before a value, and nothing of that value.</summary>
    public PageCursor Before(long value) => IsDescending ? new(value, long.MaxValue, Guid.AllBitsSet) : new(value, long.MinValue, Guid.Empty);
}
