using System.CommandLine;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Storage;

/// <summary>The verb <c>storage</c>: what operations cost on disk, rollups, indexes and empty tables included.</summary>
internal static class StorageCommand
{
    private const string Ours = "ids of the portal";

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var traces = new Option<string[]>("--trace")
        {
            Description = "A trace file (CSV, plain or .gz); may be given several times. Without one, operations are made up.",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        };
        return MeasurementVerb.Create(
            "storage", "Bytes per operation in the database file.",
            (arguments, progress, cancellationToken) => MeasureAsync(arguments.GetValue(traces) ?? [], progress, cancellationToken), traces);
    }

    private static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(string[] files, TextWriter progress, CancellationToken cancellationToken)
    {
        var operations = files.Length == 0 ? TraceOperations.MadeUp(100_000) : await TraceOperations.ReadAsync(files, cancellationToken);
        string what = files.Length == 0 ? "made-up operations" : "real traces";
        await progress.WriteLineAsync($"{operations.Count:N0} operations".AsMemory(), cancellationToken);
        var rows = new List<MeasuredRow>();
        foreach (string ids in new[] { Ours, "ids derived from batches of 512", "ids derived from batches of 1", "random ids of clients" })
        {
            bool areOurs = ids == Ours;
            var kept = ids switch
            {
                Ours => operations,
                "ids derived from batches of 512" => TraceOperations.WithDerivedIds(operations, 512),
                "ids derived from batches of 1" => TraceOperations.WithDerivedIds(operations, 1),
                _ => TraceOperations.WithRandomIds(operations),
            };
            await using var database = await MeasuredDatabase.FillAsync(kept, cancellationToken);
            var fresh = database.Measure();
            int packed = database.PackAll(cancellationToken);
            var old = database.Measure();
            double Per(long bytes) => (double)bytes / operations.Count;
            rows.Add(new($"{what}, {ids}, as committed: whole file", Per(fresh.File), "bytes/operation", Goal: Goal.AtMost(64)));
            rows.Add(new($"{what}, {ids}, packed ({packed:N0}): whole file", Per(old.File), "bytes/operation", Goal: areOurs ? Goal.AtMost(12) : null));
            rows.Add(new("  of that the data of blocks", Per(old.Blocks), "bytes/operation"));
            rows.Add(new("  of that the data of rollups", Per(old.Rollups), "bytes/operation"));
            rows.Add(new("  of that all else: pages, keys, names, empty tables", Per(old.File - old.Blocks - old.Rollups), "bytes/operation"));
        }

        return rows;
    }
}
