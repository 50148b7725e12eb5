using System.Text.Json;
using PerfPortal.Benchmarks.Replay.Traces;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>The exact figures of a trace. Holds every duration of the file: it is the plain way that the portal's sketches are judged by.</summary>
/// <param name="File">The file's name without directories and <c>.gz</c>.</param>
/// <param name="Rows">Rows in the file.</param>
/// <param name="Skipped">Rows that are no finished operations, by reason.</param>
/// <param name="All">The figures of all operations.</param>
/// <param name="Operations">The figures of each operation name, in the names' order.</param>
internal sealed record TraceStatistics(
    string File,
    long Rows,
    IReadOnlyDictionary<string, long> Skipped,
    Figures All,
    IReadOnlyList<Figures> Operations)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Reads a file through.</summary>
    /// <exception cref="TraceFormatException">The file cannot be read to its end.</exception>
    public static async Task<TraceStatistics> OfAsync(TraceFile file, CancellationToken cancellationToken)
    {
        var summary = new FileSummary(file.Trace);
        var all = new List<OperationRow>();
        await foreach (var row in file.RowsAsync(ReplayOptions.DefaultSource, long.MaxValue, cancellationToken))
        {
            summary.Read++;
            if (row is OperationRow operation)
            {
                all.Add(operation);
            }
            else if (row is SkippedRow skipped)
            {
                summary.Skip(skipped.Reason);
            }
        }

        return new TraceStatistics(
            file.Trace,
            summary.Read,
            summary.Skipped,
            Figures.Of(null, all),
            [.. all.GroupBy(row => row.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => Figures.Of(group.Key, [.. group]))]);
    }

    /// <summary>The figures as JSON, with the portal's member names.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);
}

/// <summary>Exact figures of some operations. Durations in seconds; <see langword="null"/> where there is no operation.</summary>
/// <param name="OperationName">Their name, or <see langword="null"/> for all.</param>
/// <param name="MetricType">Their metric type, where it is one.</param>
/// <param name="Count">Succeeded and failed.</param>
/// <param name="Succeeded">Those that succeeded.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="SuccessRate">0–1.</param>
/// <param name="Mean">The mean duration.</param>
/// <param name="Min">The shortest.</param>
/// <param name="Max">The longest.</param>
/// <param name="P50">The median, by nearest rank.</param>
/// <param name="P90">The 90th percentile, by nearest rank.</param>
/// <param name="P95">The 95th percentile, by nearest rank.</param>
/// <param name="P99">The 99th percentile, by nearest rank.</param>
internal sealed record Figures(
    string? OperationName,
    string? MetricType,
    int Count,
    int Succeeded,
    int Failed,
    double? SuccessRate,
    double? Mean,
    double? Min,
    double? Max,
    double? P50,
    double? P90,
    double? P95,
    double? P99)
{
    /// <summary>The figures of <paramref name="rows"/>.</summary>
    public static Figures Of(string? name, IReadOnlyList<OperationRow> rows)
    {
        int succeeded = rows.Count(row => row.Succeeded);
        string[] types = [.. rows.Select(row => row.MetricType).Distinct(StringComparer.Ordinal).Take(2)];
        TimeSpan[] sorted = [.. rows.Select(row => row.Duration).Order()];
        double? At(double share) => NearestRank(sorted, share)?.TotalSeconds;
        return new Figures(
            name,
            types is [string only] ? only : null,
            rows.Count,
            succeeded,
            rows.Count - succeeded,
            rows.Count == 0 ? null : (double)succeeded / rows.Count,
            rows.Count == 0 ? null : sorted.Average(duration => duration.TotalSeconds),
            sorted is [var first, ..] ? first.TotalSeconds : null,
            sorted is [.., var last] ? last.TotalSeconds : null,
            At(0.50),
            At(0.90),
            At(0.95),
            At(0.99));
    }

    /// <summary>The smallest value that at least the share <paramref name="share"/> of all does not exceed: the value of rank ⌈share · n⌉.</summary>
    /// <param name="sorted">The values, ascending.</param>
    /// <param name="share">Above 0, at most 1.</param>
    internal static TimeSpan? NearestRank(TimeSpan[] sorted, double share)
    {
        if (sorted.Length == 0)
        {
            return null;
        }
        // In decimal, for 0.95 · 20 is a hair above 19 in binary and would ask for rank 20.
        int rank = (int)Math.Ceiling((decimal)share * sorted.Length);
        return sorted[Math.Clamp(rank, 1, sorted.Length) - 1];
    }
}
