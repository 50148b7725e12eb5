using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Models.Fallbacks.Breaking;
using Xunit;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class CircuitBreakerTests
{
    private static readonly BreakerOptions Options = new() { Failures = 2, OpenFor = TimeSpan.FromSeconds(10), MaxOpenFor = TimeSpan.FromSeconds(30) };

    private readonly FakeTimeProvider _time = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerTests() => _breaker = new(Options, _time);

    [Fact]
    public void It_opens_after_failures_in_a_row_and_a_success_between_starts_the_count_again()
    {
        Try(AttemptEnd.Failed);
        Try(AttemptEnd.Succeeded);
        Try(AttemptEnd.Failed);
        Assert.Equal((BreakerState.Closed, 1), (_breaker.Status.State, _breaker.Status.FailuresInARow));
        Try(AttemptEnd.Failed);
        Assert.Equal(new(BreakerState.Open, 2, TimeSpan.FromSeconds(10), false), _breaker.Status);
        Assert.Null(_breaker.TryEnter());
    }

    [Fact]
    public void Half_open_lets_one_probe_through_and_its_success_closes_it()
    {
        Open();
        Pass(10);
        Assert.Equal((BreakerState.HalfOpen, true), (_breaker.Status.State, _breaker.Status.LetsThrough));
        var probe = _breaker.TryEnter();
        Assert.NotNull(probe);
        Assert.Null(_breaker.TryEnter());
        Assert.False(_breaker.Status.LetsThrough);
        _breaker.Exit(probe.Value, AttemptEnd.Succeeded);
        Assert.Equal(new(BreakerState.Closed, 0, TimeSpan.Zero, false), _breaker.Status);
    }

    [Fact]
    public void A_probe_that_fails_opens_it_for_twice_as_long_up_to_the_longest()
    {
        Open();
        foreach (int seconds in new[] { 10, 20, 30, 30 })
        {
            Assert.Equal(TimeSpan.FromSeconds(seconds), _breaker.Status.RetryAfter);
            Pass(seconds);
            Try(AttemptEnd.Failed);
        }

        Pass(30);
        Try(AttemptEnd.Succeeded);
        Open();
        Assert.Equal(TimeSpan.FromSeconds(10), _breaker.Status.RetryAfter);
    }

    [Fact]
    public void A_cancelled_probe_tells_nothing_and_the_next_one_may_try()
    {
        Open();
        Pass(10);
        Try(AttemptEnd.Cancelled);
        Assert.Equal(BreakerState.HalfOpen, _breaker.Status.State);
        Assert.NotNull(_breaker.TryEnter());
    }

    [Fact]
    public void An_attempt_from_before_it_opened_neither_closes_it_nor_keeps_it_open()
    {
        var early = _breaker.TryEnter()!.Value;
        var earlier = _breaker.TryEnter()!.Value;
        Open();
        _breaker.Exit(early, AttemptEnd.Succeeded);
        Assert.Equal(BreakerState.Open, _breaker.Status.State);
        Pass(10);
        var probe = _breaker.TryEnter()!.Value;
        _breaker.Exit(earlier, AttemptEnd.Failed);
        Assert.True(_breaker.Status.IsProbing);
        _breaker.Exit(probe, AttemptEnd.Succeeded);
        Assert.Equal(BreakerState.Closed, _breaker.Status.State);
    }

    [Fact]
    public void What_is_reported_from_elsewhere_counts_and_a_success_closes_it_at_once()
    {
        _breaker.Report(false);
        _breaker.Report(false);
        Assert.Equal(BreakerState.Open, _breaker.Status.State);
        _breaker.Report(false);
        Assert.Equal(2, _breaker.Status.FailuresInARow);
        _breaker.Report(true);
        Assert.Equal(BreakerState.Closed, _breaker.Status.State);
    }

    /// <summary>Against a model that keeps only what is stated.</summary>
    [Property]
    public void It_does_what_is_stated_whatever_happens(int seed)
    {
        var random = new Random(seed);
        var time = new FakeTimeProvider();
        var breaker = new CircuitBreaker(Options, time);
        int failures = 0;
        double? openUntil = null;
        double openFor = 0;
        double now = 0;
        for (int i = 0; i < 200; i++)
        {
            double step = random.Next(0, 12);
            time.Advance(TimeSpan.FromSeconds(step));
            now += step;
            bool mayEnter = openUntil is null || now >= openUntil;
            var permit = breaker.TryEnter();
            Assert.Equal(mayEnter, permit is not null);
            if (permit is not { } entered)
            {
                continue;
            }

            var end = (AttemptEnd)random.Next(3);
            bool wasProbe = openUntil is not null;
            Assert.Equal(!wasProbe, breaker.TryEnter() is not null);
            breaker.Exit(entered, end);
            if (end == AttemptEnd.Succeeded)
            {
                (failures, openUntil) = (0, null);
            }
            else if (end == AttemptEnd.Failed && (++failures >= Options.Failures || wasProbe))
            {
                openFor = wasProbe ? Math.Min(openFor * 2, 30) : 10;
                openUntil = now + openFor;
            }

            var status = breaker.Status;
            Assert.Equal(failures, status.FailuresInARow);
            Assert.Equal(openUntil is null ? BreakerState.Closed : now < openUntil ? BreakerState.Open : BreakerState.HalfOpen, status.State);
        }
    }

    [Fact]
    public async Task Of_many_threads_one_makes_the_probe()
    {
        Open();
        Pass(10);
        var permits = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _breaker.TryEnter())));
        Assert.Single(permits, permit => permit is not null);
    }

    private void Open()
    {
        Try(AttemptEnd.Failed);
        Try(AttemptEnd.Failed);
    }

    private void Try(AttemptEnd end) => _breaker.Exit(_breaker.TryEnter()!.Value, end);

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
