using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Tests.Alerts.Delivery;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Views.Alerts;

public sealed class DeliveryTroubleTests
{
    private readonly MemoryDeliveryStore _store = new();

    [Fact]
    public async Task Messages_that_do_not_arrive_are_a_problem_from_the_third_attempt()
    {
        _store.Receivers.Add(Receiver());
        Store("a", "r1", DeliveryTrouble.MaxAttempts - 1);
        Assert.Null(await ReadAsync());
        Store("a", "r1", DeliveryTrouble.MaxAttempts);
        Store("b", "r1", 0);
        Assert.Equal("2 messages wait for On call r1; the last answer: away", await ReadAsync());
    }

    [Fact]
    public async Task A_message_that_was_given_up_is_a_problem_for_an_hour()
    {
        _store.Receivers.AddRange([Receiver("r2"), Receiver()]);
        Store("a", "r1", 3, DeliveryState.GivenUp);
        Store("b", "r2", 3, DeliveryState.GivenUp);
        Assert.Equal("2 messages to On call r1, On call r2 had to be given up; the last answer: away", await ReadAsync());
        Assert.Null(await ReadAsync(Start.AddMinutes(61)));
    }

    [Fact]
    public async Task What_a_receiver_that_was_removed_or_switched_off_is_not_told_is_no_problem()
    {
        Store("a", "r1", 9);
        Store("b", "r1", 3, DeliveryState.GivenUp);
        Store("c", "r2", 3, DeliveryState.GivenUp);
        Assert.Null(await ReadAsync());
        _store.Receivers.Add(Receiver("r2") with { IsEnabled = false });
        Assert.Null(await ReadAsync());
        _store.Receivers.Add(Receiver("r3"));
        Assert.Null(await ReadAsync());
    }

    private Task<string?> ReadAsync(DateTimeOffset? at = null) => DeliveryTrouble.ReadAsync(_store, at ?? Start.AddMinutes(10), TestContext.Current.CancellationToken);

    private void Store(string key, string receiver, int attempts, DeliveryState state = DeliveryState.Waiting) => _store.Deliveries[key] = new()
    {
        ReceiverId = receiver,
        Message = Message(Alert()) with { Key = key },
        Attempts = attempts,
        State = state,
        Answer = "away",
        FinishedAt = state == DeliveryState.Waiting ? null : Start,
    };
}
