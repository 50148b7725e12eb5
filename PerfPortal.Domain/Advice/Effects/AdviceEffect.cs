using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Effects;

/// <summary>What following advice did.</summary>
public enum AdviceVerdict
{
    /// <summary>Too little is recorded to tell.</summary>
    NotEnoughData,

    /// <summary>Operations that followed advice took less time to success; intervals between health checks cost less.</summary>
    Helped,

    /// <summary>There is no difference that matters.</summary>
    NoDifference,

    /// <summary>Operations that followed advice took longer; intervals between health checks cost more.</summary>
    Harmed,
}

/// <summary>The time to success of operations that followed advice, against those that used the safe defaults; of health checks, the cost of the intervals between them.</summary>
/// <param name="Topic">The component.</param>
/// <param name="Subject">The host of downloads, or the group of fallbacks; <see langword="null"/> for all.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Advised">The number of operations that followed advice and have one with the defaults to compare with.</param>
/// <param name="Default">The number of operations that used the defaults and have an advised one to compare with.</param>
/// <param name="Ratio">The typical ratio of the times or costs, below 1 when advice is better; <see langword="null"/> without data, or when so many failed that it has no bound.</param>
/// <param name="Low">The lower end of its interval of <see cref="IntervalLevel"/>, which excludes 1 exactly when the difference is significant; <see langword="null"/> when it has none.</param>
/// <param name="High">The upper end; <see langword="null"/> when it has none.</param>
/// <param name="PValue">The two-sided p-value, 0–1.</param>
public sealed record AdviceEffect(AdviceTopic Topic, string? Subject, AdviceVerdict Verdict, int Advised, int Default, double? Ratio, double? Low, double? High, double? PValue)
{
    /// <summary>The confidence of the interval, which is that of the verdict.</summary>
    public const double IntervalLevel = 0.99;

    /// <summary>The numbers of all operations of both arms, with or without one to compare with, and of those among the compared that failed.</summary>
    public ArmCounts Counts { get; init; } = new(Advised, Default, 0, 0);

    /// <summary>Of health checks: what both arms spend, and how long corruption stays unseen; <see langword="null"/> for other operations and without data.</summary>
    public CheckTrade? Trade { get; init; }

    /// <summary>Whether advice is withheld: it harms, or makes no difference. In the latter case not before all levels are explored, and not where it costs less.</summary>
    public bool IsWithheld => Verdict is AdviceVerdict.Harmed or AdviceVerdict.NoDifference;

    /// <summary>A sentence or two with the measured numbers; of what is short when that is too little to tell.</summary>
    public string Reason => EffectWords.Of(this);
}

/// <summary>The numbers of operations of two arms.</summary>
/// <param name="Advised">All that followed advice.</param>
/// <param name="Default">All that used the defaults since advice was first followed.</param>
/// <param name="AdvisedFailed">The compared ones that followed advice and failed.</param>
/// <param name="DefaultFailed">The compared ones that used the defaults and failed.</param>
public sealed record ArmCounts(int Advised, int Default, int AdvisedFailed, int DefaultFailed);

/// <summary>What the intervals between health checks cost, for a model, in comparable cases.</summary>
/// <param name="AdvisedSecondsPerDay">The seconds of checking a day with advised intervals.</param>
/// <param name="DefaultSecondsPerDay">The seconds of checking a day with the default interval.</param>
/// <param name="AdvisedUnseenSeconds">How long corruption stays unseen on average with advised intervals, if the next check finds it.</param>
/// <param name="DefaultUnseenSeconds">The same with the default interval.</param>
public sealed record CheckTrade(double AdvisedSecondsPerDay, double DefaultSecondsPerDay, double AdvisedUnseenSeconds, double DefaultUnseenSeconds);
