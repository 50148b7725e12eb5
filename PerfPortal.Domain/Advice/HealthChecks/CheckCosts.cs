using PerfPortal.Domain.Advice.History;

namespace PerfPortal.Domain.Advice.HealthChecks;

/// <summary>What the checks of one or more models cost and found.</summary>
/// <param name="Checks">The number of checks.</param>
/// <param name="Full">The number known to have read every byte.</param>
/// <param name="Sampled">The number known to have read samples.</param>
/// <param name="FullSeconds">The mean duration of a full check; <see langword="null"/> without one.</param>
/// <param name="SampledSeconds">The mean duration of a sampled check; <see langword="null"/> without one.</param>
/// <param name="Seconds">The mean duration of all checks.</param>
/// <param name="Corruptions">How often corruption appeared that the check before had not seen.</param>
/// <param name="FoundBySample">How many of these a sampled check found.</param>
/// <param name="ExposedSeconds">The time that the checks watched over: from the first to the last check of each model, summed.</param>
/// <param name="Models">The number of models.</param>
internal sealed record CheckCosts(
    int Checks, int Full, int Sampled, double? FullSeconds, double? SampledSeconds, double Seconds, int Corruptions, int FoundBySample, double ExposedSeconds, int Models)
{
    /// <summary>Sums up checks in the order of their ends.</summary>
    public static CheckCosts Of(IReadOnlyList<PastCheck> checks)
    {
        int corruptions = 0;
        int bySample = 0;
        double exposed = 0;
        int models = 0;
        foreach (var model in checks.GroupBy(check => check.Key))
        {
            models++;
            bool wasCorrupted = false;
            DateTimeOffset? first = null;
            foreach (var check in model)
            {
                // What the first check finds may have been there for any time.
                if (check.Corrupted == true && !wasCorrupted && first is not null)
                {
                    corruptions++;
                    bySample += check.IsFull == false ? 1 : 0;
                }

                wasCorrupted = check.Corrupted ?? wasCorrupted;
                first ??= check.End;
            }

            exposed += Math.Max(0, (model.Last().End - first!.Value).TotalSeconds);
        }

        return new(
            checks.Count, checks.Count(check => check.IsFull == true), checks.Count(check => check.IsFull == false), Mean(checks.Where(check => check.IsFull == true)),
            Mean(checks.Where(check => check.IsFull == false)), Mean(checks) ?? 0, corruptions, bySample, exposed, models);
    }

    private static double? Mean(IEnumerable<PastCheck> checks) => checks.Select(check => (double?)check.Seconds).Average();
}
