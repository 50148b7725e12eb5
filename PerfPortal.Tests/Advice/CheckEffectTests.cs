using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Effects;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Advice;

/// <summary>Whether advice on health checks helps: what the intervals between them cost.</summary>
public sealed class CheckEffectTests
{
    private const double Hour = 3600;

    [Fact]
    public void Intervals_that_cost_less_checking_for_the_same_corruption_help_and_both_sides_are_named()
    {
        // A check takes 20 s, and corruption never appeared: once in four days is nearly enough, once a day costs more.
        var effect = Measure(Checks(advisedHours: 96, models: 30));
        Assert.Equal(AdviceVerdict.Helped, effect.Verdict);
        Assert.InRange(effect.Ratio!.Value, 0.3, 0.6);
        Assert.Equal(20, effect.Trade!.DefaultSecondsPerDay, 1);
        Assert.Equal(5, effect.Trade.AdvisedSecondsPerDay, 1);
        Assert.Equal((12 * Hour, 48 * Hour), (Math.Round(effect.Trade.DefaultUnseenSeconds), Math.Round(effect.Trade.AdvisedUnseenSeconds)));
        Assert.Contains("advised check intervals cost 0.", effect.Reason, StringComparison.Ordinal);
        Assert.EndsWith("With advice, a model is checked for 5.0 s a day and corruption stays unseen for 2 d 00 h on average; with the default, for 20.0 s a day and 12 h 00 m.", effect.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Intervals_that_are_too_short_harm_although_corruption_is_found_sooner() =>
        Assert.Equal(AdviceVerdict.Harmed, Measure(Checks(advisedHours: 4, models: 30)).Verdict);

    [Fact]
    public void A_price_of_unseen_corruption_is_part_of_the_cost()
    {
        // Cheap checks, and models that break often: once a day is too seldom.
        var past = Checks(advisedHours: 6, models: 30, checkSeconds: 0.05, corruptedEvery: 9);
        Assert.Equal(AdviceVerdict.Helped, Measure(past).Verdict);
    }

    [Fact]
    public void Checks_that_somebody_asked_for_say_nothing_about_the_interval()
    {
        var effect = Measure(Checks(advisedHours: 96, models: 30, trigger: AdviceFacts.Request));
        Assert.Equal((AdviceVerdict.NotEnoughData, 0), (effect.Verdict, effect.Advised));
        Assert.Equal("No interval between health checks has followed advice yet. Only those that end with a check on schedule count.", effect.Reason);
        Assert.Null(effect.Trade);
    }

    [Fact]
    public void Models_are_only_compared_with_themselves()
    {
        // Large models follow advice, small ones the default.
        var past = new Past();
        var end = Past.Start;
        for (int i = 0; i < 60; i++)
        {
            end = end.AddHours(1);
            past.Add(Check("large", end, 60, AdviceFacts.Advised));
            past.Add(Check("small", end, 1, AdviceFacts.Default));
        }

        var effect = Measure(past);
        Assert.Equal((AdviceVerdict.NotEnoughData, 0, 0, 59), (effect.Verdict, effect.Advised, effect.Default, effect.Counts.Advised));
    }

    [Fact]
    public async Task An_interval_that_harms_gives_way_to_the_default()
    {
        var items = await Checks(advisedHours: 4, models: 30).HealthAsync("m1");
        var interval = items.Of(AdviceKinds.CheckInterval);
        Assert.Equal((86_400, 0d), (interval.Value, interval.Confidence));
        Assert.StartsWith("Advice harmed: ", interval.Reason, StringComparison.Ordinal);
        Assert.EndsWith("The default is used until that is older than 28 days.", interval.Reason, StringComparison.Ordinal);
    }

    private static AdviceEffect Measure(Past past) => EffectMeasure.Checks(past.History.Checks(max: 10_000), null);

    private static Past Checks(double advisedHours, int models, double checkSeconds = 20, int corruptedEvery = int.MaxValue, string trigger = AdviceFacts.Schedule)
    {
        var past = new Past();
        past.Time.SetUtcNow(Past.Start.AddDays(27));
        var random = new Random(5);
        for (int model = 0; model < models; model++)
        {
            var end = Past.Start.AddMinutes(model);
            for (int i = 0; end < Past.Start.AddDays(27); i++)
            {
                bool isAdvised = i == 0 || random.Next(4) != 0;
                past.Add(Check($"m{model}", end, checkSeconds, isAdvised ? AdviceFacts.Advised : AdviceFacts.Default, trigger, i % corruptedEvery == corruptedEvery - 1));
                end += TimeSpan.FromHours(isAdvised ? advisedHours : 24) + TimeSpan.FromSeconds(checkSeconds + random.NextDouble());
            }
        }

        return past;
    }

    private static Operation Check(string model, DateTimeOffset end, double seconds, string arm, string trigger = AdviceFacts.Schedule, bool isCorrupted = false) =>
        Past.Operation(MetricType.HealthCheck, model, seconds, true, end, ("corruption_detected", isCorrupted), ("check", "sampled"), ("advice", arm), ("trigger", trigger));
}
