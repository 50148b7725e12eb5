using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>The words for the choices of a rule.</summary>
internal static class RuleChoices
{
    /// <summary>The title of a signal.</summary>
    public static string Title(AlertSignalKind kind) => kind switch
    {
        AlertSignalKind.Resource => "Resource",
        AlertSignalKind.FailureRate => "Failure rate",
        AlertSignalKind.Duration => "Duration",
        AlertSignalKind.Throughput => "Throughput",
        AlertSignalKind.RunningFor => "Running for too long",
        AlertSignalKind.Abandoned => "Abandoned operations",
        AlertSignalKind.NoData => "Source stopped reporting",
        AlertSignalKind.Score => "Performance score",
        AlertSignalKind.Finding => "Finding",
        _ => "The portal itself",
    };

    /// <summary>The title of a metric, with its unit where the title does not tell it from another.</summary>
    public static string Title(ResourceMetric metric) => ResourceNames.Title(metric.Info().WireName) is var title && title == metric.Info().WireName
        ? char.ToUpperInvariant(title[0]) + title[1..].Replace('_', ' ')
        : title;

    /// <summary>The title of a kind of finding.</summary>
    public static string Title(FindingKind? kind) => kind is { } one ? AlertWords.Title(new(AlertSignalKind.Finding, FindingKind: one)) : "Any finding";

    /// <summary>How alerts are divided.</summary>
    public static string Title(AlertPer per) => per switch
    {
        AlertPer.Source => "Each source",
        AlertPer.MetricType => "Each type",
        AlertPer.Name => "Each name",
        _ => "Everything together",
    };
}
