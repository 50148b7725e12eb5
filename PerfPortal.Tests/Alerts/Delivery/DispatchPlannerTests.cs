using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class DispatchPlannerTests
{
    [Fact]
    public void A_new_group_waits_and_then_one_message_covers_all_of_its_alerts()
    {
        var world = new PlannerWorld { Receivers = { Receiver() } };
        world.Fire(Alert("gpu-1"));
        world.Fire(Alert("gpu-2"), Start.AddSeconds(20));
        var early = world.Plan(Start.AddSeconds(29));
        Assert.Empty(early.Messages);
        Assert.Equal(Start.AddSeconds(30), early.NextAt);
        var message = Assert.Single(world.Run(Start.AddSeconds(30)));
        Assert.Equal(["gpu-1", "gpu-2"], message.Alerts.Select(alert => alert.Labels["source"]));
        Assert.Equal("High CPU", message.GroupLabels["alertname"]);
        Assert.Empty(world.Outbox);
        Assert.Empty(world.Run(Start.AddMinutes(4)));
    }

    [Fact]
    public void A_changed_group_waits_for_the_interval_and_says_what_resolved()
    {
        var world = new PlannerWorld { Receivers = { Receiver() } };
        world.Fire(Alert("gpu-1"));
        world.Fire(Alert("gpu-2"));
        world.Run(Start.AddMinutes(1), finish: true);
        world.Resolve("gpu-1", Start.AddMinutes(2));
        Assert.Equal(Start.AddMinutes(6), world.Plan(Start.AddMinutes(3)).NextAt);
        Assert.Empty(world.Run(Start.AddMinutes(5.9)));
        var message = Assert.Single(world.Run(Start.AddMinutes(6)));
        Assert.Equal([("gpu-2", false), ("gpu-1", true)], message.Alerts.Select(alert => (alert.Labels["source"], alert.EndsAt is not null)));
        Assert.True(message.IsFiring);
    }

    [Fact]
    public void A_group_that_still_fires_is_repeated_unless_it_is_acknowledged_or_muted()
    {
        var world = new PlannerWorld { Receivers = { Receiver() } };
        var alert = world.Fire(Alert());
        world.Run(Start.AddMinutes(1), finish: true);
        Assert.Empty(world.Run(Start.AddHours(4)));
        world.Change(alert with { Acknowledged = new("ann", Start.AddMinutes(5), null) });
        Assert.Empty(world.Run(Start.AddHours(5)));
        world.Change(alert with { MutedBy = "silence" });
        Assert.Empty(world.Run(Start.AddHours(5)));
        world.Change(alert);
        Assert.Single(world.Run(Start.AddHours(4).AddMinutes(1), finish: true));
        world.Receivers[0] = Receiver() with { RepeatInterval = TimeSpan.Zero };
        Assert.Empty(world.Run(Start.AddDays(3)));
    }

    [Fact]
    public void A_receiver_that_is_new_hears_what_fires_already()
    {
        var world = new PlannerWorld();
        world.Fire(Alert());
        world.Fire(Alert("gpu-2", severity: AlertSeverity.Info));
        world.Outbox.Clear();
        world.Receivers.Add(Receiver() with { Routes = [new(null, AlertSeverity.Warning, new Dictionary<string, string>())] });
        Assert.Equal("gpu-1", Assert.Single(Assert.Single(world.Run(Start.AddHours(2))).Alerts).Labels["source"]);
    }

    [Fact]
    public void An_alert_that_resolved_before_its_first_message_is_told_once_if_it_outlasted_the_wait()
    {
        foreach (bool sendsResolved in new[] { true, false })
        {
            var world = new PlannerWorld { Receivers = { Receiver() with { GroupWait = TimeSpan.FromMinutes(3), SendsResolved = sendsResolved } } };
            world.Fire(Alert("short"));
            world.Fire(Alert("long"));
            world.Resolve("short", Start.AddMinutes(2));
            world.Resolve("long", Start.AddMinutes(10));
            var message = Assert.Single(world.Run(Start.AddMinutes(11)));
            Assert.Equal("long", Assert.Single(message.Alerts).Labels["source"]);
            Assert.False(message.IsFiring);
            Assert.Empty(world.Outbox);
        }
    }

    [Fact]
    public void A_receiver_that_does_not_want_resolved_alerts_is_not_told_of_them()
    {
        var world = new PlannerWorld { Receivers = { Receiver() with { SendsResolved = false } } };
        world.Fire(Alert());
        world.Run(Start.AddMinutes(1), finish: true);
        world.Resolve("gpu-1", Start.AddMinutes(10));
        Assert.Empty(world.Run(Start.AddMinutes(20)));
        Assert.Empty(world.Outbox);
    }

    [Fact]
    public void Later_changes_of_a_group_wait_for_the_unfinished_message_and_share_the_next_one()
    {
        var world = new PlannerWorld { Receivers = { Receiver() } };
        world.Fire(Alert("gpu-1"));
        world.Run(Start.AddMinutes(1));
        world.Fire(Alert("gpu-2", since: Start.AddMinutes(20)));
        world.Resolve("gpu-1", Start.AddMinutes(30));
        world.Fire(Alert("gpu-3", since: Start.AddMinutes(40)));
        Assert.Empty(world.Run(Start.AddMinutes(59)));
        world.FinishAll();
        var message = Assert.Single(world.Run(Start.AddMinutes(60)));
        Assert.Equal(["gpu-2", "gpu-3", "gpu-1"], message.Alerts.Select(alert => alert.Labels["source"]));
    }

    [Fact]
    public void A_flapping_group_gets_at_most_one_message_per_interval()
    {
        var world = new PlannerWorld { Receivers = { Receiver() } };
        int messages = 0;
        for (int minute = 0; minute < 60; minute += 2)
        {
            world.Fire(Alert(since: Start.AddMinutes(minute)));
            messages += world.Run(Start.AddMinutes(minute + 0.6), finish: true).Count;
            world.Resolve("gpu-1", Start.AddMinutes(minute + 1));
            messages += world.Run(Start.AddMinutes(minute + 1.6), finish: true).Count;
        }

        Assert.InRange(messages, 8, 12);
    }

    [Fact]
    public void Entries_about_unknown_alerts_and_for_receivers_that_are_gone_or_off_are_dropped()
    {
        var world = new PlannerWorld { Receivers = { Receiver() with { IsEnabled = false }, Receiver("r2") } };
        var alert = world.Fire(Alert());
        world.Outbox.Add(Entry(50, alert, "r3"));
        world.Outbox.Add(new(51, "r2", "unknown", Start, false));
        var plan = world.Plan(Start.AddSeconds(1));
        Assert.Equal([1, 50, 51], plan.DroppedIds.Order());
    }

    [Fact]
    public void A_message_mentions_at_most_fifty_alerts_the_most_severe_first_and_counts_the_others()
    {
        var world = new PlannerWorld { Receivers = { Receiver() } };
        for (int i = 0; i < 120; i++)
        {
            world.Fire(Alert($"gpu-{i}", severity: i == 119 ? AlertSeverity.Critical : AlertSeverity.Warning));
        }

        var message = Assert.Single(world.Run(Start.AddMinutes(1)));
        Assert.Equal((50, 70, "gpu-119"), (message.Alerts.Count, message.Truncated, message.Alerts[0].Labels["source"]));
        Assert.Empty(world.Outbox);
    }

    [Fact]
    public void Only_the_oldest_message_of_a_group_may_be_sent()
    {
        AlertDelivery Delivery(string key, string group, double minute, double next) => new()
        {
            ReceiverId = "r1",
            Message = Message(Alert()) with { Key = key, GroupKey = group, ComposedAt = Start.AddMinutes(minute) },
            NextAttemptAt = Start.AddMinutes(next),
        };
        var due = DispatchPlanner.Due([Delivery("b2", "b", 2, 2), Delivery("a1", "a", 0, 30), Delivery("a2", "a", 5, 5), Delivery("b1", "b", 1, 1)], Start.AddMinutes(10));
        Assert.Equal(["b1"], due.Select(delivery => delivery.Message.Key));
    }

    [Fact]
    public void The_texts_of_a_notice_have_units_and_its_link_the_public_path()
    {
        var notice = AlertNotices.Of(Alert(), new Uri("https://perf.example.com/portal"), Start.AddMinutes(15));
        Assert.Equal(("96.3 %", "above 80 %", $"https://perf.example.com/portal/alerts/{notice.AlertId}"), (notice.Value, notice.Threshold, notice.Link!.AbsoluteUri));
        Assert.Contains("is 96.3 %, above 80 %, since 2026-03-01 12:00 UTC", notice.Sentence, StringComparison.Ordinal);
        Assert.Null(AlertNotices.Of(Alert(), null, Start).Link);
        Assert.Equal("97.8 %", AlertNotices.Of(Alert().Resolved(Start.AddMinutes(5)), null, Start.AddMinutes(5)).Value);
    }
}
