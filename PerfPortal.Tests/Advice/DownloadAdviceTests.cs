using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Downloads;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Resources;
using Xunit;

namespace PerfPortal.Tests.Advice;

public sealed class DownloadAdviceTests
{
    private const double Mebi = 1 << 20;

    [Fact]
    public async Task With_too_few_downloads_the_answer_is_the_safe_default_and_says_how_many_are_missing()
    {
        var past = new Past();
        for (int i = 0; i < 3; i++)
        {
            past.Download(10, 100 * Mebi);
        }

        var items = await past.DownloadAsync(size: 100 << 20);
        Assert.All(items, item => Assert.Equal((0, item.SafeDefault), (item.Confidence, item.Value)));
        Assert.Equal("Only 3 successful downloads by host from models.example so far; at least 12 are needed.", items.Of(AdviceKinds.ExpectedSpeed).Reason);
        Assert.Null(items.Of(AdviceKinds.Eta).Value);
        Assert.Equal(3, items.Of(AdviceKinds.Eta).SampleCount);
        Assert.Equal(past.Time.GetUtcNow().AddMinutes(1), items.Of(AdviceKinds.Timeout).ExpiresAt);
    }

    [Fact]
    public async Task Without_any_history_every_kind_with_a_default_is_answered()
    {
        var items = await new Past().DownloadAsync();
        Assert.Equal(AdviceCatalog.RetryCategories, items.Where(item => item.Kind == AdviceKinds.RetryDelay).Select(item => item.Subject));
        Assert.Contains("No successful download", items.Of(AdviceKinds.Connections).Reason, StringComparison.Ordinal);
        Assert.Contains(" reports how many connections were chosen for it; ", items.Of(AdviceKinds.Connections).Reason, StringComparison.Ordinal);
        Assert.Contains(" reports how many files at a time were chosen for it; ", items.Of(AdviceKinds.Concurrency).Reason, StringComparison.Ordinal);
        Assert.Equal((4, 2, 30, 1), (items.Of(AdviceKinds.Connections).Value, items.Of(AdviceKinds.Concurrency).Value, items.Of(AdviceKinds.Timeout).Value, items.Of(AdviceKinds.BandwidthShare).Value));
    }

    [Fact]
    public async Task A_server_that_needs_five_seconds_to_recover_is_asked_again_after_five_seconds()
    {
        var past = new Past();
        for (int i = 0; i < 40; i++)
        {
            past.Download(10, 100 * Mebi, facts: [("retries", $"network 1 {(i % 5 == 0 ? "ok" : "failed")}; network 5 {(i % 10 != 0 ? "ok" : "failed")}")]);
        }

        var items = await past.DownloadAsync();
        var delay = items.Of(AdviceKinds.RetryDelay, "network");
        Assert.Equal((5, 1, 80), (delay.Value, delay.SafeDefault, delay.SampleCount));
        Assert.Equal("After network errors, 36 of 40 retries after 5.0 s succeeded (after 1.0 s, 20 %).", delay.Reason);
        Assert.Equal(44.5 / 81, items.Of(AdviceKinds.RetrySuccess, "network").Value!.Value, 12);
        Assert.Equal((2, 0d), (items.Of(AdviceKinds.RetryDelay, "server").Value, items.Of(AdviceKinds.RetryDelay, "server").Confidence));
        Assert.True(delay.ExpiresAt > past.Time.GetUtcNow().AddMinutes(5));
    }

    [Fact]
    public async Task A_server_that_answers_at_once_is_asked_again_soon()
    {
        var past = new Past();
        for (int i = 0; i < 40; i++)
        {
            past.Download(10, 100 * Mebi, facts: [("retries", i % 2 == 0 ? "server 0.5 ok" : "server 8 ok")]);
        }

        Assert.Equal(0.5, (await past.DownloadAsync()).Of(AdviceKinds.RetryDelay, "server").Value);
    }

    [Fact]
    public async Task A_retry_that_never_succeeded_is_not_worthwhile()
    {
        var past = new Past();
        for (int i = 0; i < 20; i++)
        {
            past.Download(10, 1 * Mebi, succeeded: false, facts: [("retries", "server 2 failed; server 4 failed"), ("error_category", "server")]);
        }

        var items = await past.DownloadAsync();
        Assert.False(new AdviceSet(items).IsRetryWorthwhile("server"));
        Assert.EndsWith("so retrying is not worthwhile.", items.Of(AdviceKinds.RetrySuccess, "server").Reason, StringComparison.Ordinal);
        Assert.True(new AdviceSet(items, useDefaults: true).IsRetryWorthwhile("server"));
    }

