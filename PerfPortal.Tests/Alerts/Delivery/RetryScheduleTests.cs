using PerfPortal.Domain.Alerts.Delivery;
using Xunit;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class RetryScheduleTests
{
    [Fact]
    public void The_delay_doubles_up_to_five_minutes_and_half_of_it_is_random()
    {
        double[] longest = [.. Enumerable.Range(1, 9).Select(attempts => RetrySchedule.Delay(attempts, null, 0).TotalSeconds)];
        Assert.Equal([5, 10, 20, 40, 80, 160, 300, 300, 300], longest);
        Assert.Equal(2.5, RetrySchedule.Delay(1, null, 1).TotalSeconds, 9);
        Assert.Equal(150, RetrySchedule.Delay(5000, null, 1).TotalSeconds, 9);
    }

    [Fact]
    public void A_receiver_that_asks_for_a_longer_delay_gets_it_up_to_an_hour()
    {
        Assert.Equal(90, RetrySchedule.Delay(1, TimeSpan.FromSeconds(90), 0).TotalSeconds);
        Assert.Equal(300, RetrySchedule.Delay(8, TimeSpan.FromSeconds(1), 0).TotalSeconds);
        Assert.Equal(3600, RetrySchedule.Delay(1, TimeSpan.FromDays(30), 0).TotalSeconds);
    }

    [Fact]
    public void A_message_is_given_up_with_the_answer_when_the_next_attempt_would_be_after_a_day()
    {
        var delivery = new AlertDelivery { ReceiverId = "r1", Message = Messages.Message(Messages.Alert()) };
        var unavailable = new DeliveryAnswer(DeliveryOutcome.Unavailable, "503 Service Unavailable", 503);
        var now = delivery.Message.ComposedAt;
        int attempts = 0;
        while (delivery.State == DeliveryState.Waiting)
        {
            delivery = RetrySchedule.After(delivery, unavailable, now, 0.5);
            Assert.Equal(++attempts, delivery.Attempts);
            if (delivery.State == DeliveryState.Waiting)
            {
                Assert.True(delivery.NextAttemptAt > now);
                now = delivery.NextAttemptAt;
            }
        }

        Assert.Equal(DeliveryState.GivenUp, delivery.State);
        Assert.Equal("503 Service Unavailable", delivery.Answer);
        Assert.InRange(now - delivery.Message.ComposedAt, TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
        Assert.InRange(attempts, 300, 700);
    }

    [Fact]
    public void A_refused_message_is_given_up_at_once_and_an_accepted_one_is_delivered()
    {
        var delivery = new AlertDelivery { ReceiverId = "r1", Message = Messages.Message(Messages.Alert()) };
        var refused = RetrySchedule.After(delivery, new(DeliveryOutcome.Refused, "404 Not Found", 404), Messages.Start, 0);
        Assert.Equal((DeliveryState.GivenUp, 1, "404 Not Found"), (refused.State, refused.Attempts, refused.Answer));
        var accepted = RetrySchedule.After(delivery, new(DeliveryOutcome.Accepted, "200 OK", 200), Messages.Start, 0);
        Assert.Equal((DeliveryState.Delivered, Messages.Start), (accepted.State, accepted.FinishedAt));
    }

    [Fact]
    public void A_message_knows_when_it_was_tried_and_when_an_attempt_first_failed()
    {
        var delivery = new AlertDelivery { ReceiverId = "r1", Message = Messages.Message(Messages.Alert()) };
        var once = RetrySchedule.After(delivery, new(DeliveryOutcome.Unavailable, "503", 503), Messages.Start, 0);
        Assert.Equal((Messages.Start, Messages.Start, DeliveryOutcome.Unavailable), (once.FirstFailedAt, once.LastAttemptAt, once.Outcome));
        var twice = RetrySchedule.After(once, new(DeliveryOutcome.Accepted, "200 OK", 200), Messages.Start.AddMinutes(1), 0);
        Assert.Equal((Messages.Start, Messages.Start.AddMinutes(1), DeliveryOutcome.Accepted), (twice.FirstFailedAt, twice.LastAttemptAt, twice.Outcome));
        Assert.Null(RetrySchedule.After(delivery, new(DeliveryOutcome.Accepted, "200 OK", 200), Messages.Start, 0).FirstFailedAt);
    }
}
