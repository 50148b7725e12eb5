using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Combines the gains of the recommendations of one kind. Every number comes from their evidence; what was not measured is not estimated.</summary>
internal static class CombinedGain
{
    /// <summary>Returns the combined gain; of a single recommendation its own.</summary>
    public static ExpectedGain Of(IReadOnlyList<Recommendation> members)
    {
        var first = members[0].Gain;
        if (members.Count == 1)
        {
            return first;
        }

        // Members can lack the gain, or have it in another unit where a total was not measured.
        var known = members.Where(member => member.Gain.Value is not null && member.Gain.Unit == first.Unit).ToList();
        if (known.Count == 0)
        {
            return first;
        }

        string missing = known.Count == members.Count ? "" : $" Known for {Format.Count(known.Count)} of {Format.Count(members.Count)}.";
        bool isSum = first.Unit != "percentage points";
        double value = isSum ? known.Sum(member => member.Gain.Value!.Value) : known.Max(member => member.Gain.Value!.Value);
        return new(Text(first.Unit, value, known) + missing, value, first.Unit, isSum ? $"sum of: {first.Formula}" : $"largest of: {first.Formula}");
    }

    /// <summary>Returns the gain of a recommendation in seconds per day; <see langword="null"/> when it is not one of time, or unknown.</summary>
    public static double? SecondsPerDayOf(Recommendation item) => item.Gain.Unit switch
    {
        "s per day" => item.Gain.Value,
        "s per download" => item.Gain.Value * (Number(item, "downloads") ?? Number(item, "downloads_beside_others")),
        "s per fallback" => item.Gain.Value * Number(item, "fallbacks"),
        "checks per day" => item.Gain.Value * Number(item, "mean_duration"),

        // A failed operation has to run again.
        "failures per day" => item.Gain.Value * Number(item, "mean_duration"),
        _ => null,
    };

    /// <summary>Returns the gain of several recommendations in seconds per day; <see langword="null"/> when that of none is known.</summary>
    public static double? SecondsPerDayOf(IReadOnlyList<Recommendation> members)
    {
        double[] known = [.. members.Select(SecondsPerDayOf).OfType<double>()];
        return known.Length == 0 ? null : known.Sum();
    }

    /// <summary>Returns <c> a day</c>, or <c> in the 16 min observed so far</c> when every member was observed for less.</summary>
    public static string PerDay(IReadOnlyList<Recommendation> members)
    {
        double longest = 0;
        foreach (var member in members)
        {
            longest = Math.Max(longest, Number(member, "observed_time") ?? double.PositiveInfinity);
        }

        return longest is > 0 and < 86_400 ? $" in the {Spans.Text(TimeSpan.FromSeconds(longest))} observed so far" : " a day";
    }

    /// <summary>Returns a number of the evidence, or <see langword="null"/>.</summary>
    public static double? Number(Recommendation item, string name) => item.Evidence.FirstOrDefault(number => number.Name == name)?.Value;

    private static string Text(string unit, double value, List<Recommendation> members) => unit switch
    {
        "failures per day" => $"Up to {Format.Count(value)} fewer failures{PerDay(members)}{Success(members, value)}.",
        "checks per day" => $"{Format.Count(value)} fewer checks{PerDay(members)}.",
        "s per day" => $"Saves {Bound(members[0].Kind)} {Format.Seconds(value)}{PerDay(members)}.",
        "GiB" or "MiB" => $"Freeing {Format.Value(value, unit)} in total is enough for {Format.Count(members.Count)} hosts.",
        "percentage points" => $"Lowering it by up to {Format.Number(value)} percentage points brings usage back to the limit.",
        _ => $"{Format.Value(value, unit)} in total.",
    };

    private static string Success(List<Recommendation> members, double spared)
    {
        double failures = 0, operations = 0;
        foreach (var member in members)
        {
            if (Number(member, "failures") is not { } failed || Number(member, "failure_rate") is not > 0)
            {
                return "";
            }

            failures += failed;
            operations += failed / Number(member, "failure_rate")!.Value;
        }

        return $"; the success rate rises to {Format.Ratio(1 - (failures - spared) / operations)}";
    }

    private static string Bound(string kind) => kind switch
    {
        RecommendationKinds.TailLatency => "at least",
        RecommendationKinds.AnalyticsEfficiency or RecommendationKinds.Retries or RecommendationKinds.FallbackCache => "up to",
        _ => "about",
    };
}
