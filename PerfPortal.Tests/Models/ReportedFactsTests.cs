using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using PerfPortal.Tests.Advice;
using PerfPortal.Tests.Models.Downloads;
using PerfPortal.Tests.Models.Fallbacks;
using Xunit;

namespace PerfPortal.Tests.Models;

/// <summary>What components report is what advice reads.</summary>
public sealed class ReportedFactsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_attempts_of_a_fallback_are_read_with_their_names_times_and_outcomes()
    {
        string[] names = ["llama 3b; q4", "100% café", "mistral\t7b", "%20", "ok failed 1"];
        var bench = new FallbackBench();
        await bench.Manager.ExecuteAsync(
            FallbackBench.GroupOf(names), FallbackRequest.Any,
            (candidate, _) =>
            {
                bench.Time.Advance(TimeSpan.FromMilliseconds(1_500));
                return candidate.Name == names[^1] ? Task.FromResult(1) : throw new InvalidOperationException("It is away.");
            },
            Token);
        var past = Assert.IsType<PastFallback>(PastFacts.Of(Assert.Single(bench.Ended)));
        Assert.Equal(names.Select(name => new PastAttempt(name, 1.5, name == names[^1])), past.Attempts);
        Assert.Equal((names[^1], true, false, 7.5), (past.Chosen, past.Succeeded, past.Advised, past.Seconds));
    }

    [Theory]
    [InlineData(30, 20)]
    [InlineData(150, 10)]
    public async Task Of_more_attempts_than_are_reported_the_first_ones_are_read(int length, int reported)
    {
        string[] names = [.. Enumerable.Range(0, 30).Select(i => $"{i:00} " + new string('é', length))];
        var bench = new FallbackBench();
        await Assert.ThrowsAsync<FallbackException>(() => bench.Manager.ExecuteAsync<int>(
            FallbackBench.GroupOf(names), FallbackRequest.Any, (_, _) => throw new InvalidOperationException("It is away."), Token));
        var past = Assert.IsType<PastFallback>(PastFacts.Of(Assert.Single(bench.Ended)));
        Assert.Equal(names.Take(reported), past.Attempts.Select(attempt => attempt.Alternative));
        Assert.False(past.Succeeded);
    }

    [Fact]
    public async Task The_retries_connections_and_stalls_of_a_download_are_read()
    {
        await using var server = new OddServer(DownloadBench.Random(3 << 20));
        server.Behave = (_, number) => number is 1 or 2 ? new(503, []) : null;
        await using var bench = new DownloadBench(options => options with { Connections = 1 });
        await bench.LoadAsync(server);
        var past = Assert.IsType<PastDownload>(PastFacts.Of(Assert.Single(bench.Operations)));
        Assert.Equal([("server", false), ("server", true)], past.Retries.Select(retry => (retry.Category, retry.Succeeded)));
        Assert.All(past.Retries, retry => Assert.InRange(retry.Delay, 0, 0.1));
        Assert.Equal(($"127.0.0.1:{server.Port}", 3 << 20, 1, 1, false), (past.Key.Host, past.Bytes, past.Connections, past.Concurrency, past.Advised));
        Assert.True(past is { Speed: > 0, LongestStall: > 0 });
        Assert.True(past.Key.IsFrom("127.0.0.1"));
    }

    [Theory]
    [InlineData(6 << 20, 4, 4)]
    [InlineData(3 << 20, 16, 6)]
    [InlineData(100_000, 4, 1)]
    public async Task The_connections_are_those_that_were_chosen_as_far_as_the_file_has_pieces_and_not_those_that_happened_to_be_open(int bytes, int chosen, int reported)
    {
        await using var server = new OddServer(DownloadBench.Random(bytes));
        await using var bench = new DownloadBench(options => options with { Connections = chosen });
        await bench.LoadAsync(server);
        var operation = Assert.Single(bench.Operations);
        Assert.Equal((reported, 1), ((int)operation.Metadata[AdviceFacts.Connections].Numeric!.Value, (int)operation.Metadata[AdviceFacts.Files].Numeric!.Value));
        Assert.InRange(operation.Metadata[AdviceFacts.ConnectionsPeak].Numeric!.Value, 1, chosen);
    }

    [Fact]
    public async Task A_silence_that_ended_teaches_the_timeout()
    {
        await using var server = new OddServer(DownloadBench.Random(20_000));
        server.Behave = (request, _) => server.Ordinary(request) with { Between = Task.Delay(TimeSpan.FromMilliseconds(120), Token) };
        await using var bench = new DownloadBench();
        await bench.LoadAsync(server);
        var operation = Assert.Single(bench.Operations);
        Assert.InRange(operation.Metadata[AdviceFacts.LongestStall].Numeric!.Value, 0.08, 20);
        var past = new Past();
        for (int i = 0; i < 30; i++)
        {
            var end = Past.Start.AddMinutes(i);
            past.Add(operation with { Id = Guid.NewGuid(), StartTime = end.AddSeconds(-1), EndTime = end });
        }

        var timeout = (await past.AskAsync(new(AdviceTopic.Download, "host", null, $"127.0.0.1:{server.Port}", 20_000))).Of(AdviceKinds.Timeout);
        Assert.True(timeout.IsLearned);
        Assert.Contains("the longest time without progress was", timeout.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_download_that_fails_tells_the_category_of_its_error()
    {
        await using var server = new OddServer([1, 2, 3]);
        server.Behave = (_, _) => new(503, []);
        await using var bench = new DownloadBench(options => options with { MaxRetries = 2 });
        await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(server));
        var past = Assert.IsType<PastDownload>(PastFacts.Of(Assert.Single(bench.Operations)));
        Assert.Equal((false, "server", 2), (past.Succeeded, past.ErrorCategory, past.Retries.Count));
        Assert.All(past.Retries, retry => Assert.False(retry.Succeeded));
    }
}
