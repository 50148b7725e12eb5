using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Views;

public sealed class LiveFeedTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(MemoryJournal.Start);
    private readonly ActiveOperations _active = new();
    private readonly ConcurrentQueue<LiveMessage> _messages = new();
    private LiveFeed _feed = null!;
    private long _settings;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _feed = new(_active, _time, NullLogger<LiveFeed>.Instance, () => Volatile.Read(ref _settings));
        _feed.Changed += _ => throw new InvalidOperationException("a page that fails");
        _feed.Changed += _messages.Enqueue;
        await _feed.StartAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _feed.StopAsync(CancellationToken.None);
        _feed.Dispose();
    }

    [Fact]
    public async Task However_much_happens_it_is_one_message_that_names_a_few_and_counts_all()
    {
        for (int i = 0; i < 100; i++)
        {
            _feed.OnCommitted(new(
                [.. Enumerable.Range(0, 7).Select(_ => MemoryJournal.Op())], [],
                [new ResourceSample("a", MemoryJournal.Start.AddSeconds(i)), new ResourceSample("b", MemoryJournal.Start)]));
        }

        Assert.Equal(100, _feed.Version);
        var message = await NextAsync();
        Assert.Equal((1, LiveFeed.MaxEnded, 700, false), (message.Sequence, message.Ended.Count, message.EndedCount, message.ActiveChanged));
        Assert.Equal(
            [("a", MemoryJournal.Start.AddSeconds(99)), ("b", MemoryJournal.Start)],
            message.Samples.Select(sample => (sample.Source, sample.SampledAt)).OrderBy(sample => sample.Source));
        Assert.Empty(_messages);
    }

    [Fact]
    public async Task A_sample_that_arrives_late_does_not_replace_a_newer_one()
    {
        _feed.OnCommitted(new([], [], [new ResourceSample("a", MemoryJournal.Start)]));
        _feed.OnCommitted(new([], [], [new ResourceSample("a", MemoryJournal.Start.AddHours(-1))]));
        Assert.Equal(MemoryJournal.Start, Assert.Single((await NextAsync()).Samples).SampledAt);
    }

    [Fact]
    public async Task A_decision_or_a_changed_setting_is_a_message_though_nothing_was_committed()
    {
        Interlocked.Increment(ref _settings);
        var message = await NextAsync();
        Assert.Equal((0, 0L, false), (message.Samples.Count, message.EndedCount, message.ActiveChanged));
    }

    [Fact]
    public async Task A_message_says_only_what_happened_since_the_last_one_and_silence_says_nothing()
    {
        _feed.OnCommitted(new([MemoryJournal.Op()], [], []));
        await NextAsync();
        for (int i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(1, Token);
        }

        Assert.Empty(_messages);
        _active.TryAdd(MemoryJournal.Op(status: OperationStatus.Running), MemoryJournal.Start, out _);
        var message = await NextAsync();
        Assert.Equal((2, 0, true), (message.Sequence, message.EndedCount, message.ActiveChanged));
    }

    private async Task<LiveMessage> NextAsync()
    {
        LiveMessage? message = null;
        for (int i = 0; !_messages.TryDequeue(out message); i++)
        {
            Assert.True(i < 20_000, "No message came.");
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Delay(1, Token);
        }

        return message;
    }
}
