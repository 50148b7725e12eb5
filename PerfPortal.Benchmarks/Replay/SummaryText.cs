using System.Globalization;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>The last words of a replay.</summary>
internal static class SummaryText
{
    /// <summary>Writes what became of every file.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="summaries">A summary for each file.</param>
    /// <param name="elapsed">How long the replay took.</param>
    public static void Write(TextWriter output, IReadOnlyList<FileSummary> summaries, TimeSpan elapsed)
    {
        foreach (var file in summaries)
        {
            Write(output, file);
        }

        long read = summaries.Sum(file => file.Read);
        if (read > 0)
        {
            Line(output, $"{read:N0} rows in {elapsed.TotalSeconds:0.0} s, {read / Math.Max(elapsed.TotalSeconds, 0.001):N0} rows/s");
        }

        if (summaries.Any(file => file.MetRetention))
        {
            output.WriteLine(
                "Rows were rejected because they ended before the portal's retention horizon. " +
                "Start the portal with a longer PerfPortal__MetricsRetentionHours (up to 1,000,000), or move the times with --ending-now.");
        }
    }

    private static void Write(TextWriter output, FileSummary file)
    {
        output.WriteLine(file.Trace);
        if (file.LeftOut is { } reason)
        {
            Line(output, $"  left out: {reason}");
            return;
        }

        Line(output, $"  read       {file.Read,9:N0}");
        Line(output, $"  sent       {file.Sent,9:N0}");
        Line(output, $"  accepted   {file.Accepted,9:N0}");
        Line(output, $"  duplicates {file.Duplicates,9:N0}");
        Line(output, $"  rejected   {file.Rejected,9:N0}");
        foreach (string rejection in file.Rejections)
        {
            Line(output, $"    {rejection}");
        }

        if (file.Rejected > 0 && file.Rejections.Count == FileSummary.KeptRejections)
        {
            output.WriteLine("    (only the first refusals are shown)");
        }

        Line(output, $"  skipped    {file.Skipped.Values.Sum(),9:N0}");
        foreach ((string why, long count) in file.Skipped)
        {
            Line(output, $"    {count:N0} {why}");
        }
    }

    private static void Line(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
