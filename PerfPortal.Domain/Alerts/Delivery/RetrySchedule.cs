namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>
/// Says when a message is tried again. The delay doubles from <see cref="First"/> up to <see cref="Longest"/>, and a random part of up to half of it is left out, so that messages
/// that failed together are not repeated together. A receiver that asks for a longer delay gets it, up to <see cref="LongestAsked"/>.
/// </summary>
public static class RetrySchedule
{
    /// <summary>The delay after the first attempt.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    /// <summary>The longest delay: a receiver that returns is tried again within this time.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>The longest delay that a receiver can ask for.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <summary>The time after which a message is given up.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    /// <summary>The delay before the next attempt.</summary>
    /// <param name="attempts">The number of attempts so far, at least 1.</param>
    /// <param name="retryAfter">How long the receiver asks to wait, if it does.</param>
    /// <param name="random">A random number, at least 0 and below 1.</param>
    public static TimeSpan Delay(int attempts, TimeSpan? retryAfter, double random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempts, 1);
        double full = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(attempts - 1, 30)), Longest.TotalSeconds);
        var delay = TimeSpan.FromSeconds(full * (1 - (random / 2)));
        var asked = retryAfter is not { } wait ? TimeSpan.Zero : wait < LongestAsked ? wait : LongestAsked;
        return asked > delay ? asked : delay;
    }

    /// <summary>Returns a delivery as it is after an attempt.</summary>
    /// <param name="delivery">The delivery before the attempt.</param>
    /// <param name="answer">What the receiver answered.</param>
    /// <param name="now">The end of the attempt, UTC.</param>
    /// <param name="random">A random number, at least 0 and below 1.</param>
    public static AlertDelivery After(AlertDelivery delivery, DeliveryAnswer answer, DateTimeOffset now, double random)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(answer);
        var tried = delivery with { Attempts = delivery.Attempts + 1, Answer = answer.Text, Outcome = answer.Outcome, LastAttemptAt = now };
        if (answer.Outcome == DeliveryOutcome.Accepted)
        {
            return tried with { State = DeliveryState.Delivered, FinishedAt = now };
        }

        tried = tried with { FirstFailedAt = delivery.FirstFailedAt ?? now };
        var next = now + Delay(tried.Attempts, answer.RetryAfter, random);
        return answer.Outcome == DeliveryOutcome.Refused || next > delivery.Message.ComposedAt + GiveUpAfter
            ? tried with { State = DeliveryState.GivenUp, FinishedAt = now }
            : tried with { NextAttemptAt = next };
    }
}
