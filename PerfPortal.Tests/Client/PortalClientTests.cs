using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Client;
using PerfPortal.Domain.Operations;
using PerfPortal.Tests.Api;
using Xunit;
using PortalClient = PerfPortal.Domain.Client.PortalClient;

namespace PerfPortal.Tests.Client;

public sealed class PortalClientTests
{
    [Fact]
    public async Task Ended_operations_arrive_in_a_compressed_batch_with_the_key()
    {
        await using var bench = new ClientBench();
        using (var scope = bench.Client.Tracker.Start(MetricType.DownloadOperation, "model.bin", "loader"))
        {
            scope.Set("bytes_total", 1_000L);
            scope.Report(500, 1_000, "B");
            scope.Fail("timeout", "No answer.");
        }

        bench.Track("a", "b");
        await bench.UntilAsync(() => bench.Portal.Count == 3, "all arrive");
        var batch = bench.Portal.Batches[0];
        Assert.Equal(("/base/api/v1/performance/operations/batch", "application/x-ndjson", "Bearer secret-key"), (batch.Path, batch.MediaType, batch.Key));
        var download = batch.Items.Single(item => item.GetProperty("operation_name").GetString() == "model.bin");
        Assert.Equal(("loader", "failed", "timeout", 500), (download.GetProperty("source").GetString(), download.GetProperty("status").GetString(), download.GetProperty("error_type").GetString(), download.GetProperty("progress").GetProperty("done").GetDouble()));
        Assert.Equal("host-a", batch.Items.First(item => item.GetProperty("operation_name").GetString() == "a").GetProperty("source").GetString());
        await bench.UntilAsync(() => bench.Status is { IsConnected: true, Operations: { Queued: 0, Sent: 3 } }, "they are counted");
        Assert.Equal(new DeliveryCounts(0, 0, 3, 0, 0, 0, 0), bench.Status.Operations);
    }

