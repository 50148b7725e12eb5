using PerfPortal.Domain.Alerts.Delivery;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class MessageBudgetTests
{
    [Fact]
    public void A_storm_of_many_groups_becomes_one_digest_at_once()
    {
        var world = new PlannerWorld { Receivers = { Receiver() } };
        for (int i = 0; i < 200; i++)
        {
            world.Fire(Alert("gpu-1", $"Rule {i}"));
        }

        var digest = Assert.Single(world.Run(Start.AddMinutes(1), finish: true));
        Assert.Equal((true, 50, 150), (digest.IsDigest, digest.Alerts.Count, digest.Truncated));
        Assert.Empty(world.Outbox);
        Assert.Empty(world.Run(Start.AddMinutes(30)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(60)]
    public void A_storm_that_lasts_never_exceeds_the_budget_of_any_hour_and_nothing_waits_longer_than_a_digest(int max)
    {
        var receiver = Receiver() with { MaxMessagesPerHour = max, GroupInterval = TimeSpan.Zero, GroupWait = TimeSpan.Zero };
        var world = new PlannerWorld { Receivers = { receiver } };
        var longest = TimeSpan.Zero;
        for (int step = 0; step < 3 * 60; step++)
        {
            var now = Start.AddMinutes(step);
            world.Fire(Alert("gpu-1", $"Rule {step % 40} {step}", now));
            world.Fire(Alert("gpu-2", $"Rule {step % 40} {step}", now));
            world.Run(now, finish: true);
            longest = world.Outbox.Count == 0 ? longest : TimeSpan.FromTicks(Math.Max(longest.Ticks, (now - world.Outbox.Min(entry => entry.At)).Ticks));
        }

        var times = world.Deliveries.Select(delivery => delivery.Message.ComposedAt).ToList();
        Assert.All(times, time => Assert.InRange(times.Count(other => other > time - TimeSpan.FromHours(1) && other <= time), 1, max));
        Assert.True(longest <= TimeSpan.FromHours(1) / Math.Max(1, max / 4) + TimeSpan.FromMinutes(1), $"{longest} with {max}");
    }

    [Fact]
    public void An_unfinished_digest_holds_back_everything_and_then_groups_go_on_by_themselves()
    {
        var world = new PlannerWorld { Receivers = { Receiver() with { MaxMessagesPerHour = 8 } } };
        for (int i = 0; i < 20; i++)
        {
            world.Fire(Alert("gpu-1", $"Rule {i}"));
        }

        Assert.True(Assert.Single(world.Run(Start.AddMinutes(1))).IsDigest);
        world.Fire(Alert("gpu-2", "Another rule", Start.AddMinutes(2)));
        Assert.Empty(world.Run(Start.AddMinutes(20)));
        world.FinishAll();
        var message = Assert.Single(world.Run(Start.AddMinutes(20)));
        Assert.Equal((false, "Another rule"), (message.IsDigest, Assert.Single(message.Alerts).RuleName));
    }

    [Fact]
    public void An_Alertmanager_has_no_budget_and_gets_only_what_changed()
    {
        var world = new PlannerWorld { Receivers = { Receiver() with { Kind = ReceiverKind.Alertmanager, MaxMessagesPerHour = 1 } } };
        for (int i = 0; i < 120; i++)
        {
            world.Fire(Alert($"gpu-{i}"));
        }

        Assert.Equal(50, Assert.Single(world.Run(Start, finish: true)).Alerts.Count);
        Assert.Equal(50, Assert.Single(world.Run(Start.AddSeconds(5), finish: true)).Alerts.Count);
        Assert.Equal(20, Assert.Single(world.Run(Start.AddSeconds(10), finish: true)).Alerts.Count);
        Assert.Empty(world.Run(Start.AddHours(8)));
        world.Resolve("gpu-7", Start.AddHours(8));
        Assert.Equal("gpu-7", Assert.Single(Assert.Single(world.Run(Start.AddHours(8))).Alerts).Labels["source"]);
    }
}
