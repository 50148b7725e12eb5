using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Live;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Live;

public sealed class LiveFeedReadingTests
{
    private readonly FakeTimeProvider _time = new(MemoryJournal.Start);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_comes_first_and_after_skipped_messages()
    {
        using var feed = new LiveFeed(new ActiveOperations(), _time, NullLogger<LiveFeed>.Instance);
        await feed.StartAsync(Token);
        await HappenAsync(feed);
        await using var messages = feed.ReadMessagesAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await messages.MoveNextAsync());
        Assert.Null(messages.Current);
        await HappenAsync(feed);
        Assert.True(await messages.MoveNextAsync());
        Assert.Equal(2, messages.Current?.Sequence);
        await HappenAsync(feed);
        await HappenAsync(feed);
        Assert.True(await messages.MoveNextAsync());
        Assert.Null(messages.Current);
        await HappenAsync(feed);
        Assert.True(await messages.MoveNextAsync());
        Assert.Equal(5, messages.Current?.Sequence);
        await feed.StopAsync(Token);
    }

    private async Task HappenAsync(LiveFeed feed)
    {
        var told = new TaskCompletionSource();
        void OnChanged(LiveMessage message) => told.TrySetResult();
        feed.Changed += OnChanged;
        feed.OnCommitted(new([MemoryJournal.Op()], [], []));
        while (!told.Task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(1, Token);
        }

        feed.Changed -= OnChanged;
    }
}
