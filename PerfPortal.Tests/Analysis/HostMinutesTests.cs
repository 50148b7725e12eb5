using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class HostMinutesTests
{
    private readonly FakeTimeProvider _time = new(Days.Now);
    private readonly CountingResources _resources = new();
    private readonly HostMinutes _minutes;

    public HostMinutesTests() => _minutes = new(_resources, _time);

    [Fact]
    public async Task What_is_held_and_what_is_read_together_are_what_a_whole_reading_says()
    {
        for (int step = 0; step < 30; step++)
        {
            var now = Days.Now.AddMinutes(step * 7);
            _resources.Add(now);
            _resources.Add(now.AddMinutes(-3));
            var found = await _minutes.ReadAsync(Days.Host, now.AddHours(-2), now, TestContext.Current.CancellationToken);
            Assert.Equal(_resources.Minutes.Where(minute => minute >= Floor(now.AddHours(-2)) && minute <= now), found.Select(minute => minute.Time));
        }

        Assert.True(_resources.Asked < 2 * 120 + 30 * 20, $"{_resources.Asked} minutes were asked for.");
    }

    [Fact]
    public async Task A_late_sample_shows_when_what_is_held_is_no_longer_trusted()
    {
        async Task<int> CountAsync() => (await _minutes.ReadAsync(Days.Host, Days.Now.AddHours(-2), Days.Now, TestContext.Current.CancellationToken)).Count;
        _resources.Add(Days.Now);
        Assert.Equal(1, await CountAsync());
        _resources.Add(Days.Now.AddHours(-1));
        Assert.Equal(1, await CountAsync());
        _time.Advance(HostMinutes.Trust);
        Assert.Equal(2, await CountAsync());
    }

    private static DateTimeOffset Floor(DateTimeOffset time) => RollupBuckets.Start(RollupResolution.Minute, RollupBuckets.Of(RollupResolution.Minute, time));

    private sealed class CountingResources : IResourceReader
    {
        public SortedSet<DateTimeOffset> Minutes { get; } = [];

        public long Asked { get; private set; }

        public void Add(DateTimeOffset at) => Minutes.Add(Floor(at));

        public Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ReadSamplesAsync(string source, TimeRange range, Action<ResourceSample, TimeSpan> each, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask ReadResourceRollupsAsync(
            string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken)
        {
            Asked += to - from;
            foreach (var minute in Minutes)
            {
                long bucket = RollupBuckets.Of(resolution, minute);
                if (bucket >= from && bucket < to)
                {
                    each(bucket, new());
                }
            }

            return ValueTask.CompletedTask;
        }
    }
}
