using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling;
using Xunit;

namespace PerfPortal.Tests.Sampling;

public sealed class ResourceSamplerTests : IAsyncDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly ArmedTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordingSink _sink = new();
    private readonly StubProbe _probe = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ResourceSampler _sampler;
    private Task _loop = Task.CompletedTask;

    public ResourceSamplerTests() => _sampler = new(
        new() { Source = "host-a", Interval = Interval }, new HostProbes([_probe]), _sink, _time, NullLogger<ResourceSampler>.Instance);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _sampler.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public void One_sample_carries_source_time_and_values_and_becomes_the_latest()
    {
        Assert.Null(_sampler.Latest);
        Assert.Null(_sampler.Status.MeanCostMicroseconds);

        var sample = _sampler.Sample();

        Assert.Equal("host-a", sample.Source);
        Assert.Equal(_time.GetUtcNow(), sample.SampledAt);
        Assert.Equal(12, sample[ResourceMetric.CpuPercent]);
        Assert.Same(sample, _sampler.Latest);
        Assert.Equal(1, _sampler.Status.Rounds);
        Assert.Equal(sample.SampledAt, _sampler.Status.LastSampleAt);
        Assert.Equal(0, _sampler.Status.MeanCostMicroseconds);
    }

    [Fact]
    public async Task The_loop_samples_at_once_after_a_second_and_then_every_interval()
    {
        await StartAsync();
        Assert.Equal(TimeSpan.Zero, (await _sink.NextAsync()).Covered);
        await PassAsync(Second);
        Assert.Equal(Second, (await _sink.NextAsync()).Covered);
        await PassAsync(Interval - Second);
        Assert.Equal(0, _sink.Waiting);
        await PassAsync(Second);
        Assert.Equal(Interval, (await _sink.NextAsync()).Covered);
    }

    [Fact]
    public async Task A_watcher_wakes_the_loop_at_once_and_makes_it_sample_every_second()
    {
        await SettleAsync();
        await PassAsync(TimeSpan.FromSeconds(12));

        int rounds = _time.Armed;
        var watcher = _sampler.Watch();
        Assert.Equal(TimeSpan.FromSeconds(12), (await _sink.NextAsync()).Covered);
        Assert.Equal(Second, _sampler.Status.Interval);
        await _time.ArmedAsync(rounds + 1);
        for (int i = 0; i < 3; i++)
        {
            await PassAsync(Second);
            Assert.Equal(Second, (await _sink.NextAsync()).Covered);
        }

        watcher.Dispose();
        Assert.Equal(Interval, _sampler.Status.Interval);
        await PassAsync(Interval - Second);
        Assert.Equal(0, _sink.Waiting);
        await PassAsync(Second);
        Assert.Equal(Interval, (await _sink.NextAsync()).Covered);
    }

    [Fact]
    public async Task Watchers_are_counted_and_each_leaves_once()
    {
        await SettleAsync();
        var first = _sampler.Watch();
        var second = _sampler.Watch();
        Assert.Equal(2, _sampler.Status.Watchers);

        first.Dispose();
        first.Dispose();
        Assert.Equal(1, _sampler.Status.Watchers);
        Assert.Equal(Second, _sampler.Status.Interval);

        second.Dispose();
        Assert.Equal(0, _sampler.Status.Watchers);
    }

    [Fact]
    public async Task Watchers_that_come_and_go_cannot_make_it_sample_more_than_once_a_second()
    {
        await SettleAsync();
        await PassAsync(TimeSpan.FromSeconds(5));
        for (int i = 0; i < 20; i++)
        {
            int rounds = _time.Armed;
            var watcher = _sampler.Watch();
            await _time.ArmedAsync(rounds + 1);
            watcher.Dispose();
        }

        await _sink.NextAsync();
        Assert.Equal(0, _sink.Waiting);
    }

    [Fact]
    public async Task A_gap_counts_as_three_intervals_at_most()
    {
        await SettleAsync();
        _time.Advance(TimeSpan.FromHours(5));

        Assert.Equal(3 * Interval, (await _sink.NextAsync()).Covered);
    }

    [Fact]
    public async Task A_probe_that_throws_neither_stops_the_loop_nor_slows_it()
    {
        _probe.OnMeasure = _ => throw new InvalidOperationException("cut");
        await StartAsync();
        Assert.Equal(SensorState.Failed, (await _sink.NextAsync()).Sample.Sensors[Sensors.Cpu].State);
        await PassAsync(Second);
        await _sink.NextAsync();

        Assert.Equal(0, _sampler.Status.ConsecutiveFailures);
    }

    [Fact]
    public async Task A_sink_that_throws_is_told_of_slows_the_loop_and_is_tried_again()
    {
        _sink.OnCall = call =>
        {
            if (call is 3 or 4)
            {
                throw new InvalidOperationException("the store is full");
            }
        };
        await SettleAsync();
        int rounds = _time.Armed;
        using var watcher = _sampler.Watch();
        await _time.ArmedAsync(rounds + 1);

        await PassAsync(Second);
        Assert.Equal(1, _sampler.Status.ConsecutiveFailures);
        Assert.Equal("the store is full", _sampler.Status.LastError);
        Assert.Equal(_time.GetUtcNow(), _sampler.Status.LastErrorAt);

        await PassAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(2, _sampler.Status.ConsecutiveFailures);

        await PassAsync(TimeSpan.FromSeconds(3));
        Assert.Equal(0, _sink.Waiting);
        await PassAsync(Second);
        await _sink.NextAsync();
        Assert.Equal(0, _sampler.Status.ConsecutiveFailures);
        Assert.Equal("the store is full", _sampler.Status.LastError);
    }

    [Fact]
    public async Task On_shutdown_it_takes_a_last_sample()
    {
        await SettleAsync();
        _time.Advance(TimeSpan.FromSeconds(7));

        await _stop.CancelAsync();
        await _loop;

        Assert.Equal(TimeSpan.FromSeconds(7), (await _sink.NextAsync()).Covered);
        Assert.Equal(0, _sink.Waiting);
    }

    [Fact]
    public async Task A_loop_that_is_cancelled_before_it_begins_takes_one_sample()
    {
        await _stop.CancelAsync();
        await _sampler.RunAsync(_stop.Token);

        Assert.Equal(1, _sink.Waiting);
    }

    [Fact]
    public async Task A_wall_clock_that_is_set_back_disturbs_no_covered_time()
    {
        await SettleAsync();
        _time.WallClockOffset = -TimeSpan.FromHours(1);
        await PassAsync(Interval);

        (var sample, var covered) = await _sink.NextAsync();

        Assert.Equal(Interval, covered);
        Assert.Equal(_time.GetUtcNow(), sample.SampledAt);
    }

    [Fact]
    public async Task Samples_asked_for_from_many_threads_come_one_after_the_other()
    {
        int inside = 0, max = 0;
        _probe.OnMeasure = _ =>
        {
            max = Math.Max(max, Interlocked.Increment(ref inside));
            Thread.Yield();
            Interlocked.Decrement(ref inside);
            return SensorStatus.Ok;
        };

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () =>
            {
                for (int i = 0; i < 100; i++)
                {
                    _sampler.Sample();
                }
            },
            TestContext.Current.CancellationToken)));

        Assert.Equal(1, max);
        Assert.Equal(400, _sampler.Status.Rounds);
    }

    [Fact]
    public void Disposed_it_disposes_its_probes_and_refuses_to_sample()
    {
        _sampler.Dispose();

        Assert.True(_probe.Disposed);
        Assert.Throws<ObjectDisposedException>(_sampler.Sample);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(90_000)]
    public void An_interval_out_of_range_is_refused(int seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SamplerOptions { Interval = TimeSpan.FromSeconds(seconds) });

    private async Task StartAsync()
    {
        _loop = _sampler.RunAsync(_stop.Token);
        await _time.ArmedAsync(1);
    }

    /// <summary>Runs the loop past its first two samples.</summary>
    private async Task SettleAsync()
    {
        await StartAsync();
        await _sink.NextAsync();
        await PassAsync(Second);
        await _sink.NextAsync();
    }

    /// <summary>Lets time pass and, if that woke the loop, waits until it sleeps again.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        int armed = _time.Armed;
        int fired = _time.Fired;
        _time.Advance(time);
        if (_time.Fired > fired)
        {
            await _time.ArmedAsync(armed + 1);
        }
    }
}
