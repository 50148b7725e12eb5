using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views.Alerts;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>Knows the names and values of labels that alerts have or can have, for suggestions while typing.</summary>
internal sealed class LabelReader(AlertReader alerts, AlertRuleBook rules, IPortalNames names)
{
    private const int MaxItems = 50;

    /// <summary>Returns the names that contain a text.</summary>
    public async Task<IEnumerable<string>> NamesAsync(string? text, CancellationToken cancellationToken)
    {
        var book = await alerts.ReadBookAsync(cancellationToken);
        var own = (await rules.ReadAsync(cancellationToken)).Rules.SelectMany(rule => rule.Labels.Keys);
        return Matching(AlertLabels.Reserved.Concat(own).Concat(book.Current.SelectMany(alert => alert.Labels.Keys)), text);
    }

    /// <summary>Returns the values of a label that contain a text.</summary>
    public async Task<IEnumerable<string>> ValuesAsync(string? name, string? text, CancellationToken cancellationToken)
    {
        var book = await alerts.ReadBookAsync(cancellationToken);
        var all = (await rules.ReadAsync(cancellationToken)).Rules;
        var known = name switch
        {
            AlertLabels.AlertName => all.Select(rule => rule.Name),
            AlertLabels.Severity => AlertSeverities.WireNames,
            AlertLabels.Signal => AlertSignalKinds.WireNames,
            AlertLabels.MetricType => MetricTypes.All.Select(type => type.WireName()),
            AlertLabels.Source => names.Sources(),
            AlertLabels.Name => names.Names(text ?? "", MaxItems),
            _ => all.Select(rule => rule.Labels.GetValueOrDefault(name ?? "")).OfType<string>(),
        };
        return Matching(known.Concat(book.Current.Concat(book.Resolved).Select(alert => alert.Labels.GetValueOrDefault(name ?? "")).OfType<string>()), text);
    }

    private static IEnumerable<string> Matching(IEnumerable<string> all, string? text) =>
        [.. all.Where(one => one.Contains(text ?? "", StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal).Order(StringComparer.OrdinalIgnoreCase).Take(MaxItems)];
}
