using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Operations;
using PerfPortal.Tests.Analysis;
using Xunit;

namespace PerfPortal.Tests.Advice;

public sealed class AdviceHistoryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void A_download_is_remembered_with_what_it_reported()
    {
        var past = new Past();
        past.Download(
            20, 200e6, facts: [("connections", 8), ("concurrency", 2), ("retries", "network 1.5 failed; network 3 ok"), ("advice", "advised"), ("longest_stall_seconds", 2.5)]);
        var one = Assert.Single(past.History.Downloads("host", "file", "models.example"));
        Assert.Equal((8, 2, true, 200e6, 10e6, 2.5), (one.Connections, one.Concurrency, one.Advised, one.Bytes, one.Speed, one.LongestStall));
        Assert.Equal([new("network", 1.5, false), new("network", 3, true)], one.Retries);
    }

    [Theory]
    [InlineData("https://Models.Example/a", "models.example")]
    [InlineData("https://models.example:443/a", "models.example")]
    [InlineData("http://127.0.0.1:8080/a", "127.0.0.1:8080")]
    [InlineData("http://[::1]:8080/a", "[::1]:8080")]
    [InlineData("/only/a/path", "")]
    [InlineData("not a url", "")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void The_host_is_that_of_the_address(string? url, string host) => Assert.Equal(host, PastFacts.HostOf(url));

    [Fact]
    public void A_host_without_a_port_is_meant_with_any_port()
    {
        var key = new HistoryKey("s", "n", "127.0.0.1:8080");
        Assert.True(key.IsFrom("127.0.0.1"));
        Assert.True(key.IsFrom("127.0.0.1:8080"));
        Assert.False(key.IsFrom("127.0.0.1:80"));
        Assert.False(key.IsFrom("127.0.0.11"));
        Assert.False(new HistoryKey("s", "n", "127.0.0.1").IsFrom("127.0.0.1:8080"));
    }

    [Theory]
    [InlineData("network 1 ok", 1)]
    [InlineData("network 1 ok;", 1)]
    [InlineData(";;network 1 ok;;;", 1)]
    [InlineData("network -1 ok; network NaN ok; network 1e300 failed; network ok; network 1 maybe; 1 ok; network 1 ok extra; network 2 failed", 1)]
    [InlineData("", 0)]
    [InlineData("garbage", 0)]
    public void Retries_that_are_not_well_formed_are_left_out(string text, int count) => Assert.Equal(count, PastFacts.Retries(text).Count);

    [Fact]
    public void At_most_20_retries_of_an_operation_count()
    {
        Assert.Equal(20, PastFacts.Retries(string.Join("; ", Enumerable.Repeat("network 1 ok", 500))).Count);
        Assert.Equal("a b;c", Assert.Single(PastFacts.Attempts("a%20b%3Bc 2 ok")).Alternative);
    }

    [Fact]
    public void Facts_of_other_types_and_out_of_range_count_as_not_reported()
    {
        var past = new Past();
        past.Add(
            MetricType.DownloadOperation, "odd", 1, true, ("bytes_downloaded", "many"), ("connections", -4), ("concurrency", 1e9), ("retries", 7), ("advice", true), ("url", 3),
            ("longest_stall_seconds", -1.0));
        past.Add(MetricType.HealthCheck, "odd", 1, true, ("integrity_score", 7.0), ("corruption_detected", "yes"), ("check", 1), ("bytes_checked", -5.0));
        past.Add(MetricType.FallbackStrategy, "odd", 1, true, ("attempts", 1), ("chosen", 5), ("compatibility_score", -1.0));
        var download = Assert.Single(past.History.Downloads());
        Assert.Equal((null, null, null, null, null, null), (download.Bytes, download.Connections, download.Concurrency, download.Advised, download.Speed, download.LongestStall));
        Assert.Empty(download.Retries);
        var check = Assert.Single(past.History.Checks());
        Assert.Equal((null, null, null, null), (check.Score, check.Corrupted, check.IsFull, check.Bytes));
        var fallback = Assert.Single(past.History.Fallbacks());
        Assert.Equal((null, null), (fallback.Chosen, fallback.Score));
        Assert.Empty(fallback.Attempts);
    }

    [Fact]
    public void Other_types_the_portal_itself_and_what_was_cancelled_or_abandoned_are_not_learned()
    {
        var past = new Past();
        var one = Past.Operation(MetricType.DownloadOperation, "a", 1, true, Past.Start);
        past.Add(one with { Status = OperationStatus.Cancelled });
        past.Add(one with { Status = OperationStatus.Abandoned });
        past.Add(one with { Source = PortalSource.Name });
        past.Add(one with { MetricType = MetricType.ModelOperation });
        past.Add(one with { EndTime = null, Status = OperationStatus.Running });
        Assert.Empty(past.History.Downloads());
        past.Add(one);
        past.Add(one);
        Assert.Single(past.History.Downloads());
    }

    [Fact]
    public void A_clock_that_was_set_back_makes_no_negative_duration()
    {
        var past = new Past();
        past.Add(Past.Operation(MetricType.DownloadOperation, "a", -30, true, Past.Start));
        Assert.Equal(0, Assert.Single(past.History.Downloads()).Seconds);
    }

    [Fact]
    public void Operations_are_in_the_order_of_their_ends_whatever_the_order_of_their_reports()
    {
        var past = new Past();
        var random = new Random(3);
        foreach (int minute in Enumerable.Range(0, 300).OrderBy(_ => random.Next()))
        {
            past.Add(Past.Operation(MetricType.DownloadOperation, $"file{minute % 7}", 1, true, Past.Start.AddMinutes(minute)));
        }

        var ends = past.History.Downloads().Select(one => one.End).ToList();
        Assert.Equal(300, ends.Count);
        Assert.Equal(ends.Order(), ends);
    }

    [Fact]
    public void What_ended_more_than_seven_days_ago_no_longer_counts()
    {
        var past = new Past();
        past.Download(1, 1e6);
        past.Time.SetUtcNow(Past.Start.AddDays(6));
        Assert.Single(past.History.Downloads());
        past.Time.SetUtcNow(Past.Start.AddDays(8));
        Assert.Empty(past.History.Downloads());
    }

    [Fact]
    public void A_flood_of_names_stays_within_the_bounds_and_keeps_the_latest()
    {
        var latest = new LatestOperations<PastDownload>();
        for (int i = 0; i < 50_000; i++)
        {
            latest.Add(One(i, $"name{i}"));
        }

        Assert.InRange(latest.Count, LatestOperations<PastDownload>.MaxOperations * 7 / 8, LatestOperations<PastDownload>.MaxOperations);
        Assert.Equal(Past.Start.AddSeconds(49_999), Assert.Single(latest.Find(_ => true, Past.Start, 1)).End);
    }

    [Fact]
    public void One_busy_name_does_not_push_out_the_others()
    {
        var latest = new LatestOperations<PastDownload>();
        for (int i = 0; i < 100; i++)
        {
            latest.Add(One(i, "rare"));
        }

        for (int i = 0; i < 50_000; i++)
        {
            latest.Add(One(100 + i, "busy"));
        }

        Assert.Equal(100, latest.Find(key => key.Name == "rare", Past.Start, 10_000).Count);
        Assert.InRange(latest.Find(key => key.Name == "busy", Past.Start, 10_000).Count, LatestOperations<PastDownload>.MaxPerKey, 2 * LatestOperations<PastDownload>.MaxPerKey);
        latest.Forget("s");
        Assert.Equal(0, latest.Count);
    }

    [Fact]
    public void Reading_from_the_latest_to_the_earliest_keeps_the_latest_too()
    {
        var latest = new LatestOperations<PastDownload>();
        for (int i = 30_000; i > 0; i--)
        {
            latest.Add(One(i, $"name{i % 100}"));
        }

        var all = latest.Find(_ => true, Past.Start, 100_000);
        Assert.InRange(all.Count, LatestOperations<PastDownload>.MaxOperations * 7 / 8, LatestOperations<PastDownload>.MaxOperations);
        Assert.Equal(all.OrderBy(one => one.End), all);
        Assert.Equal(Past.Start.AddSeconds(30_000), all[^1].End);
    }

    [Fact]
    public async Task A_history_read_from_the_store_advises_the_same_as_the_one_that_was_told()
    {
        var past = new Past();
        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            past.Download(random.Next(1, 60), 100e6, random.Next(10) > 0, facts: [("connections", 1 << random.Next(4)), ("retries", "network 1 failed; network 2 ok"), ("advice", random.Next(8) > 0 ? "advised" : "default")]);
            past.Fallback($"a {random.Next(1, 5)} failed; b 2 ok");
            past.Check("m", 3, 1, random.Next(50) == 0, random.Next(5) == 0);
        }

        var stored = new MemoryOperations();
        stored.Ended.AddRange(past.Operations);
        var again = new AdviceHistory(past.Time);
        await again.LoadAsync(stored, Token);
        Assert.True(again.IsLoaded);
        var adviser = new Domain.Advice.Learned.HistoryAdviser(again, past, past.Time);
        foreach (var topic in Enum.GetValues<AdviceTopic>())
        {
            var question = new AdviceQuestion(topic, SizeBytes: 1 << 30);
            Assert.Equal(await past.AskAsync(question), await adviser.AdviseAsync(question, Token));
        }
    }

    [Fact]
    public async Task A_source_that_is_removed_is_forgotten_even_while_the_store_is_read()
    {
        var past = new Past();
        past.Download(1, 1e6);
        past.History.OnSourceRemoved("host");
        Assert.Empty(past.History.Downloads());
        var stored = new MemoryOperations();
        stored.Ended.AddRange(past.Operations);
        stored.Ended.AddRange(past.Operations.Select(one => one with { Id = Guid.NewGuid(), Source = "other", EndTime = one.EndTime!.Value.AddMinutes(1) }));
        var again = new AdviceHistory(past.Time);
        stored.BeforeScan = () => again.OnSourceRemoved("host");
        await again.LoadAsync(stored, Token);
        Assert.Equal("other", Assert.Single(again.Downloads()).Key.Source);
    }

    [Fact]
    public async Task What_is_committed_while_the_store_is_read_counts_once()
    {
        var past = new Past();
        past.Download(1, 1e6);
        var stored = new MemoryOperations();
        stored.Ended.AddRange(past.Operations);
        await past.History.LoadAsync(stored, Token);
        Assert.Single(past.History.Downloads());
    }

    private static PastDownload One(int second, string name) =>
        new() { Id = Guid.NewGuid(), Key = new("s", name, ""), End = Past.Start.AddSeconds(second), Succeeded = true, Seconds = 1 };
}
