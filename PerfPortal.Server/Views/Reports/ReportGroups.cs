using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Reports;

/// <summary>Converts statistics by type and name to report groups.</summary>
internal static class ReportGroups
{
    private const int MaxFacts = 20;

    /// <summary>Returns a group for each metric type with operations.</summary>
    public static IReadOnlyList<ReportGroup> Types(StatisticsAnswer answer) =>
    [
        .. answer.Groups.GroupBy(pair => pair.Key.MetricType!.Value, pair => pair.Value).OrderBy(group => group.Key)
            .Select(group => Group(answer, group.Key, null, Merge(group))),
    ];

    /// <summary>Returns a group for each operation name with operations.</summary>
    public static IReadOnlyList<ReportGroup> Names(StatisticsAnswer answer) =>
    [
        .. answer.Groups.OrderBy(pair => pair.Key.MetricType).ThenBy(pair => pair.Key.Name, StringComparer.Ordinal)
            .Select(pair => Group(answer, pair.Key.MetricType!.Value, pair.Key.Name, pair.Value)),
    ];

    private static ReportGroup Group(StatisticsAnswer answer, MetricType type, string? name, StatisticsBuilder figures) =>
        new(type, name, figures.Build(answer.Range.Range.Length), Facts(type, figures));

    private static IReadOnlyList<ReportFact> Facts(MetricType type, StatisticsBuilder figures)
    {
        var known = KnownFacts.Of(type).Where(fact => figures.Facts.ContainsKey(fact.Name)).Select(fact => fact.Name).ToList();
        var custom = figures.Facts.Keys.Except(known).Order(StringComparer.Ordinal);
        return
        [
            .. known.Concat(custom).Select(name => (Name: name, Figure: figures.Facts[name])).Where(fact => fact.Figure.Count > 0).Take(MaxFacts)
                .Select(fact => (fact.Name, fact.Figure, Known: KnownFacts.Find(type, fact.Name) ?? ComponentFacts.Find(type, fact.Name)))
                .Select(fact => new ReportFact(
                    fact.Name, fact.Known?.Title ?? fact.Name, fact.Known?.Unit ?? "",
                    fact.Figure.Count, fact.Figure.Sum, fact.Figure.Min, fact.Figure.Mean!.Value, fact.Figure.Max)),
        ];
    }

    private static StatisticsBuilder Merge(IEnumerable<StatisticsBuilder> parts) => Domain.Analysis.FigureMerge.Of(parts);
}
