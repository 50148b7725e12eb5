using System.CommandLine;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Ingest;

/// <summary>The verb <c>ingest</c>: what an operation costs from the socket to the store, and what of it stays in memory.</summary>
internal static class IngestVerb
{
    private const int WarmUpSteps = 4;
    private const double Mebibyte = 1 << 20;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds of which the median is told.", DefaultValueFactory = _ => 3, HelpName = "N" };
        var operations = new Option<int>("--operations") { Description = "Operations in all.", DefaultValueFactory = _ => 1_000_000, HelpName = "N" };
        return MeasurementVerb.Create(
            "ingest", "Measures batches of 512 operations: reading, storing, the way from the socket to the store, and memory.",
            (arguments, progress, cancellationToken) => MeasureAsync(arguments.GetValue(rounds), arguments.GetValue(operations), progress, cancellationToken), rounds, operations);
    }

    private static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int rounds, int operations, TextWriter progress, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync("Reading batches ...");
        var (walk, documents, generated) = DecodeCost.Measure(rounds * 3);
        await progress.WriteLineAsync("Storing rows ...");
        var (stored, saved) = await StoreCost.RowsAsync(rounds * 3, Math.Min(operations, 50_000), cancellationToken);
        await progress.WriteLineAsync("Looking at what stays in memory ...");
        double held = await StoreCost.WasCommittedAsync(operations, cancellationToken);
        await progress.WriteLineAsync("From the socket to the store ...");
        var (portal, yardstick, grown) = await ServeAsync(rounds, operations, cancellationToken);
        return
        [
            new("JSON batches of 512, durable, operations a second of a core", 1 / portal, "ops/s", "deserialize only (source generation)", 1 / yardstick, Goal.AtLeast(0.5)),
            new("rows a second of a core into SQLite", stored, "rows/s", "EF Core SaveChanges", saved, Goal.AtLeast(15)),
            new("managed memory held for 10,000 operations", held / Mebibyte, "MiB", Goal: Goal.AtMost(1)),
            new(FormattableString.Invariant($"resident memory after {operations:#,0} operations, above idle"), grown / Mebibyte, "MiB", Goal: Goal.AtMost(50)),
            new("reading an operation", walk, "ns", "source generation", generated),
            new("reading an operation by documents, as odd ones are", documents, "ns", "source generation", generated),
        ];
    }

    /// <summary>CPU seconds of an operation at the portal and at the yardstick, turn by turn, and how the portal grew.</summary>
    private static async Task<(double Portal, double Yardstick, double Grown)> ServeAsync(int rounds, int operations, CancellationToken cancellationToken)
    {
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        await using var yardstick = await YardstickProcess.StartAsync(DeserializingYardstick.Server, cancellationToken);
        var toPortal = new BatchLoad(portal.Server, new Uri(portal.Api, "operations/batch"));
        var toYardstick = new BatchLoad(yardstick, new Uri(yardstick.BaseAddress, DeserializingYardstick.Path));
        await Task.Delay(TimeSpan.FromSeconds(5), cancellationToken);
        double idle = portal.ResidentBytes;

        // Two fifths, in steps with pauses: what ran thirty times is recompiled alongside the work, and what ran sixty times in that form once more.
        int warmUp = operations * 2 / 5;
        for (int step = 0; step < WarmUpSteps; step++)
        {
            await toPortal.SendAsync(warmUp / WarmUpSteps, cancellationToken);
            await toYardstick.SendAsync(warmUp / WarmUpSteps, cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        }

        List<double> ofPortal = [], ofYardstick = [];
        for (int round = 0; round < rounds; round++)
        {
            ofPortal.Add(await toPortal.SendAsync((operations - warmUp) / rounds, cancellationToken));
            ofYardstick.Add(await toYardstick.SendAsync((operations - warmUp) / rounds, cancellationToken));
        }

        return (Medians.Median(ofPortal), Medians.Median(ofYardstick), portal.ResidentBytes - idle);
    }
}
