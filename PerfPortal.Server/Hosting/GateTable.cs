using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Hosting;

/// <summary>Prints benchmarks as a table of plain text.</summary>
internal static class GateTable
{
    private static readonly string[] Head = ["verdict", "type", "name", "count", "base", "median ratio", "finds from", "reason"];

    /// <summary>Writes the ranges, one row per name, the types and the total, and the test.</summary>
    public static async Task WriteAsync(BenchmarksBody body, TextWriter output)
    {
        await output.WriteLineAsync($"{body.Range.From:u} to {body.Range.To:u} against {body.BaselineRange.From:u} to {body.BaselineRange.To:u} ({body.Baseline})").ConfigureAwait(false);
        string[][] rows =
        [
            Head,
            .. body.Items.Select(item => Row(item.Verdict, item.MetricType.WireName(), item.OperationName, item.Statistics.Count, item.Baseline?.Count ?? 0, item.Ratio, item.LeastDetectableChange, item.Reason)),
            .. body.ByType.Select(item => Row(item.Verdict, item.MetricType?.WireName() ?? "", "all names", item.Statistics.Count, item.Base.Count, item.Ratio, null, item.Reason)),
            Row(body.Total.Verdict, "all types", "all names", body.Total.Statistics.Count, body.Total.Base.Count, body.Total.Ratio, null, body.Total.Reason),
        ];
        int[] widths = [.. Enumerable.Range(0, Head.Length - 1).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            await output.WriteLineAsync(string.Join("  ", row.Select((cell, column) => column < widths.Length ? cell.PadRight(widths[column]) : cell)).TrimEnd()).ConfigureAwait(false);
        }

        await output.WriteLineAsync(body.Test).ConfigureAwait(false);
    }

    private static string[] Row(string verdict, string type, string name, long count, long baseline, double? ratio, double? detectable, string? reason) =>
    [
        verdict, type, name, Format.Count(count), Format.Count(baseline), ratio is { } known ? Format.Number(known) : Format.None,
        detectable is { } change ? "+" + Format.Percent(change * 100) : Format.None, reason ?? "",
    ];
}
