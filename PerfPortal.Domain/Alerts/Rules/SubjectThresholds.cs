using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>Thresholds that differ by what an operation is.</summary>
/// <param name="ByType">The threshold of each metric type.</param>
/// <param name="ByName">The thresholds of single names, which stand over that of their type.</param>
public sealed record SubjectThresholds(PerMetricType<double> ByType, IReadOnlyDictionary<(MetricType Type, string Name), double> ByName)
{
    /// <summary>The threshold of a subject; <see langword="null"/> for one without a metric type.</summary>
    public double? Of(AlertSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return subject.MetricType is not { } type ? null : subject.Name is { } name && ByName.TryGetValue((type, name), out double own) ? own : ByType[type];
    }
}
