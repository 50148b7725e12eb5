using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Client;
using PerfPortal.Tests.Settings;
using Xunit;
using PortalClient = PerfPortal.Domain.Client.PortalClient;

namespace PerfPortal.Tests.Client;

public sealed class SpillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task What_does_not_fit_in_memory_goes_to_files_and_arrives_in_order_when_the_portal_is_back()
    {
        await using var bench = Bench(options => options with { BufferedOperations = 100, BatchSize = 10 });
        bench.Portal.Script = ScriptedPortal.Away;
        for (int i = 0; i < 400; i++)
        {
            bench.Track("n" + i);
            bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
            if (i % 20 == 19)
            {
                bench.Client.Tracker.Drain();
                await bench.PassAsync(1);
                await bench.UntilAsync(() => bench.Status.Operations.Queued < 60, "there is room");
            }
        }

        await bench.UntilAsync(() => bench.Status.Operations is { Queued: < 51, Dropped: 0 } counts && counts.Queued + counts.InFiles == 400, "nothing is dropped");
        Assert.True(bench.Status.SpillBytes > 1_000);
        Assert.NotEmpty(Files());
        bench.Portal.Script = _ => null;
        await bench.UntilAsync(() => bench.Portal.Count == 400, "all arrive", 5);
        await bench.UntilAsync(() => bench.Status is { SpillBytes: 0, Operations: { InFiles: 0, Sent: 400, Spilled: >= 350 } }, "the files are gone");
        Assert.Empty(Files());
        var spilled = bench.Portal.Names.Where(name => int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture) < 300).ToList();
        Assert.Equal(spilled.OrderBy(name => int.Parse(name[1..], System.Globalization.CultureInfo.InvariantCulture)), spilled);
    }

    [Fact]
    public async Task What_a_client_could_not_deliver_is_delivered_by_the_next()
    {
        await using (var bench = Bench())
        {
            bench.Portal.Script = ScriptedPortal.Away;
            bench.Client.OnSample(bench.Sample(7), TimeSpan.FromSeconds(30));
            bench.Track("a", "b");
            var began = bench.Clock.GetUtcNow();
            await bench.CloseAsync();
            Assert.Equal((2, 1, 0), (bench.Status.Operations.InFiles, bench.Status.Samples.InFiles, bench.Status.Operations.Dropped));
            Assert.True(bench.Clock.GetUtcNow() - began < TimeSpan.FromSeconds(5), "Files need no waiting.");
        }

        await using var next = Bench();
        Assert.Equal((2, 1), (next.Status.Operations.InFiles, next.Status.Samples.InFiles));
        await next.UntilAsync(() => next.Portal.Count == 2 && next.Portal.SampleBatches.Count == 1, "all arrive", 5);
        await next.UntilAsync(() => next.Status.SpillBytes == 0, "the files are gone");
        Assert.Equal(7, next.Portal.SampleBatches[0].Items[0].GetProperty("cpu_percent").GetDouble());
    }

    [Fact]
    public async Task What_waits_for_a_portal_that_is_away_is_in_files_after_a_minute()
    {
        await using var bench = Bench();
        bench.Portal.Script = ScriptedPortal.Away;
        bench.Track("a");
        bench.Client.OnSample(bench.Sample(7), TimeSpan.FromSeconds(30));
        await bench.PassAsync(30);
        Assert.Equal((1, 0), (bench.Status.Operations.Queued, bench.Status.Operations.InFiles));
        await bench.UntilAsync(() => bench.Status is { Operations: { Queued: 0, InFiles: 1 }, Samples: { Queued: 0, InFiles: 1 } }, "both are in files");

        // The next minute makes one file of each kind, not one for each report.
        bench.Track("b");
        await bench.PassAsync(10);
        bench.Track("c");
        await bench.UntilAsync(() => bench.Status.Operations is { Queued: 0, InFiles: 3 }, "the others are in a file");
        Assert.Equal(3, Files().Length);
        bench.Portal.Script = _ => null;
        await bench.UntilAsync(() => bench.Portal.Count == 3 && bench.Status.SpillBytes == 0, "all arrive", 5);
    }

    [Fact]
    public async Task A_file_that_a_crash_cut_off_loses_its_last_line_only()
    {
        await using (var bench = Bench())
        {
            bench.Portal.Script = ScriptedPortal.Away;
            bench.Track("a", "b", "c");
            await bench.CloseAsync();
        }

        string file = Assert.Single(Files());
        byte[] bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(file, bytes[..^20], TestContext.Current.CancellationToken);
        await using var next = Bench();
        await next.UntilAsync(() => next.Portal.Count == 2, "the whole lines arrive", 5);
        await next.UntilAsync(() => Files().Length == 0, "the file is gone");
        Assert.Equal(["a", "b"], next.Portal.Names);
        Assert.Contains(next.Log.All, entry => entry.Message.Contains("was cut off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_damaged_file_is_rejected_by_the_line()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "000000000007.samples.ndjson"), [.. new byte[100], (byte)'\n', .. "{\"source\":\"host-a\",\"cpu_percent\":5}\n"u8], TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "notes.txt"), "not a report", TestContext.Current.CancellationToken);
        await using var bench = Bench();
        bench.Portal.Script = request => request.Text.Contains('\0', StringComparison.Ordinal) ? ScriptedPortal.Problem(400, "The body is not valid JSON.", "[]") : null;
        await bench.UntilAsync(() => bench.Status.Samples is { Sent: 1, Rejected: 1, InFiles: 0 }, "the good one arrives", 5);
        Assert.Equal(["lock", "notes.txt"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task The_directory_is_bounded_and_the_oldest_file_goes_first()
    {
        await using var bench = Bench(options => options with { SpillMegabytes = 1, BufferedOperations = 20, BatchSize = 10 });
        bench.Portal.Script = ScriptedPortal.Away;
        for (int i = 0; i < 400; i++)
        {
            using var scope = bench.Client.Tracker.Start(Domain.Operations.MetricType.ModelOperation, "n" + i);
            scope.Fail("error", new string('x', 8_000));
            if (i % 5 == 4)
            {
                bench.Client.Tracker.Drain();
                await bench.UntilAsync(() => bench.Status.Operations.Queued < 10, "there is room");
            }
        }

        Assert.InRange(bench.Status.SpillBytes, 500_000, 1_048_576);
        Assert.Equal(400, bench.Status.Operations.Queued + bench.Status.Operations.InFiles + bench.Status.Operations.Dropped);
        Assert.True(bench.Status.Operations.Dropped > 200);
        Assert.Equal(bench.Status.SpillBytes, Files().Sum(file => new FileInfo(file).Length));
        bench.Portal.Script = _ => null;
        await bench.UntilAsync(() => bench.Status.Operations is { Queued: 0, InFiles: 0 }, "the rest arrives", 5);
        Assert.Contains("n399", bench.Portal.Names);
    }

    [Fact]
    public void What_memory_can_keep_deletes_no_older_file_until_the_client_is_closed()
    {
        var queue = new ReportQueue(ReportKind.Operations, 1_000, 32 * 1024 * 1024);
        using var spill = new Spill(SmallFiles(), _ => queue.Tally, NullLogger.Instance);
        queue.Add(new byte[600_000]);
        spill.Take(queue, all: true);
        Assert.Equal((0, 1), (queue.Count, spill.Count(ReportKind.Operations)));

        queue.Add(new byte[600_000]);
        spill.Take(queue, all: true);
        Assert.Equal((1, 1, 0), (queue.Count, spill.Count(ReportKind.Operations), (int)queue.Tally.Dropped));

        spill.Take(queue, all: true, isLast: true);
        Assert.Equal((0, 1, 1), (queue.Count, spill.Count(ReportKind.Operations), (int)queue.Tally.Dropped));
    }

    [Fact]
    public void A_half_full_buffer_goes_to_files_in_place_of_older_ones()
    {
        var queue = new ReportQueue(ReportKind.Operations, 4, 32 * 1024 * 1024);
        using var spill = new Spill(SmallFiles(), _ => queue.Tally, NullLogger.Instance);
        for (int i = 0; i < 3; i++)
        {
            queue.Add(new byte[600_000]);
        }

        spill.Take(queue, all: true);
        Assert.Equal((1, 1, 1), (queue.Count, spill.Count(ReportKind.Operations), (int)queue.Tally.Dropped));
    }

    [Fact]
    public void What_is_added_while_reports_go_to_files_waits_for_the_next_time()
    {
        var queue = new ReportQueue(ReportKind.Operations, 1_000, 32 * 1024 * 1024);
        int added = 0;
        using var spill = new Spill(SmallFiles(), AddOne, NullLogger.Instance);
        for (int i = 0; i < 3; i++)
        {
            queue.Add(new byte[600_000]);
        }

        spill.Take(queue, all: true, isLast: true);
        Assert.Equal((2, 2), (added, queue.Count));

        // A file is deleted for the second report and for the third.
        DeliveryTally AddOne(ReportKind kind)
        {
            if (added < 10)
            {
                added++;
                queue.Add(new byte[600_000]);
            }

            return queue.Tally;
        }
    }

    [Fact]
    public async Task A_directory_that_cannot_be_used_is_told_and_the_client_works_without()
    {
        await using var first = Bench();
        first.Track("a");
        await using var second = Bench();
        Assert.Contains("another client uses it", second.Status.LastError, StringComparison.Ordinal);
        second.Track("b");
        await second.UntilAsync(() => second.Portal.Count == 1, "it reports");
        string file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await using var third = new ClientBench(options => options with { SpillDirectory = file });
        third.Track("c");
        await third.UntilAsync(() => third.Portal.Count == 1, "it reports");
        Assert.Contains(third.Log.All, entry => entry.Message.Contains("kept in memory only", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_flush_waits_for_the_files_too()
    {
        await using var bench = Bench(options => options with { BufferedOperations = 20, BatchSize = 5 });
        bench.Portal.Script = ScriptedPortal.Away;
        for (int i = 0; i < 60; i++)
        {
            bench.Track("n" + i);
            bench.Client.Tracker.Drain();
            await bench.UntilAsync(() => bench.Status.Operations.Queued < 15, "there is room");
        }

        await bench.UntilAsync(() => bench.Status.Operations.InFiles >= 40, "files are written");
        var flush = bench.Client.FlushAsync(TestContext.Current.CancellationToken);
        bench.Portal.Script = _ => null;
        await bench.UntilAsync(() => flush.IsCompleted, "it is flushed");
        Assert.Equal((60, 0), (bench.Portal.Count, bench.Status.Operations.InFiles));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_gone_or_cannot_be_read_holds_up_no_other(bool isGone)
    {
        await using (var bench = Bench(options => options with { BatchSize = 1 }))
        {
            bench.Portal.Script = ScriptedPortal.Away;
            bench.Track("a");
            bench.Client.Tracker.Drain();
            bench.Track("b");
            await bench.CloseAsync();
        }

        string first = Files().Order(StringComparer.Ordinal).First();
        await using var next = Bench();
        next.Portal.Script = ScriptedPortal.Away;
        Assert.Equal(2, next.Status.Operations.InFiles);
        File.Delete(first);
        if (!isGone)
        {
            Directory.CreateDirectory(first);
        }

        next.Portal.Script = _ => null;
        next.Track("c");
        await next.UntilAsync(() => next.Portal.Count == 2 && next.Log.All.Any(entry => entry.Message.Contains("cannot be read", StringComparison.Ordinal)), "the others arrive", 5);
        await next.Client.FlushAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(isGone ? (0, 1) : (1, 0), (next.Status.Operations.InFiles, (int)next.Status.Operations.Dropped));
        Assert.Equal(["b", "c"], next.Portal.Names.Order());
    }

    [Fact]
    public async Task Spilled_files_are_private()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        string directory = Path.Combine(_folder.Path, "new", "spill");
        await using var bench = new ClientBench(options => options with { SpillDirectory = directory });
        bench.Portal.Script = ScriptedPortal.Away;
        bench.Track("a");
        await bench.CloseAsync();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(directory, "*.ndjson"))));
        }
    }

    public void Dispose() => _folder.Dispose();

    private ClientBench Bench(Func<PortalClientOptions, PortalClientOptions>? change = null) => new(options =>
    {
        var spilling = options with { SpillDirectory = _folder.Path };
        return change?.Invoke(spilling) ?? spilling;
    });

    private PortalClientOptions SmallFiles() => new() { Address = new("http://portal.example"), Source = "host-a", SpillDirectory = _folder.Path, SpillMegabytes = 1, BatchSize = 1 };

    private string[] Files() => Directory.GetFiles(_folder.Path, "*.ndjson");
}
