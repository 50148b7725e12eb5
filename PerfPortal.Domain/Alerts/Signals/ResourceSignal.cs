using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>The time-weighted mean of a metric, as a pure function: live evaluation and the replay of history share it.</summary>
internal static class ResourceSignal
{
    /// <summary>Returns the values of a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="hosts">The hosts in its scope, sorted.</param>
    /// <param name="sum">The measured time and integral of a host over the window; no time without data.</param>
    /// <param name="subjects">Makes subjects.</param>
    public static IReadOnlyList<SubjectValue> Measure(AlertRule rule, IEnumerable<string> hosts, Func<string, (double Seconds, double Integral)> sum, SubjectPool subjects)
    {
        if (rule.Per == AlertPer.Source)
        {
            return [.. hosts.Select(host => new SubjectValue(subjects.Of(host), Mean(sum(host)))).Where(value => value.Value is not null)];
        }

        double seconds = 0;
        double integral = 0;
        foreach (string host in hosts)
        {
            var (measured, area) = sum(host);
            seconds += measured;
            integral += area;
        }

        return [new(subjects.Of(rule.Scope.Source), Mean((seconds, integral)))];
    }

    private static double? Mean((double Seconds, double Integral) sum) => sum.Seconds > 0 ? sum.Integral / sum.Seconds : null;
}
