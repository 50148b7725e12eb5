using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.HealthChecks;

/// <summary>Advice for the health monitor.</summary>
internal static class HealthAdvice
{
    // Models beyond these are the least urgent ones.
    private const int MaxModels = 50;
    private const double Significant = 0.05;

    /// <summary>Writes the items.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="checks">The checks that count, in the order of their ends.</param>
    /// <param name="name">The model that is asked about; <see langword="null"/> for all.</param>
    /// <param name="load">The latest sample of the host that checks.</param>
    /// <param name="uses">How often each model was used in the last 7 days, by name; <see langword="null"/> when not known.</param>
    /// <param name="among">Words for which checks these are.</param>
    public static void Write(
        AdviceWriter answer, IReadOnlyList<PastCheck> checks, string? name, ResourceSample? load, IReadOnlyDictionary<string, long>? uses, string among)
    {
        double? perDay = name is null || uses is null ? null : uses.GetValueOrDefault(name) / AdviceHistory.KeptUses.TotalDays;
        AddPlan(answer, CheckCosts.Of(checks), perDay, among);
        double[] rates = [.. checks.Where(check => check is { IsFull: true, Bytes: not null, Seconds: > 0 }).Select(check => check.Bytes!.Value / check.Seconds).Order()];
        LoadAdvice.AddReadRate(answer, load, rates.Length >= Confidence.MinSamples ? Confidence.Quantile(rates, 0.9) : null);
        AddDegradation(answer, checks, name);
        AddRepair(answer, checks, uses);
    }

    private static void AddPlan(AdviceWriter answer, CheckCosts costs, double? perDay, string among)
    {
        if (costs.Checks < Confidence.MinSamples || costs.ExposedSeconds <= 0)
        {
            string few = costs.Checks < Confidence.MinSamples
                ? $"{Counted.TooFew(costs.Checks, "health check")} {among} so far; at least {Confidence.MinSamples} are needed."
                : $"There were {Format.Count(costs.Checks)} health checks {among}, but no model was checked twice, so nothing is known about how often corruption appears.";
            answer.Default(AdviceKinds.CheckInterval, null, costs.Checks, few);
            answer.Default(AdviceKinds.FullCheckEvery, null, costs.Checks, few);
            return;
        }

        double rate = InspectionPlan.Rate(costs.Corruptions, costs.ExposedSeconds);
        var info = AdviceCatalog.Find(AdviceKinds.CheckInterval)!;
        double interval = Math.Clamp(InspectionPlan.Interval(costs.Seconds, rate, perDay), info.Min, info.Max);
        string models = Counted.Of(costs.Models, "model");
        string use = perDay is { } often ? often == 0 ? $", which was not used in the last {AdviceHistory.KeptUses.TotalDays:0} days" : $", which is used {Format.Number(often)} times a day" : "";
        answer.Learned(
            AdviceKinds.CheckInterval, null, interval, costs.Checks, Confidence.Of(costs.Checks, 1 / Math.Sqrt(0.5 + costs.Corruptions)),
            $"Corruption {Counted.Happened("appeared", costs.Corruptions)} in {Format.Seconds(costs.ExposedSeconds)} of watching {models}{use}, and a check takes {Format.Seconds(costs.Seconds)}. "
            + $"With a check every {Format.Seconds(interval)}, it is met after {Format.Seconds(interval / 2)} on average.");
        if (costs is not { FullSeconds: { } full, SampledSeconds: { } sampled, Full: >= 3, Sampled: >= 6 })
        {
            answer.Default(AdviceKinds.FullCheckEvery, null, costs.Full + costs.Sampled, $"{Counted.TooFew(costs.Full, "full check")} and {(costs.Sampled == 0 ? "no sampled one" : Counted.Of(costs.Sampled, "sampled one"))} {among} so far; at least 3 and 6 are needed.");
            return;
        }

        double missed = 1 - ((costs.FoundBySample + 1.0) / (costs.Corruptions + 2.0));
        double every = Math.Round(InspectionPlan.FullEvery(full, sampled, missed, rate, interval, perDay));
        answer.Learned(
            AdviceKinds.FullCheckEvery, null, every, costs.Full + costs.Sampled, Confidence.Of(costs.Full + costs.Sampled, 1 / Math.Sqrt(1.0 + costs.Corruptions)),
            $"A full check takes {Format.Seconds(full)} and a sampled one {Format.Seconds(sampled)}; "
            + (costs.Corruptions == 0 ? "no corruption has appeared yet." : costs.Corruptions == 1 ? $"the one corruption was found by a {(costs.FoundBySample == 1 ? "sample" : "full check")}." : $"samples found {Format.Count(costs.FoundBySample)} of {Format.Count(costs.Corruptions)} corruptions."));
    }

