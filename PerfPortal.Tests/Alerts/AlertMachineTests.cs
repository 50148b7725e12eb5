using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using Xunit;

namespace PerfPortal.Tests.Alerts;

public sealed class AlertMachineTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    private static readonly AlertRule Rule = SignalBench.Rule(SignalBench.Cpu, 80) with { RecoveryThreshold = 70, For = TimeSpan.FromMinutes(5), KeepFiringFor = TimeSpan.FromMinutes(2) };

    [Fact]
    public void A_scripted_day_has_exactly_these_transitions()
    {
        var day = new ScriptedDay(Rule, Midnight);

        // A spike of three minutes fires nothing.
        day.CalmUntil("01:00").Hold(95, 3);

        // Ten minutes do; between recovery and threshold it goes on, then for as long as it is kept.
        day.CalmUntil("02:00").Hold(95, 10).Hold(75, 10);

        // A slow drift: at the threshold is not beyond it.
        day.CalmUntil("04:00").Follow(minute => 50 + (minute / 2.0), 120);

        // A short gap stops no timer, a long one is a state, and data that return are no new alert.
        day.CalmUntil("08:00").Hold(95, 2).Hold(null, 3).Hold(95, 5).Hold(null, 20).Hold(95, 1);

        // A pending alert without data is dropped.
        day.CalmUntil("09:00").Hold(95, 1).Hold(null, 19);

        // A restart: the pending timer goes on; nothing resolves because nobody looked.
        day.CalmUntil("10:00").Hold(95, 2).Skip(18).Hold(95, 10).Skip(30);

        // A clock that is set back by an hour.
        day.CalmUntil("12:00").Hold(95, 10).Skip(-60).Hold(95, 11);

        // A clock that is set forward by an hour.
        day.CalmUntil("14:00").Hold(95, 1).Skip(59).Hold(95, 1).CalmUntil("16:00");
        Assert.Equal(
        [
            "01:00 inactive → pending", "01:03 pending → inactive",
            "02:00 inactive → pending", "02:05 pending → firing", "02:21 firing → resolved",
            "05:01 inactive → pending", "05:06 pending → firing", "06:01 firing → resolved",
            "08:00 inactive → pending", "08:05 pending → firing", "08:20 firing → no_data", "08:30 no_data → firing", "08:32 firing → resolved",
            "09:00 inactive → pending", "09:11 pending → inactive",
            "10:00 inactive → pending", "10:20 pending → firing", "11:02 firing → resolved",
            "12:00 inactive → pending", "12:05 pending → firing", "11:22 firing → resolved",
            "14:00 inactive → pending", "15:00 pending → firing", "15:02 firing → resolved",
        ], day.Transitions);
    }

    [Fact]
    public void A_change_to_daylight_saving_time_moves_no_timer()
    {
        // In Berlin the clock goes from 02:00 (+01:00) to 03:00 (+02:00) at 01:00 UTC.
        var change = new DateTimeOffset(2026, 3, 29, 1, 0, 0, TimeSpan.Zero);
        var status = AlertStatus.Inactive;
        var transitions = new List<AlertTransition>();
        for (int minute = -10; minute < 20; minute++)
        {
            var local = change.AddMinutes(minute).ToOffset(TimeSpan.FromHours(minute < 0 ? 1 : 2));
            (status, var transition) = AlertMachine.Step(Rule, status, minute is >= -2 and < 8 ? 95 : 50, local);
            transitions.AddRange(transition is null ? [] : [transition]);
        }

        Assert.Equal([-2.0, 3, 9], transitions.Select(transition => (transition.At - change).TotalMinutes));
        Assert.Equal([AlertState.Pending, AlertState.Firing, AlertState.Resolved], transitions.Select(transition => transition.To));
    }

    [Fact]
    public void One_that_goes_on_and_off_is_damped_until_it_has_been_calm()
    {
        var day = new ScriptedDay(Rule with { For = default, KeepFiringFor = default }, Midnight);
        for (int i = 0; i < 6; i++)
        {
            day.Hold(95, 2).Hold(50, 3);
        }

        Assert.Equal(
            ["00:00 inactive → firing", "00:02 firing → resolved", "00:05 inactive → firing", "00:07 firing → resolved", "00:10 inactive → firing"],
            day.Transitions);
        Assert.True(day.Status.IsFlapping);

        // The condition last held at 00:26.
        day.Hold(50, 30);
        Assert.Equal(["00:41 firing → resolved"], day.Transitions.Skip(5));

        // It is still known for what it is: one more time within the hour is damped too.
        day.Hold(95, 1).Hold(50, 20);
        Assert.Equal(["01:00 inactive → firing", "01:15 firing → resolved"], day.Transitions.Skip(6));
        day.Hold(50, 90).Hold(95, 1).Hold(50, 2);
        Assert.Equal(2, day.Transitions.Count - 8);
        Assert.False(day.Status.IsFlapping);
    }

    [Fact]
    public void Silence_is_given_up_after_a_day_that_was_watched_and_not_because_the_portal_was_down()
    {
        var day = new ScriptedDay(Rule with { For = default }, Midnight).Hold(95, 1).Hold(null, 11);
        Assert.Equal(AlertState.NoData, day.Status.State);
        day.Skip(48 * 60).Hold(null, 60);
        Assert.Equal(AlertState.NoData, day.Status.State);
        day.Hold(null, 24 * 60);
        Assert.EndsWith("no_data → resolved", day.Transitions[^1]);
    }

    [Fact]
    public void Silence_before_and_after_downtime_counts_without_it()
    {
        var day = new ScriptedDay(Rule with { For = default }, Midnight).Hold(95, 1).Hold(null, 5).Skip(120).Hold(null, 5);
        Assert.Equal(AlertState.Firing, day.Status.State);
        day.Hold(null, 3);
        Assert.Equal(AlertState.NoData, day.Status.State);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(null)]
    public void What_is_not_a_number_is_missing(double? value)
    {
        var (status, transition) = AlertMachine.Step(Rule, AlertStatus.Inactive, value, Midnight);
        Assert.Null(transition);
        Assert.Equal(Midnight, status.MissingSince);
    }

    [Fact]
    public void Below_its_threshold_the_peak_is_the_lowest_value()
    {
        var rule = Rule with { Comparison = AlertComparison.Below, Threshold = 5, RecoveryThreshold = 6 };
        var day = new ScriptedDay(rule, Midnight).Hold(5, 1).Hold(4, 3).Hold(1, 3).Hold(5.5, 3);
        Assert.Equal(["00:01 inactive → pending", "00:06 pending → firing"], day.Transitions);
        Assert.Equal((1, 5.5), (day.Status.Peak, day.Status.Value));
        day.Hold(6, 3);
        Assert.Equal("00:11 firing → resolved", day.Transitions[^1]);
    }

    [Fact]
    public void A_new_episode_begins_with_nothing_of_the_last_but_its_firings()
    {
        var day = new ScriptedDay(Rule with { For = default, KeepFiringFor = default }, Midnight).Hold(99, 1).Hold(50, 1).Hold(85, 1);
        Assert.Equal((AlertState.Firing, (double?)85, Midnight.AddMinutes(2), null, 2), (day.Status.State, day.Status.Peak, day.Status.FiringSince, day.Status.ResolvedAt, day.Status.Firings.Count));
    }
}
