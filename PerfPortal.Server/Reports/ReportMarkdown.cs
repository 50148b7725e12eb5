using System.Globalization;
using System.Text;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls.Reports;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Server.Views.Reports;

namespace PerfPortal.Server.Reports;

/// <summary>Writes a report as Markdown (CommonMark with tables). Reported values are escaped, so that they are never interpreted as markup.</summary>
internal static class ReportMarkdown
{
    /// <summary>Writes the report; times in UTC.</summary>
    public static string Write(PerformanceReport report)
    {
        var text = new StringBuilder();
        text.Append("# Performance report\n\n")
            .Append(CultureInfo.InvariantCulture, $"{ReportTexts.Time(report.Range.From)} to {ReportTexts.Time(report.Range.To)}, {(report.Source is null ? "all sources" : "source " + Safe(report.Source))}; generated {ReportTexts.Time(report.GeneratedAt)}. Times are in UTC.\n\n");
        if (report.ContainsDemonstrationData)
        {
            text.Append(CultureInfo.InvariantCulture, $"**{ReportTexts.Demonstration}**\n\n");
        }

        Score(text, report);
        text.Append("## Summary\n\n");
        Table(text, ReportTexts.StatisticsHeads, [ReportTexts.StatisticsCells("All operations", report.Summary)]);
        text.Append("## Per type\n\n");
        Table(text, ReportTexts.StatisticsHeads, report.Types.Select(group => ReportTexts.StatisticsCells(group.MetricType.Plural(), group.Statistics)));
        text.Append("## Per operation name\n\n");
        Table(text, ["Type", .. ReportTexts.StatisticsHeads], report.Names.Select(group => (string[])[group.MetricType.Singular(), .. ReportTexts.StatisticsCells(group.OperationName!, group.Statistics)]));
        text.Append("## Resources\n\n");
        Table(
            text, ["Host", "Metric", "Min", "Mean", "Max"],
            report.Resources.SelectMany(host => host.Metrics.Select(metric => (string[])
                [host.Source, ResourceNames.Title(metric.Metric), Format.Value(metric.Min, metric.Unit), Format.Value(metric.Mean, metric.Unit), Format.Value(metric.Max, metric.Unit)])));
        text.Append("## Bottlenecks\n\n");
        Items(text, report.Bottlenecks.Select(item => $"**{EvidenceText.Words(item.Severity.WireName())}:** {Safe(item.Sentence)}"));
        text.Append("## What changed\n\n");
        Items(text, report.Findings.Select(item => $"**{ReportTexts.FindingState(item)}:** {Safe(item.Sentence)} {ReportTexts.FindingFacts(item, ReportTexts.Time)}{(item.Action is null ? "" : " " + Safe(item.Action))}"));
        text.Append("## Recommendations\n\n");
        Items(text, RecommendationGroups.Of(report.Recommendations).Select(item => $"**{Safe(item.Title)}** ({item.State.WireName()}). {Safe(item.Sentence)} {Safe(item.Action)} Expected gain: {Safe(item.Gain.Text)}"));
        text.Append("## Trends\n\n");
        Table(
            text, ["Resource", "Host", "Trend", "Slope"],
            report.Trends.Select(trend => (string[])[EvidenceText.Title(trend), trend.Source, EvidenceText.Words(trend.Direction.WireName()) + (trend.Reason is null ? "" : ": " + trend.Reason), EvidenceText.Slope(trend)]));
        text.Append(CultureInfo.InvariantCulture, $"## Comparison with the previous period\n\n{ReportTexts.Time(report.Comparison.BaseRange.From)} to {ReportTexts.Time(report.Comparison.BaseRange.To)}. {Safe(report.Comparison.Test)}.\n\n");
        Table(text, ReportTexts.PairHeads, ReportTexts.Pairs(report.Comparison));
        return text.ToString();
    }

    private static void Score(StringBuilder text, PerformanceReport report)
    {
        text.Append(CultureInfo.InvariantCulture, $"**Score: {ReportTexts.Score(report.Score)}**\n\n");
        var lines = report.Score.Deductions.Select(item => $"−{Format.Number(item.Points)}: {Safe(item.Cause)}").ToList();
        if (report.Score.Bonus is { } bonus)
        {
            lines.Add($"+{Format.Number(bonus.Points)}: {Safe(bonus.Cause)}");
        }

        if (lines.Count > 0)
        {
            Items(text, lines);
        }
    }

    private static void Items(StringBuilder text, IEnumerable<string> items)
    {
        int before = text.Length;
        foreach (string item in items)
        {
            text.Append("- ").Append(item).Append('\n');
        }

        text.Append(text.Length == before ? "None.\n\n" : "\n");
    }

    private static void Table(StringBuilder text, IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> rows)
    {
        var list = rows.ToList();
        if (list.Count == 0)
        {
            text.Append("None.\n\n");
            return;
        }

        text.Append("| ").AppendJoin(" | ", heads).Append(" |\n|").Insert(text.Length, " --- |", heads.Count).Append('\n');
        foreach (var row in list)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(Safe)).Append(" |\n");
        }

        text.Append('\n');
    }

    /// <summary>Escapes markup and removes line breaks.</summary>
    private static string Safe(string value)
    {
        var text = new StringBuilder(value.Length);
        foreach (char sign in value)
        {
            if (sign is '\\' or '`' or '*' or '_' or '{' or '}' or '[' or ']' or '<' or '>' or '#' or '|' or '!' or '~' or '&' or '@')
            {
                text.Append('\\');
            }

            text.Append(char.IsControl(sign) ? ' ' : sign);
        }

        return text.ToString();
    }
}
