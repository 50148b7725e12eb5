using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Scheduling;

/// <summary>When a model is checked next.</summary>
internal static class CheckTimes
{
    /// <summary>A model in constant use is checked so many times as often.</summary>
    private const double MostOften = 8;

    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The next check: after the interval, divided by 1 + log₂(1 + uses), at most 8, unless it is advised, as advice counts the uses already; a damaged or unfinished model, which somebody may be
    /// repairing, after a quarter of that.
    /// </summary>
    public static DateTimeOffset Next(ModelHealth health, ModelUse use, HealthPlan plan, DateTimeOffset now)
    {
        double often = plan.IsAdvised ? 1 : Math.Min(MostOften, 1 + Math.Log2(1 + use.WeightAt(now)));
        var wait = plan.Interval / often / (health.State is HealthState.Healthy ? 1 : 4);
        return (health.LastCheckedAt ?? now) + (wait < Shortest ? Shortest : wait);
    }

    /// <summary>The wait after so many failures in a row: a minute, doubled each time, at most the interval.</summary>
    public static TimeSpan BackOff(int failures, TimeSpan interval)
    {
        var wait = FirstRetry * Math.Pow(2, Math.Min(failures - 1, 20));
        return wait < interval ? wait : interval;
    }
}
