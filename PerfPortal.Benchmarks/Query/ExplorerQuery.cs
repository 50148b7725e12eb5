using System.Diagnostics;
using Microsoft.Data.Sqlite;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Sqlite;

namespace PerfPortal.Benchmarks.Query;

/// <summary>Pages of 100 operations out of millions, filtered and sorted, in each order that is guaranteed, from page 1 to page 1,000.</summary>
internal sealed class ExplorerQuery : IAsyncDisposable
{
    private const int PageRows = 100;
    private const int Pages = 1_000;
    private const int Names = 50;
    private const int Sources = 20;
    private const int CommitRows = 4_096;
    private const double MaxMilliseconds = 50;
    private const double SameCost = 1.5;

    // A page 1,000 may cost a little more in absolute terms though both are far below the limit.
    private const int Around = 50;
    private static readonly DateTimeOffset Begin = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Length = TimeSpan.FromDays(7);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "perfportal-benchmarks", Guid.NewGuid().ToString("N"));
    private readonly SqliteDatabase _database;
    private readonly SqliteOperationReader _reader;

    private ExplorerQuery()
    {
        _database = new(Path.Combine(_folder, "perfportal.db"), new NameDirectory(), TimeProvider.System);
        _reader = new(_database);
    }

    /// <summary>Measures; building ten million operations takes a minute or two.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int operations, TextWriter progress, CancellationToken cancellationToken)
    {
        await using var explorer = new ExplorerQuery();
        await explorer.FillAsync(operations, progress, cancellationToken);
        string of = $"of {operations / 1_000_000.0:0.#} M";
        (string What, OperationFilter Filter, OperationOrder Order)[] asked =
        [
            ("time", new(), OperationOrder.StartDescending),
            ("time, one type", Series(new() { MetricType = MetricType.ModelOperation }), OperationOrder.StartDescending),
            ("time, one name", Series(new() { Name = "name 7" }), OperationOrder.StartAscending),
            ("time, a rare name", Series(new() { Name = "rare" }), OperationOrder.StartDescending),
            ("time, one source", Series(new() { Source = "host-3" }), OperationOrder.StartDescending),
            ("time, failures", Series(new() { Status = OperationStatus.Failed }), OperationOrder.StartDescending),
            ("duration, one type", Series(new() { MetricType = MetricType.ModelOperation }), OperationOrder.DurationDescending),
            ("duration, all types", new(), OperationOrder.DurationAscending),
        ];
        var rows = new List<MeasuredRow>();
        foreach (var (what, filter, order) in asked)
        {
            await progress.WriteLineAsync($"explorer by {what}".AsMemory(), cancellationToken);
            var walk = await explorer.WalkAsync(filter, order, cancellationToken);
            double[] sorted = [.. walk.Order()];
            rows.Add(new($"a page by {what}, {of}: p99", sorted[Quantiles.Rank(0.99, sorted.Length) - 1], "ms", Goal: Goal.AtMost(MaxMilliseconds)));
            rows.Add(new($"  page {walk.Count:N0} against page 1", Median(walk.TakeLast(Around)), "ms", "page 1", Median(walk.Take(Around)), Goal.AtMost(SameCost)));
            rows.Add(new("  the very first of them", walk[0], "ms"));
        }

        return rows;
    }

    public ValueTask DisposeAsync()
    {
        _database.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static OperationFilter Series(SeriesFilter series) => new() { Series = series };

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private async Task<List<double>> WalkAsync(OperationFilter filter, OperationOrder order, CancellationToken cancellationToken)
    {
        var milliseconds = new List<double>(Pages);
        PageCursor? after = null;
        do
        {
            long began = Stopwatch.GetTimestamp();
            var page = await _reader.ReadPageAsync(new(new(Begin, Begin + Length + Length), filter, order, PageRows, after), cancellationToken);
            milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            if (page.IsIncomplete || page.Items.Count == 0)
            {
                throw new InvalidOperationException("A guaranteed page is incomplete or empty.");
            }

            after = page.Next;
        }
        while (after is not null && milliseconds.Count < Pages);
        return milliseconds;
    }

    private async Task FillAsync(int operations, TextWriter progress, CancellationToken cancellationToken)
    {
        await _database.MigrateAsync(cancellationToken);
        var store = new SqliteJournalStore(_database, TimeProvider.System);
        var horizons = new RetentionHorizons(TimeProvider.System, new(_ => 1_000_000, 1_000_000, 1_000_000, 1_000_000));
        var packer = new SqlitePacker(_database, horizons, TimeProvider.System);
        var random = new Random(3);
        long began = Stopwatch.GetTimestamp();
        for (int first = 0; first < operations; first += CommitRows)
        {
            int count = Math.Min(CommitRows, operations - first);
            await store.CommitAsync([.. Enumerable.Range(first, count).Select(i => new OperationEnded(Make(i, operations, random)))], cancellationToken);
            if (first % (CommitRows * 64) == 0)
            {
                while (packer.Step(everything: true, cancellationToken) > 0)
                {
                }
            }
        }

        while (packer.Step(everything: true, cancellationToken) > 0)
        {
        }

        await progress.WriteLineAsync($"{operations:N0} operations stored and packed in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s".AsMemory(), cancellationToken);
    }

    private static Operation Make(int i, int operations, Random random)
    {
        var end = Begin + (Length * ((double)i / operations));
        return new()
        {
            Id = Guid.NewGuid(),
            MetricType = MetricTypes.All[random.Next(6)],
            Name = random.Next(20_000) == 0 ? "rare" : $"name {random.Next(Names)}",
            Source = $"host-{random.Next(Sources)}",
            Status = random.Next(40) == 0 ? OperationStatus.Failed : OperationStatus.Succeeded,
            StartTime = (end - Microseconds.FromSeconds(Math.Exp((random.NextDouble() * 8) - 5))).ToWholeMicroseconds(),
            EndTime = end.ToWholeMicroseconds(),
            Metadata = Metadata.Of([new("input_tokens", MetadataValue.From((long)random.Next(2_000))), new("output_tokens", MetadataValue.From((long)random.Next(500)))]),
        };
    }
}
