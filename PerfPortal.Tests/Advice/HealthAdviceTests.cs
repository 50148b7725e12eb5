using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.HealthChecks;
using Xunit;

namespace PerfPortal.Tests.Advice;

public sealed class HealthAdviceTests
{
    private const double Day = 86_400;

    [Fact]
    public async Task With_too_few_checks_the_answer_is_the_safe_default()
    {
        var past = new Past();
        past.Check("llama", 3, 1, false);
        var items = await past.HealthAsync("llama");
        Assert.Equal((Day, 25, 200e6), (items.Of(AdviceKinds.CheckInterval).Value, items.Of(AdviceKinds.FullCheckEvery).Value, items.Of(AdviceKinds.ReadRate).Value));
        Assert.Equal("Only 1 health check of llama by host so far; at least 12 are needed.", items.Of(AdviceKinds.CheckInterval).Reason);
        Assert.Null(items.Of(AdviceKinds.Degradation).Value);
    }

    [Fact]
    public void The_interval_has_the_least_cost_of_all()
    {
        var random = new Random(4);
        for (int i = 0; i < 300; i++)
        {
            double cost = Math.Pow(10, (random.NextDouble() * 4) - 1);
            double rate = InspectionPlan.Rate(random.Next(0, 20), random.NextDouble() * 7 * Day);
            double? uses = random.Next(3) == 0 ? null : random.NextDouble() * 20;
            double interval = InspectionPlan.Interval(cost, rate, uses);
            double worth = InspectionPlan.SecondsPerSecond * Math.Clamp(uses ?? 1, 0.25, 16);
            double At(double t) => (cost / t) + (rate * worth * t / 2);
            Assert.True(At(interval) <= At(interval * 1.01) && At(interval) <= At(interval / 1.01));
        }
    }

    [Fact]
    public void Corruption_and_use_make_checks_more_frequent_and_their_cost_less_frequent()
    {
        Assert.True(InspectionPlan.Rate(1, Day) > InspectionPlan.Rate(0, Day));
        Assert.True(InspectionPlan.Rate(0, 2 * Day) < InspectionPlan.Rate(0, Day));
        Assert.Equal(1 / (365 * Day), InspectionPlan.Rate(0, 0), 15);
        Assert.True(InspectionPlan.Interval(10, 1e-6, 5) < InspectionPlan.Interval(10, 1e-6, 1));
        Assert.True(InspectionPlan.Interval(20, 1e-6, 1) > InspectionPlan.Interval(10, 1e-6, 1));
        Assert.Equal(InspectionPlan.Interval(10, 1e-6, 16), InspectionPlan.Interval(10, 1e-6, 1e9));
    }

    [Fact]
    public async Task A_model_that_was_corrupted_is_checked_more_often_than_one_that_was_not()
    {
        var (sound, bad) = (new Past { Step = TimeSpan.FromHours(1) }, new Past { Step = TimeSpan.FromHours(1) });
        for (int i = 0; i < 48; i++)
        {
            sound.Check("m", 20, 1, false);
            bad.Check("m", 20, 1, i % 16 == 8);
        }

        double often = (await bad.HealthAsync("m")).Of(AdviceKinds.CheckInterval).Value!.Value;
        double seldom = (await sound.HealthAsync("m")).Of(AdviceKinds.CheckInterval).Value!.Value;
        double rate = 3.5 / ((182.5 * Day) + (47 * 3600));
        Assert.Equal(Math.Sqrt(40 / (rate * 0.01)), often, 3);
        Assert.True(often < seldom);
        Assert.InRange(seldom, 3600, 7 * Day);
    }

    [Fact]
    public void Corruption_that_stays_counts_once_and_what_the_first_check_finds_does_not_count()
    {
        var past = new Past();
        foreach (bool corrupted in new[] { true, true, false, true, true, true, false, false, true })
        {
            past.Check("m", 1, 1, corrupted, full: false);
        }

        var costs = CheckCosts.Of(past.History.Checks());
        Assert.Equal((2, 2, 8 * 60d, 1), (costs.Corruptions, costs.FoundBySample, costs.ExposedSeconds, costs.Models));
    }

