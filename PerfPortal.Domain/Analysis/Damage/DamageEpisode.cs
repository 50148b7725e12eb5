namespace PerfPortal.Domain.Analysis.Damage;

/// <summary>The time from the first check that found something wrong with a model to the check that found nothing wrong any more; immutable.</summary>
/// <param name="Since">The end of the first check that found it, UTC.</param>
/// <param name="SinceLow">Just after the last check before that found nothing wrong; <paramref name="Since"/> when there is none.</param>
/// <param name="Faults">What is wrong.</param>
/// <param name="First">The first check that found it.</param>
/// <param name="Latest">The latest check that found something wrong.</param>
/// <param name="EndedBy">The check that found nothing wrong any more; <see langword="null"/> while it lasts.</param>
public sealed record DamageEpisode(DateTimeOffset Since, DateTimeOffset SinceLow, ModelFaults Faults, CheckReport First, CheckReport Latest, CheckReport? EndedBy = null);

/// <summary>What checks say about a model, up to one of them; immutable.</summary>
/// <param name="Open">What is wrong now.</param>
/// <param name="Ended">What was wrong last.</param>
/// <param name="Sound">The end of the last check after which nothing was wrong.</param>
internal readonly record struct ModelCondition(DamageEpisode? Open, DamageEpisode? Ended, DateTimeOffset? Sound)
{
    /// <summary>What is known with the next check.</summary>
    public ModelCondition Then(CheckReport report)
    {
        if (Open is not { } open)
        {
            return report.IsFaulty
                ? this with { Open = new(report.End, Sound?.AddMicroseconds(1) ?? report.Known?.SinceLow ?? report.End, report.Faults, report, report) }
                : this with { Sound = report.End };
        }

        var faults = (open.Faults & ~report.Clears) | report.Faults;
        return faults == ModelFaults.None
            ? new(null, open with { EndedBy = report }, report.End)
            : this with { Open = open with { Faults = faults, Latest = report.IsFaulty ? report : open.Latest, First = open.First.Known is not null && open.First.End == report.End ? report : open.First } };
    }
}