    private static void AddDegradation(AdviceWriter answer, IReadOnlyList<PastCheck> checks, string? name)
    {
        if (name is not null)
        {
            AddDegradation(answer, checks, null, name, always: true);
            return;
        }

        foreach (var model in checks.GroupBy(check => check.Key.Name, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Take(MaxModels))
        {
            AddDegradation(answer, model, model.Key, model.Key, always: false);
        }
    }

    // The test of Mann and Kendall decides whether there is a trend, the slope of Theil and Sen how steep it is.
    private static void AddDegradation(AdviceWriter answer, IEnumerable<PastCheck> checks, string? subject, string name, bool always)
    {
        var scores = checks.Where(check => check.Score is not null).Select(check => new TimedValue(check.End, check.Score!.Value)).ToList();
        if (MannKendall.Test(scores) is not { } trend)
        {
            if (always)
            {
                answer.Default(AdviceKinds.Degradation, subject, scores.Count, $"{Counted.TooFew(scores.Count, "integrity score")} of {name} so far; at least {MannKendall.MinimumPoints} are needed.");
            }

            return;
        }

        double perDay = trend.SlopePerHour * 24;
        if (trend.PValue < Significant && perDay != 0)
        {
            answer.Learned(
                AdviceKinds.Degradation, subject, perDay, scores.Count, Confidence.Of(scores.Count, trend.PValue / Significant),
                $"The integrity score of {name} {(perDay < 0 ? "falls" : "rises")} by {Format.Number(Math.Abs(perDay))} a day, from {Format.Number(scores[0].Value)} to {Format.Number(scores[^1].Value)} in {Format.Count(scores.Count)} checks.");
        }
        else if (always)
        {
            answer.Learned(AdviceKinds.Degradation, subject, 0, scores.Count, Confidence.Of(scores.Count, 1), $"The integrity score of {name} has no trend in {Format.Count(scores.Count)} checks.");
        }
    }

    // What is broken most in what is used most: (1 − score) · (1 + uses of the last 7 days).
    private static void AddRepair(AdviceWriter answer, IReadOnlyList<PastCheck> checks, IReadOnlyDictionary<string, long>? uses)
    {
        var broken = new List<(string Name, double Score, long Uses, int Checks, double Urgency)>();
        foreach (var model in checks.GroupBy(check => check.Key.Name, StringComparer.Ordinal))
        {
            // The worst of the sources that hold it.
            double score = model.GroupBy(check => check.Key.Source, StringComparer.Ordinal).Min(source => source.Last() is var last && last.Score is { } known ? known : last.Corrupted == true ? 0.5 : 1);
            long used = uses?.GetValueOrDefault(model.Key) ?? 0;
            if (score < 1)
            {
                broken.Add((model.Key, score, used, model.Count(), (1 - score) * (1 + used)));
            }
        }

        int rank = 0;
        foreach (var model in broken.OrderByDescending(model => model.Urgency).ThenBy(model => model.Score).ThenBy(model => model.Name, StringComparer.Ordinal).Take(MaxModels))
        {
            answer.Learned(
                AdviceKinds.RepairRank, model.Name, ++rank, model.Checks, Confidence.Of(model.Checks, 0),
                $"The last check of {model.Name} scored {Format.Number(model.Score)}" + (uses is null ? "." : $", and the model was {(model.Uses == 0 ? "not used" : $"used {Counted.Times(model.Uses)}")} in the last {AdviceHistory.KeptUses.TotalDays:0} days."));
        }
    }
}
