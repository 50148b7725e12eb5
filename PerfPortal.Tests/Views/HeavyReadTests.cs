using PerfPortal.Server.Views;
using Xunit;

namespace PerfPortal.Tests.Views;

/// <summary>How many heavy reads run and wait.</summary>
public sealed class HeavyReadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_beyond_those_that_run_and_wait_are_refused_and_room_is_made_when_one_ends()
    {
        using var reads = new HeavyReads();
        var asked = new List<Task<IDisposable?>>();
        while (asked.Count < 100)
        {
            asked.Add(reads.EnterAsync(HeavyRead.Export, Token).AsTask());
        }

        var running = asked.Where(entry => entry.IsCompletedSuccessfully && entry.Result is not null).ToList();
        var waiting = asked.Where(entry => !entry.IsCompleted).ToList();
        Assert.Equal((2, 4, 94), (running.Count, waiting.Count, asked.Count(entry => entry.IsCompletedSuccessfully && entry.Result is null)));

        (await running[0])!.Dispose();
        Assert.NotNull(await waiting[0]);
        Assert.False(waiting[1].IsCompleted);
    }

    [Fact]
    public async Task A_page_waits_where_a_request_is_refused()
    {
        using var reads = new HeavyReads();
        using var gate = new SemaphoreSlim(0);
        var requests = Enumerable.Range(0, 20).Select(_ => reads.EnterAsync(HeavyRead.Export, Token).AsTask()).ToList();
        Assert.Null(await requests[^1]);
        var page = reads.RunAsync(HeavyRead.Export, () => Task.FromResult(7), Token);
        Assert.False(page.IsCompleted);
        foreach (var request in requests)
        {
            (await request)?.Dispose();
        }

        Assert.Equal(7, await page);
    }

    [Fact]
    public async Task A_page_is_refused_when_very_many_wait()
    {
        using var reads = new HeavyReads();
        var ended = new TaskCompletionSource<int>();
        var pages = Enumerable.Range(0, 200).Select(_ => reads.RunAsync(HeavyRead.Comparison, () => ended.Task, Token)).ToList();
        Assert.Contains(pages, page => page.Exception?.InnerException is PortalBusyException);
        ended.SetResult(1);
        await Task.WhenAll(pages.Where(page => !page.IsFaulted));
    }

    [Fact]
    public async Task One_kind_does_not_wait_for_another_and_a_client_that_goes_away_leaves_the_queue()
    {
        using var reads = new HeavyReads();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var held = Enumerable.Range(0, 2).Select(_ => reads.EnterAsync(HeavyRead.Comparison, Token).AsTask()).ToList();
        var left = reads.EnterAsync(HeavyRead.Comparison, gone.Token).AsTask();
        Assert.NotNull(await reads.EnterAsync(HeavyRead.Search, Token));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.NotNull(await held[0]);
    }
}
