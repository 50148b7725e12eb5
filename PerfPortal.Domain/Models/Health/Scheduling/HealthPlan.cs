using PerfPortal.Domain.Advice;

namespace PerfPortal.Domain.Models.Health.Scheduling;

/// <summary>How a model is to be checked.</summary>
/// <param name="Interval">The time between two checks, before the use of the model is considered.</param>
/// <param name="FullEvery">Every how many checks one is full, at least 1.</param>
/// <param name="ReadRate">The bytes per second while the host is idle.</param>
/// <param name="IsAdvised">Whether it follows learned advice.</param>
internal sealed record HealthPlan(TimeSpan Interval, int FullEvery, double ReadRate, bool IsAdvised)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>The value of <see cref="AdviceFacts.Arm"/>.</summary>
    public string Arm => IsAdvised ? AdviceFacts.Advised : AdviceFacts.Default;

    /// <summary>Makes a plan of advice.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="options">What to use where there is none.</param>
    public static HealthPlan Of(AdviceSet advice, ModelHealthOptions options)
    {
        double? Value(string kind) => advice.Items.Any(item => item.Kind == kind) ? advice.Find(kind) : null;
        double seconds = Value(AdviceKinds.CheckInterval) ?? options.CheckInterval.TotalSeconds;
        return new(
            TimeSpan.FromSeconds(Math.Clamp(seconds, Shortest.TotalSeconds, Longest.TotalSeconds)),
            (int)Math.Clamp(Math.Round(Value(AdviceKinds.FullCheckEvery) ?? options.FullCheckEvery), 1, 10_000),
            Value(AdviceKinds.ReadRate) ?? options.ReadRate,
            advice.Arm == AdviceFacts.Advised);
    }
}
