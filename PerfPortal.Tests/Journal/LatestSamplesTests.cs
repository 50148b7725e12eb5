using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Tests.Analysis;
using Xunit;

namespace PerfPortal.Tests.Journal;

public sealed class LatestSamplesTests
{
    private static readonly DateTimeOffset Now = Days.Now;

    private readonly FakeTimeProvider _time = new(Now);
    private readonly CountingReader _stored = new();
    private readonly LatestSamples _latest;

    public LatestSamplesTests() => _latest = new(_stored, new(_time, new(_ => 24, 24, 24, 24)));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_stored_is_read_once_and_what_is_committed_is_learned()
    {
        _stored.Samples.Add(At("a", -60));
        _stored.Samples.Add(At("b", -50));
        Assert.Equal([("a", -60), ("b", -50)], await ReadAsync());
        Commit(At("a", -10), At("c", -5));
        Assert.Equal([("a", -10), ("b", -50), ("c", -5)], await ReadAsync());
        Assert.Equal(1, _stored.Reads);
    }

    [Fact]
    public async Task A_sample_that_comes_late_takes_nobodys_place()
    {
        Commit(At("a", -10));
        Commit(At("a", -70));
        _stored.Samples.Add(At("a", -60));
        Assert.Equal([("a", -10)], await ReadAsync());
    }

    [Fact]
    public async Task A_host_that_is_silent_for_longer_than_samples_are_kept_is_gone()
    {
        Commit(At("a", -10));
        _time.Advance(TimeSpan.FromHours(23));
        Assert.Single(await ReadAsync());
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Empty(await ReadAsync());
    }

    [Fact]
    public async Task A_removed_source_is_forgotten_also_by_a_reading_under_way()
    {
        _stored.Samples.Add(At("a", -60));
        _stored.Samples.Add(At("gone", -50));
        _stored.OnRead = () =>
        {
            _stored.Samples.RemoveAll(sample => sample.Source == "gone");
            _latest.OnSourceRemoved("gone");
            _stored.OnRead = () => { };
        };
        Assert.Equal([("a", -60)], await ReadAsync());
        Commit(At("late", -5));
        _latest.OnSourceRemoved("late");
        Assert.Equal([("a", -60)], await ReadAsync());
    }

    [Fact]
    public async Task A_reading_that_fails_is_tried_again()
    {
        _stored.Fail = true;
        await Assert.ThrowsAsync<TimeoutException>(() => ReadAsync());
        _stored.Fail = false;
        _stored.Samples.Add(At("a", -60));
        Assert.Equal([("a", -60)], await ReadAsync());
    }

    private static ResourceSample At(string source, int seconds) => new(source, Now.AddSeconds(seconds));

    private void Commit(params ResourceSample[] samples) => _latest.OnCommitted(new([], [], samples));

    private async Task<IEnumerable<(string, int)>> ReadAsync() =>
        [.. (await _latest.ReadLatestAsync(Token)).Select(sample => (sample.Source, (int)(sample.SampledAt - Now).TotalSeconds)).Order()];

    private sealed class CountingReader : IResourceReader
    {
        public List<ResourceSample> Samples { get; } = [];

        public int Reads { get; private set; }

        public bool Fail { get; set; }

        /// <summary>What happens while samples are read.</summary>
        public Action OnRead { get; set; } = () => { };

        public Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken)
        {
            Reads++;
            IReadOnlyList<ResourceSample> read = Fail ? throw new TimeoutException() : [.. Samples];
            OnRead();
            return Task.FromResult(read);
        }

        public Task ReadSamplesAsync(string source, TimeRange range, Action<ResourceSample, TimeSpan> each, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask ReadResourceRollupsAsync(
            string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
