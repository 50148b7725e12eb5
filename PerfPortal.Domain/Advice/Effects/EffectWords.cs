using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Effects;

/// <summary>The sentences about an effect.</summary>
internal static class EffectWords
{
    /// <summary>Returns the verdict with its numbers, or what is short.</summary>
    public static string Of(AdviceEffect effect) => effect.Verdict switch
    {
        AdviceVerdict.NotEnoughData => Short(effect),
        AdviceVerdict.Helped => $"Advice helped: {Compared(effect)}.{Trade(effect)}",
        AdviceVerdict.Harmed => $"Advice harmed: {Compared(effect)}.{Trade(effect)}",
        _ => $"Advice made no difference: {Compared(effect)}.{Trade(effect)}",
    };

    private static string Short(AdviceEffect effect)
    {
        var (advised, defaults, _, _) = effect.Counts;
        var (one, many) = Nouns(effect.Topic);
        string needed = $"at least {EffectTest.MinAdvised} and {EffectTest.MinDefault} are needed";
        if (advised == 0)
        {
            return effect.Topic == AdviceTopic.HealthCheck
                ? "No interval between health checks has followed advice yet. Only those that end with a check on schedule count."
                : $"No {one} has followed advice yet.";
        }

        if (defaults == 0)
        {
            return $"{Counted.Of(advised, one, many)} followed advice, but none has used the defaults since: one in 8 does, by chance.";
        }

        if (effect.Advised < EffectTest.MinAdvised || effect.Default < EffectTest.MinDefault)
        {
            string both = $"{Counted.Of(advised, "advised " + one, "advised " + many)} and {Format.Count(defaults)} with the defaults";
            return (effect.Advised, effect.Default) == (advised, defaults)
                ? $"Only {both} so far; {needed}."
                : $"There are {both}, but only {Format.Count(effect.Advised)} and {Format.Count(effect.Default)} of them are alike ({Alike(effect.Topic)}); {needed}.";
        }

        return $"There are enough {many}, but the difference may be chance: {Compared(effect)}. It takes a clearer difference to say that advice helps or harms, or {EffectTest.EnoughAdvised} and {EffectTest.EnoughDefault} {many} to say that it does neither.{Trade(effect)}";
    }

    private static string Compared(AdviceEffect effect)
    {
        var (one, many) = Nouns(effect.Topic);
        string advised = Counted.Of(effect.Advised, "advised " + one, "advised " + many);
        string defaults = $"{Format.Count(effect.Default)} with the defaults";
        string failed = effect.Counts is { AdvisedFailed: 0, DefaultFailed: 0 } counts ? "" : $"{Part(effect.Counts.AdvisedFailed, effect.Advised)} of the advised ones failed, and {Part(effect.Counts.DefaultFailed, effect.Default)} of those with the defaults";
        if (effect.Ratio is not { } ratio)
        {
            return $"{advised} were compared with {defaults}; {failed}";
        }

        string verb = effect.Topic == AdviceTopic.HealthCheck ? $"cost {Format.Number(ratio)} times as much as" : $"took {Format.Number(ratio)} times as long as";
        string interval = (effect.Low, effect.High) switch
        {
            ({ } low, { } high) => $"from {End(low)} to {End(high)}",
            ({ } low, null) => $"from {End(low)} on",
            (null, { } high) => $"up to {End(high)}",
            _ => "without bounds",
        };
        return $"{advised} {verb} {defaults}, with a {AdviceEffect.IntervalLevel * 100:0} % interval {interval}{(failed.Length == 0 ? "" : "; " + failed)}";
    }

    // Rounded to 1, an interval that excludes it would seem to contain it.
    private static string End(double value) => Format.Number(value) is var text && text == Format.Number(1) && value != 1 ? value < 1 ? "just below 1" : "just above 1" : text;

    private static string Part(int count, int all) => count == 0 ? "none" : count == all ? "all" : Format.Count(count);

    private static string Trade(AdviceEffect effect) => effect.Trade is not { } trade ? ""
        : $" With advice, a model is checked for {Format.Seconds(trade.AdvisedSecondsPerDay)} a day and corruption stays unseen for {Format.Seconds(trade.AdvisedUnseenSeconds)} on average; "
        + $"with the default, for {Format.Seconds(trade.DefaultSecondsPerDay)} a day and {Format.Seconds(trade.DefaultUnseenSeconds)}.";

    private static (string One, string Many) Nouns(AdviceTopic topic) => topic switch
    {
        AdviceTopic.Download => ("download", "downloads"),
        AdviceTopic.HealthCheck => ("check interval", "check intervals"),
        _ => ("fallback", "fallbacks"),
    };

    private static string Alike(AdviceTopic topic) => topic switch
    {
        AdviceTopic.Download => "of one source, host and size within a factor of two, with and without advice",
        AdviceTopic.HealthCheck => "of one model and kind of check, with and without advice",
        _ => "of one source and group, with and without advice",
    };
}
