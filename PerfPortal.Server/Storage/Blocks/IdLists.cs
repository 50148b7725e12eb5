namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Collects times and ids of a block, and provides scratch lists.</summary>
internal sealed class IdLists
{
    public LongList Ends { get; } = new();

    public LongList Durations { get; } = new();

    public LongList High { get; } = new();

    public LongList Low { get; } = new();

    public LongList First { get; } = new();

    public LongList Second { get; } = new();

    public LongList Third { get; } = new();

    /// <summary>Removes all items.</summary>
    public void Clear()
    {
        Ends.Clear();
        Durations.Clear();
        High.Clear();
        Low.Clear();
    }
}
