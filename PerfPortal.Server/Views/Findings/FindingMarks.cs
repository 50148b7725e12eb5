using PerfPortal.Domain.Findings;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Marks findings on time charts.</summary>
internal static class FindingMarks
{
    /// <summary>The most likely beginning as a line, the plausible ones as a period, and the end.</summary>
    public static IReadOnlyList<ChartMark> Of(Finding finding)
    {
        var latest = finding.Latest;
        string state = finding.State == FindingState.Closed ? "neutral" : latest.Severity.WireName();
        var marks = new List<ChartMark> { new(latest.Since, null, "since", state) };
        if (latest.SinceHigh > latest.SinceLow)
        {
            marks.Add(new(latest.SinceLow, latest.SinceHigh, "", state));
        }

        if (finding.Until is { } until)
        {
            marks.Add(new(until, null, "until", state));
        }

        marks.AddRange(latest.Causes.Where(cause => cause is { Kind: "marker", At: not null }).Select(cause => new ChartMark(cause.At!.Value, null, "", "neutral")));
        return marks;
    }
}
