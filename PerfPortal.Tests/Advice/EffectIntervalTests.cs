using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Effects;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Advice;

/// <summary>The verdict on advice and the interval that is shown with it are one test.</summary>
public sealed class EffectIntervalTests
{
    [Fact]
    public void Advice_helped_or_harmed_exactly_when_the_interval_excludes_1()
    {
        int borderline = 0;
        var verdicts = new HashSet<AdviceVerdict>();
        for (int seed = 0; seed < 120; seed++)
        {
            var random = new Random(seed);
            double factor = Math.Exp((random.NextDouble() - 0.5) * 0.6);
            double failing = seed % 3 == 0 ? random.NextDouble() * 0.3 : 0;
            var strata = Enumerable.Range(0, 1 + (seed % 3)).Select(level => new EffectStratum(
                Times(random, 30 + random.Next(30), (level + 1) * factor, failing), Times(random, 10 + random.Next(10), level + 1, failing / 2)));
            var effect = EffectTest.Compare(AdviceTopic.Download, null, strata);
            bool excludes = effect.Low > 1 || effect.High < 1;
            Assert.Equal(effect.Verdict is AdviceVerdict.Helped or AdviceVerdict.Harmed, excludes);
            Assert.Equal(effect.PValue < 0.01, excludes);
            Assert.Equal(effect.Verdict == AdviceVerdict.Helped, effect.High < 1);
            Assert.True((effect.Low ?? 0) <= effect.Ratio && effect.Ratio <= (effect.High ?? double.MaxValue), $"{seed}: {effect}");
            verdicts.Add(effect.Verdict);
            borderline += effect.PValue is > 0.01 and < 0.05 ? 1 : 0;
        }

        Assert.Superset(new HashSet<AdviceVerdict> { AdviceVerdict.Helped, AdviceVerdict.Harmed, AdviceVerdict.NotEnoughData }, verdicts);
        Assert.True(borderline > 3, "Some lie where an interval of 95 % would exclude 1.");
    }

    [Fact]
    public void A_difference_that_may_be_chance_is_shown_with_an_interval_that_contains_1()
    {
        // Significant at 5 %, and not at 1 %.
        double?[] defaults = [.. Enumerable.Range(0, 12).Select(i => (double?)(100 + (4 * i)))];
        double?[] advised = [.. Enumerable.Range(0, 40).Select(i => (double?)(77 + (1.5 * i)))];
        var effect = EffectTest.Compare(AdviceTopic.Download, "host", [new(advised, defaults)]);
        Assert.InRange(effect.PValue!.Value, 0.01, 0.05);
        Assert.Equal(AdviceVerdict.NotEnoughData, effect.Verdict);
        Assert.InRange(1, effect.Low!.Value, effect.High!.Value);
        Assert.Contains("the difference may be chance: 40 advised downloads took 0.", effect.Reason, StringComparison.Ordinal);
        Assert.Contains(" with a 99 % interval from 0.", effect.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_ends_are_the_ratios_at_which_a_test_by_itself_begins_to_reject()
    {
        var random = new Random(4);
        double?[] advised = Times(random, 50, 0.8, 0.1);
        double?[] defaults = Times(random, 20, 1, 0);
        var effect = EffectTest.Compare(AdviceTopic.Fallback, null, [new(advised, defaults)]);
        Assert.True(PValue(effect.Low!.Value * (1 + 1e-8)) >= 0.01 && PValue(effect.Low!.Value * (1 - 1e-8)) < 0.01);
        Assert.True(PValue(effect.High!.Value * (1 - 1e-8)) >= 0.01 && PValue(effect.High!.Value * (1 + 1e-8)) < 0.01);
        Assert.Equal(effect.PValue!.Value, PValue(1), 12);

        // Mann and Whitney by their definition; only failed operations are tied.
        double PValue(double ratio)
        {
            var pairs = from one in advised from other in defaults select (one / ratio ?? 1e9) > (other ?? 1e9) ? 1 : 0;
            double all = advised.Length + defaults.Length;
            double failed = advised.Count(value => value is null);
            double variance = advised.Length * (double)defaults.Length / 12 * (all + 1 - (((failed * failed * failed) - failed) / all / (all - 1)));
            double excess = pairs.Sum() - (advised.Length * (double)defaults.Length / 2);
            return NormalDistribution.TwoSided(Math.Max(0, Math.Abs(excess) - 0.5) / Math.Sqrt(variance));
        }
    }

    [Fact]
    public void Where_too_many_fail_an_end_or_the_ratio_has_no_bound()
    {
        var random = new Random(5);
        var half = EffectTest.Compare(AdviceTopic.Download, null, [new([.. Times(random, 40, 1, 0), .. new double?[50]], Times(random, 40, 1, 0))]);
        Assert.Equal((AdviceVerdict.Harmed, null), (half.Verdict, half.High));
        Assert.True(half.Low is null or > 1);
        var all = EffectTest.Compare(AdviceTopic.Download, null, [new(new double?[40], Times(random, 40, 1, 0))]);
        Assert.Equal((AdviceVerdict.Harmed, null, null, null), (all.Verdict, all.Low, all.Ratio, all.High));
        Assert.Equal("Advice harmed: 40 advised downloads were compared with 40 with the defaults; all of the advised ones failed, and none of those with the defaults.", all.Reason);
        double?[] same = [.. Enumerable.Repeat((double?)3, 40)];
        var constant = EffectTest.Compare(AdviceTopic.Download, null, [new(same, same)]);
        Assert.Equal((AdviceVerdict.NoDifference, 1), (constant.Verdict, Math.Round(constant.Ratio!.Value, 6)));
    }

    [Fact]
    public void An_end_that_would_be_rounded_to_1_says_on_which_side_it_is()
    {
        var effect = new AdviceEffect(AdviceTopic.Download, null, AdviceVerdict.Helped, 40, 12, 0.8, 0.7, 0.99999, 0.009);
        Assert.EndsWith("with a 99 % interval from 0.7 to just below 1.", effect.Reason, StringComparison.Ordinal);
    }

    private static double?[] Times(Random random, int count, double typical, double failing) =>
        [.. Enumerable.Range(0, count).Select(_ => (Time: typical * Math.Exp((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 0.8), Fails: random.NextDouble() < failing)).Select(one => one.Fails ? null : (double?)one.Time)];
}
