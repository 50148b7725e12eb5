using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Dispatch;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class AlertDispatcherTests
{
    private readonly FakeTimeProvider _time = new(Start.AddMinutes(1));
    private readonly Killer _killer = new();
    private readonly MemoryDeliveryStore _store;
    private readonly FakeSender _sender;
    private readonly List<Alert> _alerts = [];
    private AlertDispatcher _dispatcher;

    public AlertDispatcherTests()
    {
        _store = new(_killer);
        _sender = new(_killer);
        _dispatcher = NewProcess();
    }

    [Fact]
    public async Task A_message_is_stored_sent_and_recorded_in_the_history_of_its_alerts()
    {
        _store.Receivers.Add(Receiver());
        var alert = Fire("gpu-1");
        await RunAsync();
        var delivery = Assert.Single(_store.Deliveries.Values);
        Assert.Equal((DeliveryState.Delivered, 1, "200 OK"), (delivery.State, delivery.Attempts, delivery.Answer));
        Assert.Equal(delivery.Message.Key, Assert.Single(_sender.Received).Message.Key);
        var happened = Assert.Single(_store.Events);
        Assert.Equal((alert.Id, AlertEventKind.Delivered, AlertState.Firing, "On call r1 was told: 200 OK"), (happened.AlertId, happened.Kind, happened.State, happened.Text));
        Assert.Equal(0, _dispatcher.Status.Waiting);
        await RunAsync();
        Assert.Single(_sender.Received);
    }

    [Fact]
    public async Task A_process_that_is_killed_at_any_step_delivers_at_least_once_with_the_same_key()
    {
        int steps = await DeliverAsync(-1);
        Assert.True(steps >= 8, $"{steps} steps");
        for (int point = 0; point < 2 * steps; point++)
        {
            await DeliverAsync(point);
        }
    }

    [Fact]
    public async Task A_receiver_that_was_away_for_an_hour_gets_one_message_per_group_in_order_and_paced()
    {
        _store.Receivers.Add(Receiver());
        bool isAway = true;
        _sender.Answer = (_, _) => isAway ? new(DeliveryOutcome.Unavailable, "The connection failed.") : new(DeliveryOutcome.Accepted, "200 OK", 200);
        for (int minute = 0; minute < 60; minute++)
        {
            if (minute % 2 == 0)
            {
                Fire("gpu-1", $"Rule {minute % 10}", _time.GetUtcNow());
            }

            await RunForAsync(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(_sender.Attempts, 10, 40);
        Assert.Equal("The connection failed.", Assert.Single(_dispatcher.Status.Failing).Answer);
        isAway = false;
        int before = _sender.Attempts;
        var back = _time.GetUtcNow();
        while (_sender.Received.Count == 0)
        {
            await RunForAsync(TimeSpan.FromSeconds(5));
        }

        Assert.InRange(_time.GetUtcNow() - back, TimeSpan.Zero, RetrySchedule.Longest + TimeSpan.FromSeconds(10));
        Assert.InRange(_sender.Received.Count, 1, ReceiverQueue.MaxPerRun);
        await RunForAsync(TimeSpan.FromMinutes(10));
        Assert.Empty(_store.Outbox);
        Assert.Empty(_dispatcher.Status.Failing);
        foreach (var group in _sender.Received.GroupBy(sent => sent.Message.GroupKey))
        {
            var composed = group.Select(sent => sent.Message.ComposedAt).ToList();
            Assert.InRange(composed.Count, 1, 2);
            Assert.Equal(composed.Order(), composed);
        }

        Assert.Equal(_alerts.Select(alert => alert.Id).Order(), _sender.Received.SelectMany(sent => sent.Message.Alerts).Select(alert => alert.AlertId).Distinct().Order());
        Assert.Equal(_sender.Attempts - before, _sender.Received.Count);
    }

    [Fact]
    public async Task A_slow_receiver_does_not_delay_the_others()
    {
        var answer = new TaskCompletionSource();
        _sender.Slow["r1"] = answer.Task;
        _store.Receivers.AddRange([Receiver(), Receiver("r2")]);
        Fire("gpu-1");
        await _dispatcher.RunAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => _sender.Received.Count == 1);
        Fire("gpu-2", "Other");
        _time.Advance(TimeSpan.FromMinutes(1));
        await _dispatcher.RunAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => _sender.Received.Count == 2);
        Assert.All(_sender.Received, sent => Assert.Equal("r2", sent.Receiver));
        answer.SetResult();
        await _dispatcher.WhenIdleAsync();
        await RunAsync();
        Assert.Equal(2, _sender.Received.Count(sent => sent.Receiver == "r1"));
    }

    [Fact]
    public async Task A_message_that_the_receiver_cannot_handle_waits_alone()
    {
        _store.Receivers.Add(Receiver());
        _sender.Answer = (_, message) => message.Alerts[0].RuleName == "Poison" ? new(DeliveryOutcome.Failed, "500", 500) : new(DeliveryOutcome.Accepted, "200 OK", 200);
        Fire("gpu-1", "Poison");
        Fire("gpu-1", "Fine");
        await RunAsync();
        Assert.Equal("Fine", Assert.Single(Assert.Single(_sender.Received).Message.Alerts).RuleName);
        Assert.Equal(1, _dispatcher.Status.Waiting);
    }

    [Fact]
    public async Task A_result_that_cannot_be_stored_is_stored_later_and_the_message_is_not_sent_again()
    {
        _store.Receivers.Add(Receiver());
        Fire("gpu-1");
        _store.SaveFails = new InvalidOperationException("The disk is full.");
        await RunAsync();
        Assert.Single(_sender.Received);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _dispatcher.RunAsync(TestContext.Current.CancellationToken));
        _store.SaveFails = null;
        await RunAsync();
        Assert.Equal(DeliveryState.Delivered, Assert.Single(_store.Deliveries.Values).State);
        Assert.Single(_sender.Received);
        Assert.Single(_store.Events);
    }

    [Fact]
    public async Task A_refused_message_is_given_up_and_the_history_says_why()
    {
        _store.Receivers.Add(Receiver());
        _sender.Answer = (_, _) => new(DeliveryOutcome.Refused, "404 Not Found", 404);
        Fire("gpu-1");
        await RunAsync();
        Assert.Equal(DeliveryState.GivenUp, Assert.Single(_store.Deliveries.Values).State);
        var happened = Assert.Single(_store.Events);
        Assert.Equal((AlertEventKind.DeliveryFailed, "On call r1 could not be told: 404 Not Found"), (happened.Kind, happened.Text));
    }

    [Fact]
    public async Task Messages_of_a_receiver_that_was_removed_or_switched_off_are_given_up()
    {
        _store.Receivers.AddRange([Receiver(), Receiver("r2")]);
        _sender.Answer = (_, _) => new(DeliveryOutcome.Unavailable, "away");
        Fire("gpu-1");
        await RunAsync();
        _store.Receivers[0] = Receiver() with { IsEnabled = false };
        _store.Receivers.RemoveAt(1);
        await RunAsync();
        Assert.Equal(["The receiver is switched off.", "The receiver was removed."], _store.Deliveries.Values.Select(delivery => delivery.Answer).Order());
        Assert.All(_store.Deliveries.Values, delivery => Assert.Equal(DeliveryState.GivenUp, delivery.State));
    }

    private async Task<int> DeliverAsync(int killAt)
    {
        _store.Receivers.Clear();
        _store.Outbox.Clear();
        _store.Deliveries.Clear();
        _store.Events.Clear();
        _sender.Received.Clear();
        _alerts.Clear();
        _store.Receivers.AddRange([Receiver(), Receiver("r2")]);
        Fire("gpu-1");
        Fire("gpu-2", "Other");
        _killer.Revive();
        _killer.KillAt = killAt;
        _dispatcher = NewProcess();
        await RunAsync();
        int steps = _killer.Steps;
        _killer.Revive();
        _dispatcher = NewProcess();
        await RunForAsync(TimeSpan.FromSeconds(30));
        Assert.Empty(_store.Outbox);
        Assert.Equal(4, _store.Deliveries.Count);
        Assert.All(_store.Deliveries.Values, delivery => Assert.Equal(DeliveryState.Delivered, delivery.State));
        foreach (var delivery in _store.Deliveries.Values)
        {
            Assert.InRange(_sender.Received.Count(sent => sent.Message.Key == delivery.Message.Key), 1, 2);
        }

        Assert.InRange(_sender.Received.Count, 4, 6);
        Assert.Equal(4, _store.Events.Count);
        return steps;
    }

    private AlertDispatcher NewProcess() => new(
        _store, new FakeAlertStore(), _ => new(new AlertBook([.. _alerts], [], Start)), _sender, null, _time, NullLogger<AlertDispatcher>.Instance);

    private Alert Fire(string source, string rule = "High CPU", DateTimeOffset? since = null)
    {
        var alert = Alert(source, rule, since);
        _alerts.Add(alert);
        _store.Receivers.ForEach(receiver => _store.Add(alert, receiver.Id));
        return alert;
    }

    private async Task RunForAsync(TimeSpan time)
    {
        for (var end = _time.GetUtcNow() + time; _time.GetUtcNow() < end; _time.Advance(TimeSpan.FromSeconds(5)))
        {
            await RunAsync();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            await _dispatcher.RunAsync(TestContext.Current.CancellationToken);
        }
        catch (KilledException)
        {
            // The next process goes on.
        }

        await _dispatcher.WhenIdleAsync();
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
