using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Transfers;
using PerfPortal.Domain.Models.Downloads.Transport;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>Delays, limits, paths and addresses.</summary>
public sealed class PolicyTests
{
    private static readonly RetryLimits Limits = new(3, TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5));

    [Fact]
    public void Advice_is_kept_within_its_bounds_and_left_aside_when_the_defaults_are_to_be_used()
    {
        AdviceItem[] items =
        [
            Learned(AdviceKinds.Connections, 99, 4), Learned(AdviceKinds.Timeout, 12, 30), Learned(AdviceKinds.RetryDelay, 7, 1, "network"),
            Learned(AdviceKinds.RetrySuccess, 0.01, 0.5, "server"), Learned(AdviceKinds.Concurrency, 0, 3),
        ];
        var advised = new TransferAdvice(new(items));
        Assert.Equal((16, 1, 12.0, "advised"), (advised.Connections, advised.Concurrency, advised.StallTimeout.TotalSeconds, advised.Arm));
        Assert.Equal((7, true, false), (advised.DelayAfter(DownloadErrorCategory.Network).TotalSeconds, advised.IsHopeless(DownloadErrorCategory.Server), advised.IsHopeless(DownloadErrorCategory.Network)));
        var defaults = new TransferAdvice(new(items, useDefaults: true));
        Assert.Equal((4, 3, 30.0, "default"), (defaults.Connections, defaults.Concurrency, defaults.StallTimeout.TotalSeconds, defaults.Arm));
        Assert.Equal((1, false), (defaults.DelayAfter(DownloadErrorCategory.Network).TotalSeconds, defaults.IsHopeless(DownloadErrorCategory.Server)));
    }

    [Fact]
    public void A_level_on_trial_is_used_and_a_busy_host_is_spared_by_those_that_use_the_defaults_too()
    {
        AdviceItem[] items =
        [
            Learned(AdviceKinds.Connections, 2, 4), Learned(AdviceKinds.ConnectionsTrial, 8, 4), Learned(AdviceKinds.Concurrency, 3, 2), Learned(AdviceKinds.ConcurrencyTrial, 6, 2),
            Learned(AdviceKinds.BandwidthShare, 0.3, 1),
        ];
        var connections = new TransferAdvice(new(items, trial: AdviceKinds.Connections));
        Assert.Equal((8, 3, 0.3, "trial"), (connections.Connections, connections.Concurrency, connections.BandwidthShare, connections.Arm));
        var files = new TransferAdvice(new(items, trial: AdviceKinds.Concurrency));
        Assert.Equal((2, 6), (files.Connections, files.Concurrency));
        var defaults = new TransferAdvice(new(items, useDefaults: true));
        Assert.Equal((4, 2, 0.3, "default"), (defaults.Connections, defaults.Concurrency, defaults.BandwidthShare, defaults.Arm));
    }

    [Fact]
    public void The_longest_silence_that_ended_is_counted_without_the_waits_of_the_download_itself()
    {
        var time = new FakeTimeProvider();
        var figures = new TransferFigures();
        using (var guard = new StallGuard(TimeSpan.FromSeconds(30), time, figures, TestContext.Current.CancellationToken))
        {
            time.Advance(TimeSpan.FromSeconds(3));
            guard.Answered();
            time.Advance(TimeSpan.FromSeconds(5));
            guard.Count(2_000);
            guard.Suspend();
            time.Advance(TimeSpan.FromMinutes(10));
            guard.Arm();
            time.Advance(TimeSpan.FromSeconds(2));
            guard.Count(1);
            Assert.False(guard.IsStalled);

            // It did not recover from this one.
            time.Advance(TimeSpan.FromSeconds(29));
            Assert.True(guard.IsStalled);
        }

        Assert.Equal(TimeSpan.FromSeconds(5), figures.LongestStall);
    }

    [Fact]
    public async Task Delays_are_random_up_to_twice_the_advised_one_and_double()
    {
        var advice = new TransferAdvice(new([Learned(AdviceKinds.RetryDelay, 2, 1, "network")]));
        var log = new RetryLog();
        var state = new RetryState();
        var policy = Policy(advice, log, TimeProvider.System, 0.0001);
        for (int i = 0; i < 3; i++)
        {
            await policy.WaitAsync(Broken(), state, 0, Host(), TestContext.Current.CancellationToken);
        }

        policy.Succeed(state);
        var end = await Assert.ThrowsAsync<DownloadException>(() => policy.WaitAsync(Broken(), state, 0, Host(), TestContext.Current.CancellationToken));
        Assert.Equal("It broke. Given up after 3 retries without progress.", end.Message);
        Assert.Equal("network 0 failed; network 0.001 failed; network 0.002 ok", log.Text());
    }

    [Fact]
    public async Task Progress_starts_the_count_again_and_hopeless_retries_end_early()
    {
        var log = new RetryLog();
        var state = new RetryState();
        var policy = Policy(new(), log, TimeProvider.System, 0);
        for (int i = 1; i <= 20; i++)
        {
            await policy.WaitAsync(Broken(), state, i << 20, Host(), TestContext.Current.CancellationToken);
        }

        Assert.Equal(20, log.Count);
        var hopeless = new TransferAdvice(new([Learned(AdviceKinds.RetrySuccess, 0.01, 0.5, "network")]));
        policy = Policy(hopeless, log, TimeProvider.System, 0);
        state = new();
        await policy.WaitAsync(Broken(), state, 0, Host(), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<DownloadException>(() => policy.WaitAsync(Broken(), state, 0, Host(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_wait_that_is_cut_off_is_no_retry_and_an_attempt_that_is_cut_off_has_not_failed()
    {
        var time = new FakeTimeProvider();
        var log = new RetryLog();
        var state = new RetryState();
        var policy = Policy(new(), log, time, 0.5);
        using var cancellation = new CancellationTokenSource();
        var first = policy.WaitAsync(Broken(), state, 0, Host(), CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(10));
        await first;
        Assert.Equal((1, null), (log.Count, log.Text()));
        var second = policy.WaitAsync(Broken(), state, 0, Host(), cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal((1, "network 1 failed"), (log.Count, log.Text()));
    }

    [Fact]
    public async Task A_server_that_asked_another_download_to_wait_is_told_as_what_is_waited_for()
    {
        var time = new FakeTimeProvider();
        var figures = new TransferFigures();
        var host = new HostLimit(null, null, time);
        host.Pause(TimeSpan.FromSeconds(30), "hub.example asks for fewer requests.");
        var policy = new RetryPolicy(new(), Limits, new(), figures, time, () => 0.5, null);
        var waiting = policy.WaitForHostAsync(new(), host, TestContext.Current.CancellationToken).AsTask();
        var wait = Assert.Single(figures.Waits);
        Assert.Equal(("hub.example asks for fewer requests.", "rate_limit", 0, time.GetUtcNow().AddSeconds(30)), (wait.Error, wait.ErrorCategory, wait.Retry, wait.Until));
        time.Advance(TimeSpan.FromSeconds(30));
        await waiting;
        Assert.Empty(figures.Waits);
    }

    [Fact]
    public void A_bucket_lets_a_quarter_of_a_second_through_and_then_the_rate()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(1_000, time);
        Assert.Equal(TimeSpan.Zero, bucket.Take(250));
        Assert.Equal(TimeSpan.FromSeconds(1), bucket.Take(1_000));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(0.5), bucket.Take(500));
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.FromSeconds(0.75), bucket.Take(1_000));
    }

    [Theory]
    [InlineData("a/b.bin", true)]
    [InlineData("a/.b", true)]
    [InlineData("", false)]
    [InlineData("../a", false)]
    [InlineData("a/../../b", false)]
    [InlineData("a/./b", false)]
    [InlineData("a//b", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("C:/a", false)]
    [InlineData("a\\..\\b", false)]
    [InlineData("a:stream", false)]
    [InlineData("con", false)]
    [InlineData("a/NUL.txt", false)]
    [InlineData("a.", false)]
    [InlineData("a \u0001", false)]
    public void Paths_that_leave_the_directory_or_mean_something_else_elsewhere_are_refused(string path, bool isFine) =>
        Assert.Equal(isFine, SafePath.Refuse(path) is null);

    [Fact]
    public void An_address_is_told_without_user_and_query_and_stored_without_secrets()
    {
        var url = new Uri("https://me:word@hub.example/org/m.bin?X-Amz-Signature=1&rev=2&access_token=3#part");
        Assert.Equal("https://hub.example/org/m.bin", SafeUrl.ForReports(url));
        Assert.Equal("https://hub.example/org/m.bin?rev=2", SafeUrl.ForDisk(url));
        Assert.True(SafeUrl.HasSecret(url));
        Assert.False(SafeUrl.HasSecret(new("https://hub.example/a?rev=2")));
        Assert.All(["pwd", "pass", "ticket", "access", "sas"], name => Assert.True(SafeUrl.HasSecret(new($"https://hub.example/a?{name}=1")), name));
    }

    private static AdviceItem Learned(string kind, double value, double safe, string? subject = null) => new()
    {
        Kind = kind,
        Subject = subject,
        Value = value,
        SafeDefault = safe,
        Unit = "",
        SampleCount = 50,
        Confidence = 0.9,
        ExpiresAt = DateTimeOffset.UnixEpoch,
        Reason = "It was measured.",
    };

    private static RetryPolicy Policy(TransferAdvice advice, RetryLog log, TimeProvider time, double random) => new(advice, Limits, log, new(), time, () => random, null);

    private static DownloadException Broken() => new(DownloadErrorCategory.Network, "It broke.") { IsTransient = true };

    private static HostLimit Host() => new(null, null, TimeProvider.System);
}
