using PerfPortal.Domain.Alerts.Delivery;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class ReceiverHealthTests
{
    private static readonly DeliveryAnswer Away = new(DeliveryOutcome.Unavailable, "The connection failed.");
    private static readonly DeliveryAnswer Broken = new(DeliveryOutcome.Failed, "500 Internal Server Error", 500);
    private static readonly DeliveryAnswer Gone = new(DeliveryOutcome.Refused, "404 Not Found", 404);
    private static readonly DeliveryAnswer Good = new(DeliveryOutcome.Accepted, "200 OK", 200);

    [Fact]
    public void A_receiver_that_accepted_its_messages_is_not_failing()
    {
        Assert.Equal(ReceiverHealth.Unknown, ReceiverHealth.Of(Receiver(), []));
        var health = ReceiverHealth.Of(Receiver(), [Tried("a", 0, (Away, 1), (Good, 2)), Waiting("b", 3), Tried("c", 4, (Away, 5)) with { ReceiverId = "r2" }]);
        Assert.Equal(new(null, 1, "200 OK", At(2)), health);
    }

    [Fact]
    public void A_receiver_that_is_away_is_failing_since_the_first_attempt_that_failed()
    {
        var health = ReceiverHealth.Of(Receiver(), [Tried("a", 0, (Good, 1)), Tried("b", 9, (Away, 10), (Broken, 12)), Waiting("c", 11), Waiting("d", 13)]);
        Assert.Equal(new(At(10), 3, "500 Internal Server Error", At(1)), health);
        Assert.True(health.IsFailing);
        Assert.False(ReceiverHealth.Of(Receiver() with { IsEnabled = false }, [Tried("b", 9, (Away, 10))]).IsFailing);
    }

    [Fact]
    public void A_message_that_one_receiver_cannot_handle_is_seen_although_others_arrive()
    {
        var health = ReceiverHealth.Of(Receiver(), [Tried("a", 0, (Broken, 1)), Tried("b", 2, (Good, 3))]);
        Assert.Equal(new(At(1), 1, "500 Internal Server Error", At(3)), health);
    }

    [Fact]
    public void A_message_that_was_given_up_counts_until_a_message_or_a_test_is_accepted()
    {
        AlertDelivery[] messages = [Tried("a", 0, (Good, 1)), Tried("b", 2, (Gone, 3))];
        Assert.Equal(new(At(3), 0, "404 Not Found", At(1)), ReceiverHealth.Of(Receiver(), messages));
        Assert.Equal(new(null, 0, "404 Not Found", At(1)), ReceiverHealth.Of(Receiver(), messages, At(4)));
        Assert.Equal(new(null, 0, "200 OK", At(5)), ReceiverHealth.Of(Receiver(), [Tried("b", 2, (Gone, 3)), Tried("c", 4, (Good, 5))]));
    }

    [Fact]
    public void A_message_behind_one_that_a_receiver_could_not_be_given_waits_for_it()
    {
        AlertDelivery[] unfinished = [Tried("a", 0, (Away, 10)), Waiting("b", 2)];
        var first = NextAttempt.Of(unfinished[0], unfinished, At(10));
        Assert.Equal(new(unfinished[0].NextAttemptAt), first);
        Assert.True(first.At > At(10));
        var second = NextAttempt.Of(unfinished[1], unfinished, At(10));
        Assert.Equal((null, "a"), (second.At, second.WaitsForKey));
        Assert.StartsWith("The receiver is not available", second.Reason, StringComparison.Ordinal);

        // Due again, both are tried within seconds.
        Assert.Equal(new(At(60)), NextAttempt.Of(unfinished[1], unfinished, At(60)));
        Assert.Equal(new(At(60)), NextAttempt.Of(unfinished[0], unfinished, At(60)));
    }

    [Fact]
    public void A_message_waits_for_an_earlier_one_about_its_group_and_for_no_other_that_merely_failed()
    {
        var early = Tried("a", 0, (Broken, 1));
        var late = Waiting("b", 2);
        Assert.Equal(new(At(2)), NextAttempt.Of(late, [early, late], At(2)));
        var same = late with { Message = late.Message with { GroupKey = early.Message.GroupKey } };
        var next = NextAttempt.Of(same, [early, same], At(2));
        Assert.Equal((null, "a"), (next.At, next.WaitsForKey));
        Assert.Contains("the same group", next.Reason, StringComparison.Ordinal);
        Assert.Equal(new((DateTimeOffset?)null), NextAttempt.Of(Tried("a", 0, (Good, 1)), [early], At(2)));
    }

    private static DateTimeOffset At(int minute) => Start.AddMinutes(minute);

    private static AlertDelivery Waiting(string key, int minute) =>
        new() { ReceiverId = "r1", Message = Message(Alert()) with { Key = key, GroupKey = "group " + key, ComposedAt = At(minute) }, NextAttemptAt = At(minute) };

    private static AlertDelivery Tried(string key, int minute, params (DeliveryAnswer Answer, int Minute)[] attempts) =>
        attempts.Aggregate(Waiting(key, minute), (delivery, attempt) => RetrySchedule.After(delivery, attempt.Answer, At(attempt.Minute), 0));
}