    [Fact]
    public async Task A_portal_that_is_away_costs_nothing_and_what_arrived_unanswered_counts_once()
    {
        await using var bench = new ClientBench();
        bench.Portal.Script = ScriptedPortal.Away;
        bench.Track("a", "b");
        await bench.UntilAsync(() => bench.Portal.Batches.Count >= 3, "it is tried again");
        Assert.Equal((false, "Connection refused", 2), (bench.Status.IsConnected, bench.Status.LastError, bench.Status.Operations.Queued));

        // The answer gets lost after the portal has stored the batch.
        bool isLost = false;
        bench.Portal.Script = request =>
        {
            if (isLost || request.Path.Contains("batch", StringComparison.Ordinal) is false)
            {
                return null;
            }

            isLost = true;
            foreach (var item in request.Items)
            {
                Assert.NotNull(item.GetProperty("id").GetString());
            }

            return new HttpResponseMessage(HttpStatusCode.GatewayTimeout);
        };
        await bench.UntilAsync(() => bench.Status.Operations is { Queued: 0, Sent: 2 }, "all arrive");
        var ids = bench.Portal.Batches.Select(batch => string.Join(' ', batch.Items.Select(item => item.GetProperty("id").GetString()))).Distinct();
        Assert.Single(ids);
        Assert.Single(bench.Log.All, entry => entry.Level == LogLevel.Warning);
        Assert.Contains(bench.Log.All, entry => entry.Message.Contains("accepts reports again", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Retry_after_is_honoured(HttpStatusCode status)
    {
        await using var bench = new ClientBench();
        var asked = new HttpResponseMessage(status);
        asked.Headers.RetryAfter = new(TimeSpan.FromSeconds(40));
        bench.Portal.Script = _ => bench.Portal.Batches.Count == 1 ? asked : null;
        bench.Track("a");
        await bench.UntilAsync(() => bench.Portal.Count == 1, "it arrives");
        Assert.Equal(2, bench.Portal.Batches.Count);
        Assert.True(bench.Portal.Batches[1].At - bench.Portal.Batches[0].At >= TimeSpan.FromSeconds(40));
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Redirect)]
    public async Task A_refusal_is_told_once_and_loses_nothing(HttpStatusCode status)
    {
        await using var bench = new ClientBench();
        bench.Portal.Script = _ => new(status);
        bench.Track("a");
        await bench.UntilAsync(() => bench.Portal.Batches.Count == 3, "it is tried again");
        Assert.StartsWith(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture), bench.Status.LastError, StringComparison.Ordinal);
        Assert.True(bench.Portal.Batches[2].At - bench.Portal.Batches[1].At >= TimeSpan.FromSeconds(30));
        var warning = Assert.Single(bench.Log.All, entry => entry.Level == LogLevel.Warning);
        Assert.Contains("Check the address and the key", warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", warning.Message, StringComparison.Ordinal);
        bench.Portal.Script = _ => null;
        await bench.UntilAsync(() => bench.Portal.Count == 1, "the key is accepted");
    }

    [Fact]
    public async Task A_web_page_in_place_of_the_portal_is_not_taken_for_an_answer()
    {
        await using var bench = new ClientBench();
        bench.Portal.Script = _ => new(HttpStatusCode.OK) { Content = new StringContent("<html>Sign in to this network</html>") };
        bench.Client.OnSample(bench.Sample(5), TimeSpan.FromSeconds(30));
        bench.Track("a");
        await bench.UntilAsync(() => bench.Portal.Batches.Count + bench.Portal.SampleBatches.Count >= 3, "it is tried again");
        Assert.Equal((1, 1, "the answer is not that of a PerfPortal"), (bench.Status.Operations.Queued, bench.Status.Samples.Queued, bench.Status.LastError));
        bench.Portal.Script = _ => null;
        await bench.UntilAsync(() => bench.Status is { Operations.Sent: 1, Samples.Sent: 1 }, "both arrive");
    }

    [Fact]
    public async Task A_batch_that_is_too_large_is_halved_and_only_the_operation_at_fault_is_rejected()
    {
        await using var bench = new ClientBench();
        bench.Portal.Script = request => request.Path.EndsWith("batch", StringComparison.Ordinal) && (request.Items.Count > 3 || request.Text.Contains("huge", StringComparison.Ordinal))
            ? ScriptedPortal.Problem(413, "The limit is 3.")
            : null;
        bench.Track([.. Enumerable.Range(0, 10).Select(i => i == 6 ? "huge" : "n" + i)]);
        await bench.UntilAsync(() => bench.Status.Operations is { Queued: 0, Sent: 9, Rejected: 1 }, "nine arrive");
        Assert.Equal(["n0", "n1", "n2", "n3", "n4", "n5", "n7", "n8", "n9"], bench.Portal.Names);
        Assert.Contains("The limit is 3.", bench.Status.LastRejection, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rejected_operation_is_counted_with_its_reason_and_not_sent_again()
    {
        await using var bench = new ClientBench();
        bench.Portal.Reject = item => item.GetProperty("operation_name").GetString() == "poison" ? "retry_count must be an integer of at least 0." : null;
        bench.Track("a", "poison", "b");
        await bench.UntilAsync(() => bench.Status.Operations is { Queued: 0, Sent: 2, Rejected: 1 }, "the others arrive");
        Assert.Equal("retry_count must be an integer of at least 0.", bench.Status.LastRejection);
        bench.Track("c");
        await bench.UntilAsync(() => bench.Portal.Count == 3, "it goes on");
        Assert.Single(bench.Portal.Batches, batch => batch.Text.Contains("poison", StringComparison.Ordinal));
        Assert.Contains(bench.Log.All, entry => entry.Message.Contains("retry_count must be", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Invalid_samples_are_left_out_by_their_pointers()
    {
        await using var bench = new ClientBench();

        // So that all of them are in one batch.
        bench.Portal.Script = ScriptedPortal.Away;
        foreach (double cpu in new[] { 1.0, 200, 3, 400, 5 })
        {
            bench.Client.OnSample(bench.Sample(cpu), TimeSpan.FromSeconds(30));
        }

        await bench.UntilAsync(() => bench.Status.Samples.Queued == 5, "all wait");
        bench.Portal.Script = request => request.Path.EndsWith("resources", StringComparison.Ordinal)
            && request.Items.Select((item, index) => (item, index)).Where(pair => pair.item.GetProperty("cpu_percent").GetDouble() > 100).Select(pair => pair.index).ToList() is { Count: > 0 } wrong
                ? ScriptedPortal.Problem(400, "The request is not valid.", JsonSerializer.Serialize(wrong.Select(index => new { detail = $"Sample {index}: too much.", pointer = $"/{index}/cpu_percent" })))
                : null;
        await bench.UntilAsync(() => bench.Status.Samples is { Queued: 0, Sent: 3, Rejected: 2 }, "three arrive");
        Assert.Equal([1.0, 3, 5], bench.Portal.SampleBatches[^1].Items.Select(item => item.GetProperty("cpu_percent").GetDouble()));
    }

    [Fact]
    public async Task While_the_portal_is_away_memory_is_bounded_and_the_newest_are_kept()
    {
        await using var bench = new ClientBench(options => options with { BufferedOperations = 1_000, BatchSize = 100, BufferedSamples = 10 });
        bench.Portal.Script = ScriptedPortal.Away;
        for (int i = 0; i < 50_000; i++)
        {
            bench.Track("n" + i);

            // Too little for the client to drain by itself meanwhile.
            bench.Clock.Advance(TimeSpan.FromMicroseconds(1));
            if (i % 500 == 499)
            {
                // Operations that are drained together are ordered by their end.
                bench.Client.Tracker.Drain();
            }
        }

        for (int i = 0; i < 30; i++)
        {
            bench.Client.OnSample(bench.Sample(i), TimeSpan.FromSeconds(30));
        }

        await bench.UntilAsync(() => bench.Status is { Operations: { Queued: 1_000, Dropped: 49_000 }, Samples: { Queued: 10, Dropped: 20 } }, "the oldest are dropped");
        await bench.UntilAsync(() => bench.Log.All.Any(entry => entry.Message.Contains("were dropped", StringComparison.Ordinal)), "it is told");
        bench.Portal.Script = _ => null;
        await bench.UntilAsync(() => bench.Portal.Count == 1_000, "the rest arrives");
        Assert.Equal(Enumerable.Range(49_000, 1_000).Select(i => "n" + i), bench.Portal.Names);
    }

    [Fact]
    public async Task Bytes_are_bounded_too()
    {
        await using var bench = new ClientBench(options => options with { BufferMegabytes = 1 });
        bench.Portal.Script = ScriptedPortal.Away;
        for (int i = 0; i < 200; i++)
        {
            using var scope = bench.Client.Tracker.Start(MetricType.ModelOperation, "long");
            scope.Fail("error", new string('x', 8_000));
        }

        bench.Client.Tracker.Drain();

        // What is being sent at the moment is neither; it comes back, because nobody answers.
        await Eventually.TrueAsync(() => Task.FromResult(bench.Status.Operations is var counts && counts.Queued + counts.Dropped == 200), "every report is queued or dropped");
        Assert.InRange(bench.Status.Operations.Queued, 100, 130);
    }

    [Fact]
    public async Task Disposing_delivers_what_is_left_and_ends_what_runs_as_abandoned()
    {
        await using var bench = new ClientBench(options => options with { FlushInterval = TimeSpan.FromMinutes(10) });
        bench.Client.OnSample(bench.Sample(5), TimeSpan.Zero);
        bench.Track("a", "b");
        var running = bench.Client.Tracker.Start(MetricType.HealthCheck, "running");
        await bench.CloseAsync();
        Assert.Equal(["a", "b", "running"], bench.Portal.Names.Order());
        Assert.Equal(1, bench.Status.Samples.Sent);
        var abandoned = bench.Portal.Batches.SelectMany(batch => batch.Items).Single(item => item.GetProperty("operation_name").GetString() == "running");
        Assert.Equal(("abandoned", PortalClient.ClientStopped), (abandoned.GetProperty("status").GetString(), abandoned.GetProperty("error_type").GetString()));

        // The host goes on: nothing throws, and what is lost is counted.
        running.Complete();
        bench.Track("late");
        bench.Client.Tracker.Drain();
        bench.Client.OnSample(bench.Sample(5), TimeSpan.Zero);
        await bench.Client.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal((2, 1), (bench.Status.Operations.Dropped, bench.Status.Samples.Dropped));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Disposing_without_a_connection_ends_within_the_grace(bool hangs)
    {
        await using var bench = new ClientBench();
        using var never = new HangingHandler();
        var client = new PortalClient(bench.Options, hangs ? never : bench.Portal, bench.Clock, bench.Log);
        bench.Portal.Script = ScriptedPortal.Away;
        using (var scope = client.Tracker.Start(MetricType.ModelOperation, "a"))
        {
            scope.Complete();
        }

        client.Tracker.Drain();
        var began = bench.Clock.GetUtcNow();
        var closing = client.DisposeAsync().AsTask();
        await bench.UntilAsync(() => closing.IsCompleted, "it is closed", 0.1);
        await closing;
        Assert.InRange(bench.Clock.GetUtcNow() - began, TimeSpan.Zero, TimeSpan.FromSeconds(60));
        Assert.Equal((0, 1), (client.Status.Operations.Queued, client.Status.Operations.Dropped));
        Assert.Contains(bench.Log.All, entry => entry.Message.Contains("1 reports were dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Steps_of_the_clock_stop_nothing()
    {
        await using var bench = new ClientBench();
        bench.Track("before");
        await bench.UntilAsync(() => bench.Portal.Count == 1, "the first arrives");
        bench.Clock.WallClockOffset = TimeSpan.FromHours(-3);
        bench.Track("back");
        await bench.UntilAsync(() => bench.Portal.Count == 2, "the second arrives");
        bench.Portal.Script = ScriptedPortal.Away;
        bench.Track("ahead");
        await bench.UntilAsync(() => bench.Portal.Batches.Count >= 4, "it is tried");
        bench.Clock.WallClockOffset = TimeSpan.FromDays(30);
        bench.Portal.Script = _ => null;
        await bench.UntilAsync(() => bench.Portal.Count == 3, "the third arrives");
        Assert.All(bench.Portal.Batches.SelectMany(batch => batch.Items), item => Assert.True(item.GetProperty("end_time").GetDateTime() >= item.GetProperty("start_time").GetDateTime()));
    }

    [Fact]
    public async Task Operations_of_many_threads_arrive_once_each()
    {
        const int Threads = 8;
        const int Each = 2_000;
        await using var bench = new ClientBench(options => options with { BatchSize = 500 });
        int calls = 0;
        bench.Portal.Script = _ => Interlocked.Increment(ref calls) % 3 == 1 ? throw new HttpRequestException("Connection reset") : null;
        var work = Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                bench.Track($"{thread}-{i}");
            }
        })).ToArray();
        await bench.UntilAsync(() => bench.Portal.Count == Threads * Each && work.All(task => task.IsCompletedSuccessfully), "all arrive");
        Assert.Equal(Threads * Each, bench.Portal.Names.Distinct().Count());
        await bench.UntilAsync(() => bench.Status.Operations is { Queued: 0, Sent: Threads * Each, Dropped: 0 }, "they are counted");
    }

    [Fact]
    public async Task Flushing_waits_until_everything_is_delivered()
    {
        await using var bench = new ClientBench(options => options with { FlushInterval = TimeSpan.FromMinutes(10) });
        bench.Track("a");
        await bench.Client.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, bench.Portal.Count);
        bench.Portal.Script = ScriptedPortal.Away;
        bench.Track("b");
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Client.FlushAsync(soon.Token));
        Assert.Equal(1, bench.Status.Operations.Queued);
    }

    [Fact]
    public async Task Text_that_would_break_a_line_or_is_not_valid_unicode_harms_no_other_operation()
    {
        await using var bench = new ClientBench();
        using (var scope = bench.Client.Tracker.Start(MetricType.ModelOperation, "odd \ud800 name"))
        {
            scope.Set("json", MetadataValue.FromJson("{\r\n \"a\": [1,\n2] }"));
            scope.Set("text", "two\nlines");
            scope.Set("", "no name");
            scope.Report(1, 2, new string('u', 60));
            scope.Complete();
        }

        using (var broken = bench.Client.Tracker.Start(MetricType.ModelOperation, "broken"))
        {
            broken.Set("json", MetadataValue.FromJson("{\"a\":\"\ud800\"}"));
            broken.Complete();
        }

        bench.Track("plain");
        await bench.UntilAsync(() => bench.Portal.Names.Contains("plain"), "the plain one arrives");
        var odd = bench.Portal.Batches[0].Items[0];
        Assert.Equal("odd \ufffd name", odd.GetProperty("operation_name").GetString());
        Assert.Equal(("two\nlines", 2), (odd.GetProperty("metadata").GetProperty("text").GetString(), odd.GetProperty("metadata").EnumerateObject().Count()));
        Assert.Equal(40, odd.GetProperty("progress").GetProperty("unit").GetString()!.Length);
        Assert.Equal(3, bench.Portal.Count + bench.Status.Operations.Dropped);
    }

    [Fact]
    public void Options_that_are_not_valid_are_told_all_at_once_without_the_key()
    {
        var options = new PortalClientOptions { Address = new("ftp://portal.example"), Source = " ", Key = "with space", BatchSize = 0, ShutdownGrace = TimeSpan.FromHours(1) };
        string message = Assert.Throws<ArgumentException>(() => new PortalClient(options)).Message;
        foreach (string error in new[] { "Address must", "Source must", "Key must", "BatchSize must", "ShutdownGrace must" })
        {
            Assert.Contains(error, message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("with space", message + options, StringComparison.Ordinal);
        Assert.Contains("reserved", string.Concat((options with { Source = "perfportal" }).Validate()), StringComparison.Ordinal);
    }

    private sealed class HangingHandler : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new(HttpStatusCode.OK);
        }
    }
}
