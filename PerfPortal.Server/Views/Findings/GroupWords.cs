using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Findings;

/// <summary>The title and the sentence of recommendations that are made as one.</summary>
internal static class GroupWords
{
    private const int MaxNames = 2;

    /// <summary>Returns the words of a group; of a single recommendation its own.</summary>
    public static (string Title, string Sentence) Of(IReadOnlyList<Recommendation> members) => members.Count == 1
        ? (members[0].Title, members[0].Sentence)
        : (Title(members) ?? members[0].Title, Failures(members) ?? $"{members[0].Sentence} The same applies to {Names([.. members.Skip(1)])}.");

    /// <summary>The affected operation, type or host.</summary>
    public static string SubjectOf(Recommendation item) =>
        item.OperationName ?? item.Source ?? (item.MetricType is null ? "all operations" : "all " + OperationNouns.Plural(item.MetricType));

    /// <summary>Up to two names and the number of the others: <c>a, b and 2 more</c>.</summary>
    private static string Names(IReadOnlyList<Recommendation> members)
    {
        string[] names = [.. members.Take(MaxNames).Select(SubjectOf)];
        int others = members.Count - names.Length;
        return others > 0 ? $"{string.Join(", ", names)} and {Format.Count(others)} more" : string.Join(" and ", names);
    }

    private static string? Title(IReadOnlyList<Recommendation> members)
    {
        string many = OperationNouns.Many(members.Count, CommonType(members));
        string hosts = $"on {Format.Count(members.Count)} hosts";
        return members[0].Kind switch
        {
            RecommendationKinds.RecurringFailure when members[0].Cause is { } error => $"Fix \"{error}\" in {many}",
            RecommendationKinds.TailLatency => $"Investigate the slowest runs of {many}",
            RecommendationKinds.ModelLoading => $"Keep the models of {many} loaded",
            RecommendationKinds.HealthCheckCache => $"Cache results of {many}",
            RecommendationKinds.HealthCheckFrequency => $"Run {many} less often",
            RecommendationKinds.AnalyticsEfficiency => $"Improve the efficiency of {many}",
            RecommendationKinds.MemoryCleanup => $"Free memory {hosts}",
            RecommendationKinds.GpuMemoryCleanup => $"Free GPU memory {hosts}",
            RecommendationKinds.DiskCleanup => $"Free disk space {hosts}",
            RecommendationKinds.CpuLoad => $"Reduce CPU load {hosts}",
            _ => null,
        };
    }

    /// <summary><c>52 of 536 downloads of a, b and 2 more failed with ConnectionReset.</c>; <see langword="null"/> when the evidence lacks the numbers.</summary>
    private static string? Failures(IReadOnlyList<Recommendation> members)
    {
        if (members[0] is not { Kind: RecommendationKinds.RecurringFailure, Cause: { } error })
        {
            return null;
        }

        double failed = 0, operations = 0;
        bool isExact = true;
        foreach (var member in members)
        {
            if (member.Gain.Value is not { } ofError || CombinedGain.Number(member, "failures") is not { } failures || CombinedGain.Number(member, "failure_rate") is not > 0)
            {
                return null;
            }

            failed += ofError;
            operations += failures / CombinedGain.Number(member, "failure_rate")!.Value;
            isExact &= CombinedGain.Number(member, "failures_looked_at") is not { } examined || examined >= failures;
        }

        return $"{(isExact ? "" : "About ")}{Format.Count(failed)} of {Format.Count(operations)} {OperationNouns.Plural(CommonType(members))} of {Names(members)} failed with {error}.";
    }

    private static MetricType? CommonType(IReadOnlyList<Recommendation> members) =>
        members.All(member => member.MetricType == members[0].MetricType) ? members[0].MetricType : null;
}
