namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Times and ids of a block while they are gathered, and room to work in.</summary>
internal sealed class IdLists
{
    public LongList Ends { get; } = new();

    public LongList Durations { get; } = new();

    public LongList High { get; } = new();

    public LongList Low { get; } = new();

    public LongList First { get; } = new();

    public LongList Second { get; } = new();

    public LongList Third { get; } = new();

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Ends.Clear();
        Durations.Clear();
        High.Clear();
        Low.Clear();
    }
}
