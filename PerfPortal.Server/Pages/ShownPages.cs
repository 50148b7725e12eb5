namespace PerfPortal.Server.Pages;

/// <summary>Counts the pages that somebody can see, and paces their updates, so that the cost of many open pages has a limit.</summary>
public sealed class ShownPages
{
    /// <summary>The number of updates per second of all pages together, beyond which each page updates less often.</summary>
    public const int MaxUpdatesPerSecond = 5;

    private int _count;

    /// <summary>The time between two updates of one page: one second, and longer with more than <see cref="MaxUpdatesPerSecond"/> pages.</summary>
    public TimeSpan Pace => TimeSpan.FromSeconds(Math.Max(1, (double)Volatile.Read(ref _count) / MaxUpdatesPerSecond));

    /// <summary>Counts a page until the returned object is disposed.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref _count);
        return new Page(this);
    }

    private sealed class Page(ShownPages pages) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                Interlocked.Decrement(ref pages._count);
            }
        }
    }
}
