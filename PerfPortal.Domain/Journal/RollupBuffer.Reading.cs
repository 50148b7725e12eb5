using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <content>Reading: combines cached pages, pages from the store and pending rollups into a consistent snapshot.</content>
public sealed partial class RollupBuffer
{
    /// <summary>
    /// Reads stored and pending rollups of buckets [<paramref name="from"/>, <paramref name="to"/>). The page of a bucket and its pending rollups are consistent;
    /// in a long range, later buckets may reflect a later state.
    /// </summary>
    /// <param name="reader">The reader for pages that are not cached.</param>
    /// <param name="resolution">Minutes or hours.</param>
    /// <param name="from">The first bucket.</param>
    /// <param name="to">The end bucket, exclusive.</param>
    /// <param name="filter">Filters pending rollups; pages are returned unfiltered.</param>
    /// <param name="page">Receives each page that is not empty, in order.</param>
    /// <param name="pending">Receives each pending rollup.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task ReadAsync(
        IOperationReader reader, RollupResolution resolution, long from, long to, SeriesFilter filter, Action<long, RollupPage> page, Action<RollupDelta> pending,
        CancellationToken cancellationToken)
    {
        var pages = new RollupPage?[(int)Math.Min(ChunkBuckets, Math.Max(0, to - from))];
        var deltas = new List<RollupDelta>();
        for (long first = from; first < to; first += ChunkBuckets)
        {
            var chunk = pages.AsMemory(0, (int)Math.Min(ChunkBuckets, to - first));
            await TakeAsync(new(reader, Series, resolution, first, filter), chunk, deltas, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < chunk.Length; i++)
            {
                if (chunk.Span[i] is { Count: > 0 } taken)
                {
                    page(first + i, taken);
                }
            }

            foreach (var delta in deltas)
            {
                pending(delta);
            }
        }
    }

    private async Task TakeAsync(Asked asked, Memory<RollupPage?> pages, List<RollupDelta> pending, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            bool isAlone = attempt > OptimisticAttempts;
            if (isAlone)
            {
                await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            try
            {
                var known = FromCache(asked, pages.Span, pending);
                if (known.Missing.Count == 0)
                {
                    return;
                }

                await FetchAsync(asked, pages, known.Missing, cancellationToken).ConfigureAwait(false);
                if (Settle(asked, pages.Span, known, pending) is not { } underWay)
                {
                    return;
                }

                await underWay.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                if (isAlone)
                {
                    _gate.Release();
                }
            }
        }
    }

    /// <summary>Returns the cached pages and, if no page is missing, the pending rollups, under one lock.</summary>
    private Known FromCache(Asked asked, Span<RollupPage?> pages, List<RollupDelta> pending)
    {
        lock (_lock)
        {
            var missing = new List<int>();
            for (int i = 0; i < pages.Length; i++)
            {
                pages[i] = _cache.Find(asked.At(i));
                if (pages[i] is null)
                {
                    missing.Add(i);
                }
            }

            if (missing.Count == 0)
            {
                ReadPending(asked, pages.Length, pending);
            }

            return new(missing, _version);
        }
    }

    private static async Task FetchAsync(Asked asked, Memory<RollupPage?> pages, List<int> missing, CancellationToken cancellationToken)
    {
        await asked.Reader.ReadRollupsAsync(
            asked.Resolution, asked.First + missing[0], asked.First + missing[^1] + 1, asked.Series,
            (bucket, page) =>
            {
                ref var place = ref pages.Span[(int)(bucket - asked.First)];
                place ??= page;
            },
            cancellationToken).ConfigureAwait(false);
        foreach (int i in missing)
        {
            pages.Span[i] ??= RollupPage.Empty;
        }
    }

    /// <summary>
    /// Caches the fetched pages that are certain to be current and, if all pages are, reads the pending rollups. Otherwise returns a task to wait for before
    /// retrying. A page is uncertain when a flush wrote it, or may have written it, since the cache lookup.
    /// </summary>
    private Task? Settle(Asked asked, Span<RollupPage?> pages, Known known, List<RollupDelta> pending)
    {
        lock (_lock)
        {
            bool isCertain = true;
            foreach (int i in known.Missing)
            {
                if (MayHaveChanged(asked.At(i), known.Version))
                {
                    isCertain = false;
                }
                else
                {
                    _cache.Put(asked.At(i), pages[i]!);
                }
            }

            for (int i = 0; isCertain && i < pages.Length; i++)
            {
                isCertain = !HasChanged(asked.At(i), known.Version);
            }

            if (isCertain)
            {
                ReadPending(asked, pages.Length, pending);
                return null;
            }

            return _currentFlush?.Done.Task ?? Task.CompletedTask;
        }
    }

    private void ReadPending(Asked asked, int buckets, List<RollupDelta> pending)
    {
        pending.Clear();
        ReadPending(asked.Resolution, asked.First, asked.First + buckets, asked.Filter, pending);
    }

    private void ReadPending(RollupResolution resolution, long from, long to, SeriesFilter filter, List<RollupDelta> into)
    {
        _pending.Read(resolution, from, to, filter, areCopies: true, into);
        _currentFlush?.Rollups.Read(resolution, from, to, filter, areCopies: false, into);
    }

    private bool MayHaveChanged(PageAt at, long since) => HasChanged(at, since) || (_currentFlush is { } flush && flush.Pages.Contains(at));

    private bool HasChanged(PageAt at, long since) => HasChanged(since, pages => pages.Contains(at));

    // Changes that are no longer remembered may have touched any page.
    private bool HasChanged(long since, Func<HashSet<PageAt>, bool> touches) =>
        since != _version && (since < _version - _changes.Count || _changes.Any(change => change.Version > since && touches(change.Pages)));

    private readonly record struct Asked(IOperationReader Reader, SeriesIndex Series, RollupResolution Resolution, long First, SeriesFilter Filter)
    {
        public PageAt At(int i) => new(Resolution, First + i);
    }

    private readonly record struct Known(List<int> Missing, long Version);
}
