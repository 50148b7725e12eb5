using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>An operation in an opened block, with values already known to the finder, which avoids decoding them again.</summary>
/// <param name="Block">The block.</param>
/// <param name="Index">The index in the block.</param>
/// <param name="Series">The series.</param>
/// <param name="Duration">The duration, µs.</param>
/// <param name="Value">The start or duration, µs, depending on the requested order.</param>
internal readonly record struct BlockPlace(OperationBlock Block, int Index, BlockSeries Series, long Duration, long Value)
{
    /// <summary>The end time, µs since 1970.</summary>
    public long End => Block.Ends[Index];

    /// <summary>The operation id.</summary>
    public Guid Id => Block.IdAt(Index);
}

/// <summary>
/// The total order of a page: by start or duration, then by end, then by id. A descending order is the exact reverse.
/// </summary>
internal sealed class PageOrder(OperationOrder order)
{
    /// <summary>Whether the order is by start.</summary>
    public bool IsByStart { get; } = order is OperationOrder.StartAscending or OperationOrder.StartDescending;

    /// <summary>Whether the order is descending.</summary>
    public bool IsDescending { get; } = order is OperationOrder.StartDescending or OperationOrder.DurationDescending;

    /// <summary>Compares cursors; negative if <paramref name="x"/> comes before <paramref name="y"/>.</summary>
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

    /// <summary>Whether the first value strictly precedes the second.</summary>
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

    /// <summary>Returns the cursor after an operation.</summary>
    public static PageCursor Behind(BlockPlace place) => new(place.Value, place.End, place.Id);

    /// <summary>Returns the cursor after everything that precedes a value.</summary>
    public PageCursor Before(long value) => IsDescending ? new(value, long.MaxValue, Guid.AllBitsSet) : new(value, long.MinValue, Guid.Empty);
}