    [Fact]
    public async Task The_retries_of_one_outage_are_not_evidence_enough()
    {
        var past = new Past();
        for (int i = 0; i < 3; i++)
        {
            past.Download(10, 1 * Mebi, succeeded: false, facts: [("retries", string.Join("; ", Enumerable.Repeat("network 1 failed", 20)))]);
        }

        var item = (await past.DownloadAsync()).Of(AdviceKinds.RetrySuccess, "network");
        Assert.Equal((0.5, 0d, 60), (item.Value, item.Confidence, item.SampleCount));
        Assert.Contains("60 retries after network errors in 3 downloads", item.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_advised_delay_has_the_least_expected_time_of_all_that_were_tried_often()
    {
        var random = new Random(11);
        for (int round = 0; round < 500; round++)
        {
            var retries = Enumerable.Range(0, random.Next(5, 200)).Select(_ => new PastRetry("network", Math.Pow(2, random.NextDouble() * 10 - 3), random.NextDouble() < 0.6)).ToList();
            var tried = RetryAdvice.Tried(retries);
            Assert.Equal(retries.Count, tried.Sum(one => one.Count));
            if (RetryAdvice.Best(tried) is not { } best)
            {
                Assert.All(tried, one => Assert.True(one.Count < RetryAdvice.MinPerDelay));
                continue;
            }

            foreach (var other in tried.Where(one => one.Count >= RetryAdvice.MinPerDelay))
            {
                double expected = (other.Delay + RetryAdvice.AttemptSeconds) * (other.Count + 2) / (other.Succeeded + 1);
                Assert.True(best.ExpectedSeconds <= 1.05 * expected + 1e-9);
                Assert.True(other.Delay >= best.Delay || other.ExpectedSeconds > best.ExpectedSeconds);
            }
        }
    }

    [Fact]
    public async Task Connections_are_the_fewest_that_reach_the_speed_of_the_best()
    {
        // 10 MiB/s a connection, and 40 MiB/s altogether: four are enough.
        var items = await LevelsAsync(level => Math.Min(level * 10, 40), 1, 2, 4, 8, 16);
        Assert.Equal(4, items.Of(AdviceKinds.Connections).Value);
        Assert.StartsWith("4 connections reached 40", items.Of(AdviceKinds.Connections).Reason, StringComparison.Ordinal);
        Assert.False(items.Has(AdviceKinds.ConnectionsTrial));
    }

    [Fact]
    public async Task On_a_host_that_limits_all_connections_together_one_is_enough() =>
        Assert.Equal(1, (await LevelsAsync(_ => 30, 1, 2, 4, 8)).Of(AdviceKinds.Connections).Value);

    [Fact]
    public async Task When_one_number_was_used_so_far_the_next_one_is_tried()
    {
        var items = await LevelsAsync(level => level * 10, 4);
        Assert.Equal((4, 0d), (items.Of(AdviceKinds.Connections).Value, items.Of(AdviceKinds.Connections).Confidence));
        Assert.Equal(8, items.Of(AdviceKinds.ConnectionsTrial).Value);
        Assert.Null(items.Of(AdviceKinds.ConnectionsTrial).SafeDefault);
    }

    [Theory]
    [InlineData(new[] { 4, 8 }, 8, 16)]
    [InlineData(new[] { 4, 8, 16 }, 16, null)]
    public async Task A_limit_per_connection_is_explored_up_to_the_bound(int[] measured, int best, int? next)
    {
        var items = await LevelsAsync(level => level * 10, measured);
        Assert.Equal(best, items.Of(AdviceKinds.Connections).Value);
        Assert.Equal(next, items.SingleOrDefault(item => item.Kind == AdviceKinds.ConnectionsTrial)?.Value);
    }

    [Theory]
    [InlineData(new[] { 4, 8 }, 4, 2)]
    [InlineData(new[] { 2, 4, 8 }, 2, 1)]
    [InlineData(new[] { 1, 2, 4, 8 }, 1, null)]
    public async Task A_limit_per_host_is_explored_down_to_one(int[] measured, int best, int? next)
    {
        var items = await LevelsAsync(_ => 30, measured);
        Assert.Equal(best, items.Of(AdviceKinds.Connections).Value);
        Assert.Equal(next, items.SingleOrDefault(item => item.Kind == AdviceKinds.ConnectionsTrial)?.Value);
    }

    [Fact]
    public async Task Files_at_the_same_time_are_compared_by_what_they_receive_together()
    {
        var past = new Past();
        for (int i = 0; i < 40; i++)
        {
            int files = 1 << (i % 4);
            double each = Math.Min(10, 20.0 / files);
            past.Download(100 / each, 100 * Mebi, facts: [("concurrency", files)]);
        }

        Assert.Equal(2, (await past.DownloadAsync()).Of(AdviceKinds.Concurrency).Value);
    }

    [Fact]
    public async Task The_expected_duration_is_that_of_half_of_the_downloads_of_this_size()
    {
        var past = new Past();
        for (int i = 1; i <= 21; i++)
        {
            past.Download(i, 2048 * Mebi);
            past.Download(100, 1024);
        }

        var items = await past.DownloadAsync(size: 4096L << 20);
        Assert.Equal(22, items.Of(AdviceKinds.Eta).Value!.Value, 9);
        Assert.Equal(21, items.Of(AdviceKinds.Eta).SampleCount);
        Assert.Equal(2048 * Mebi / 11, items.Of(AdviceKinds.ExpectedSpeed).Value!.Value, 3);
        Assert.Equal("At the pace of 21 downloads of this size by host from models.example, 4 GiB takes 22.0 s, and one in ten takes 38.0 s or longer.", items.Of(AdviceKinds.Eta).Reason);
        Assert.False((await past.DownloadAsync()).Has(AdviceKinds.Eta));
    }

    [Fact]
    public async Task A_size_of_zero_takes_no_time_and_one_of_an_exabyte_stays_within_the_bound()
    {
        var past = new Past();
        for (int i = 0; i < 20; i++)
        {
            past.Download(10, 100 * Mebi);
        }

        Assert.Equal(0, (await past.DownloadAsync(size: 0)).Of(AdviceKinds.Eta).Value);
        Assert.Equal(AdviceCatalog.Find(AdviceKinds.Eta)!.Max, (await past.DownloadAsync(size: 1_000_000_000_000_000_000)).Of(AdviceKinds.Eta).Value);
    }

    [Fact]
    public async Task The_timeout_is_twice_the_longest_stall_but_for_one_in_a_hundred()
    {
        var past = new Past();
        for (int i = 1; i <= 100; i++)
        {
            past.Download(100, 100 * Mebi, facts: [("longest_stall_seconds", i == 100 ? 500.0 : i / 10.0)]);
        }

        Assert.Equal(2 * 9.9, (await past.DownloadAsync()).Of(AdviceKinds.Timeout).Value!.Value, 9);
    }

    [Fact]
    public async Task The_timeout_of_short_downloads_is_shorter_and_that_of_long_ones_is_not_guessed()
    {
        var (quick, slow) = (new Past(), new Past());
        for (int i = 0; i < 30; i++)
        {
            quick.Download(4, 100 * Mebi);
            slow.Download(400, 100 * Mebi);
        }

        Assert.Equal(8, (await quick.DownloadAsync()).Of(AdviceKinds.Timeout).Value);
        Assert.Equal((30, 0d), ((await slow.DownloadAsync()).Of(AdviceKinds.Timeout).Value, (await slow.DownloadAsync()).Of(AdviceKinds.Timeout).Confidence));
    }

    [Fact]
    public async Task Known_errors_are_named_with_their_share()
    {
        var past = new Past();
        for (int i = 0; i < 80; i++)
        {
            past.Download(4, 10 * Mebi, i >= 10, facts: [("error_category", i >= 10 ? null : i < 7 ? "rate_limit" : "network")]);
        }

        var items = await past.DownloadAsync();
        Assert.Equal(7 / 80.0, items.Of(AdviceKinds.KnownError, "rate_limit").Value);
        Assert.Equal(3 / 80.0, items.Of(AdviceKinds.KnownError, "network").Value);
        Assert.StartsWith("7 of 80 downloads by host from models.example failed with rate limit errors, most recently ", items.Of(AdviceKinds.KnownError, "rate_limit").Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(60, 0, 1)]
    [InlineData(95, 0, 0.25)]
    [InlineData(100, 0, 0.25)]
    [InlineData(77.5, 0, 0.625)]
    [InlineData(0, 10, 0.5)]
    [InlineData(95, 10, 0.125)]
    public async Task The_share_of_the_bandwidth_falls_with_the_load_of_the_host(double cpu, double sentMebi, double share)
    {
        var past = new Past { Load = Sample(cpu) };
        past.Load[ResourceMetric.NetworkTxBytesPerSecond] = sentMebi * Mebi;
        for (int i = 0; i < 20; i++)
        {
            past.Download(10, 100 * Mebi);
        }

        var item = (await past.DownloadAsync()).Of(AdviceKinds.BandwidthShare);
        Assert.Equal(share, item.Value!.Value, 9);
        Assert.Equal(share < 1, item.IsLearned);
        Assert.Contains("gpu-1 uses", item.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_of_yesterday_says_nothing_about_the_load_now()
    {
        var past = new Past { Load = new("gpu-1", Past.Start) };
        past.Load[ResourceMetric.CpuPercent] = 100;
        Assert.Equal((1, 0d), ((await past.DownloadAsync()).Of(AdviceKinds.BandwidthShare).Value, (await past.DownloadAsync()).Of(AdviceKinds.BandwidthShare).Confidence));
    }

    [Fact]
    public async Task A_file_that_was_loaded_once_is_advised_by_the_other_files_of_its_host()
    {
        var past = new Past();
        for (int i = 0; i < 20; i++)
        {
            past.Download(10, 100 * Mebi);
        }

        var item = (await past.AskAsync(new(AdviceTopic.Download, "host", "never seen", "models.example"))).Of(AdviceKinds.ExpectedSpeed);
        Assert.Equal(20, item.SampleCount);
        Assert.Equal(0, (await past.AskAsync(new(AdviceTopic.Download, "host", null, "elsewhere.example"))).Of(AdviceKinds.ExpectedSpeed).SampleCount);
    }

    [Fact]
    public void Confidence_grows_with_the_samples_and_falls_with_the_spread()
    {
        var random = new Random(2);
        for (int i = 0; i < 1000; i++)
        {
            long n = random.Next(1, 10_000);
            double spread = random.NextDouble() * 5;
            double one = Confidence.Of(n, spread);
            Assert.InRange(one, 0, 1);
            Assert.True(Confidence.Of(n + 1, spread) > one);
            Assert.True(Confidence.Of(n, spread + 0.1) < one);
        }

        Assert.Equal(0, Confidence.Of(0, 0));
        Assert.Equal(0, Confidence.Of(5, double.NaN));
        Assert.Equal(0.5, Confidence.Of(10, 0), 12);
        Assert.Equal(0, Confidence.OfSorted([]));
    }

    [Fact]
    public async Task Odd_histories_give_finite_advice_within_its_bounds()
    {
        var random = new Random(17);
        for (int round = 0; round < 60; round++)
        {
            var past = new Past { Step = TimeSpan.FromSeconds(random.Next(0, 100)) };
            for (int i = 0; i < random.Next(1, 80); i++)
            {
                past.Download(
                    random.Next(4) == 0 ? 0 : random.NextDouble() * 1e5, random.Next(4) == 0 ? 0 : random.NextDouble() * 1e12, random.Next(2) == 0,
                    facts: [("connections", random.Next(-2, 70)), ("concurrency", random.Next(-2, 70)), ("retries", $"network {random.NextDouble() * 1e4} ok; x {random.Next(-3, 4)} failed"), ("advice", random.Next(2) == 0 ? "advised" : "default")]);
            }

            foreach (long? size in new long?[] { null, 0, 1 << 20, 1L << 50 })
            {
                Assert.All(await past.DownloadAsync(size: size), item =>
                {
                    Assert.InRange(item.Confidence, 0, 1);
                    Assert.True(item.Value is null || double.IsFinite(item.Value.Value));
                    Assert.Equal(AdviceCatalog.Bound(item.Kind, item.Value), item.Value);
                    Assert.True(item.ExpiresAt > past.Time.GetUtcNow());
                    Assert.EndsWith(".", item.Reason, StringComparison.Ordinal);
                });
            }
        }
    }

    private static async Task<AdviceItem[]> LevelsAsync(Func<int, double> mebiPerSecond, params int[] levels)
    {
        var past = new Past();
        var random = new Random(7);
        for (int i = 0; i < 15 * levels.Length; i++)
        {
            int level = levels[i % levels.Length];
            past.Download(100 / mebiPerSecond(level) * (0.99 + (0.02 * random.NextDouble())), 100 * Mebi, facts: [("connections", level)]);
        }

        return await past.DownloadAsync();
    }

    private static ResourceSample Sample(double cpu)
    {
        var sample = new ResourceSample("gpu-1", Past.Start.AddDays(3).AddSeconds(-10));
        sample[ResourceMetric.CpuPercent] = cpu;
        return sample;
    }
}