    [Fact]
    public async Task A_full_check_is_more_seldom_the_more_it_costs()
    {
        async Task<double> EveryAsync(double fullSeconds)
        {
            var past = new Past { Step = TimeSpan.FromMinutes(90) };
            for (int i = 0; i < 40; i++)
            {
                past.Check("m", i % 5 == 0 ? fullSeconds : 1, 1, false, full: i % 5 == 0);
            }

            return (await past.HealthAsync("m")).Of(AdviceKinds.FullCheckEvery).Value!.Value;
        }

        double cheap = await EveryAsync(2);
        double dear = await EveryAsync(2000);
        Assert.True(cheap <= dear);
        Assert.InRange(cheap, 1, 100);
        Assert.InRange(dear, 1, 100);
    }

    [Fact]
    public async Task Samples_are_answered_by_the_default_until_both_kinds_of_checks_were_made()
    {
        var past = new Past();
        for (int i = 0; i < 20; i++)
        {
            past.Check("m", 1, 1, false, full: true);
        }

        Assert.Equal((25, 0d), ((await past.HealthAsync("m")).Of(AdviceKinds.FullCheckEvery).Value, (await past.HealthAsync("m")).Of(AdviceKinds.FullCheckEvery).Confidence));
    }

    [Fact]
    public async Task A_score_that_falls_steadily_is_a_degradation_with_its_slope_a_day()
    {
        var past = new Past { Step = TimeSpan.FromHours(2) };
        for (int i = 0; i < 24; i++)
        {
            past.Check("bad", 1, 1 - (i * 0.01), false);
            past.Check("good", 1, 1, false);
        }

        var items = await past.HealthAsync();
        var item = items.Of(AdviceKinds.Degradation, "bad");

        // Two checks of four hours: 0.01 in four hours is 0.06 a day.
        Assert.Equal(-0.06, item.Value!.Value, 6);
        Assert.StartsWith("The integrity score of bad falls by 0.06 a day, from 1 to 0.77 in 24 checks.", item.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(items, other => other.Kind == AdviceKinds.Degradation && other.Subject == "good");
        Assert.Equal(0, (await past.HealthAsync("good")).Of(AdviceKinds.Degradation).Value);
    }

    [Fact]
    public async Task Repair_begins_with_what_is_broken_most_in_what_is_used_most()
    {
        var past = new Past { Uses = new() { ["busy"] = 99, ["idle"] = 0 } };
        past.Check("idle", 1, 0.1, true);
        past.Check("busy", 1, 0.9, true);
        past.Check("sound", 1, 1, false);
        past.Check("unscored", 1, null, true);
        var ranks = (await past.HealthAsync()).Where(item => item.Kind == AdviceKinds.RepairRank).OrderBy(item => item.Value).Select(item => item.Subject);
        Assert.Equal(["busy", "idle", "unscored"], ranks);
        past.Check("busy", 1, 1, false);
        Assert.Equal(["idle", "unscored"], (await past.HealthAsync()).Where(item => item.Kind == AdviceKinds.RepairRank).OrderBy(item => item.Value).Select(item => item.Subject));
    }

    [Fact]
    public async Task Reading_slows_down_while_the_disks_and_processors_are_busy()
    {
        var past = new Past { Load = new("gpu-1", Past.Start.AddDays(3)) };
        past.Load[Domain.Resources.ResourceMetric.CpuPercent] = 95;
        past.Load[Domain.Resources.ResourceMetric.DiskReadBytesPerSecond] = 400e6;
        for (int i = 0; i < 20; i++)
        {
            past.Check("m", 1, 1, false, full: true, bytes: 400e6);
        }

        Assert.Equal(400e6 * 0.25 * 0.5, (await past.HealthAsync()).Of(AdviceKinds.ReadRate).Value!.Value, 3);
        past.Load = null;
        Assert.Equal((200e6, 0d), ((await past.HealthAsync()).Of(AdviceKinds.ReadRate).Value, (await past.HealthAsync()).Of(AdviceKinds.ReadRate).Confidence));
    }
}
