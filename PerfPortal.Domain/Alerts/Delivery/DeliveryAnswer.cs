namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>What an attempt to deliver a message led to. The numeric values are stored; append, never renumber.</summary>
public enum DeliveryOutcome
{
    /// <summary>The receiver accepted the message.</summary>
    Accepted = 0,

    /// <summary>The receiver answered and could not handle this message now; other messages may succeed.</summary>
    Failed = 1,

    /// <summary>The receiver could not be reached, or accepts nothing at present: every message waits.</summary>
    Unavailable = 2,

    /// <summary>The receiver refused the message for good; the same message would be refused again.</summary>
    Refused = 3,
}

/// <summary>The answer of a receiver to one attempt.</summary>
/// <param name="Outcome">What it means.</param>
/// <param name="Text">The answer as people read it, or why there was none: bounded, and without secrets.</param>
/// <param name="Status">The status code of HTTP or SMTP, if there was one.</param>
/// <param name="RetryAfter">How long the receiver asks to wait, if it does.</param>
public sealed record DeliveryAnswer(DeliveryOutcome Outcome, string Text, int? Status = null, TimeSpan? RetryAfter = null)
{
    /// <summary>The maximum length of <see cref="Text"/>, in characters.</summary>
    public const int MaxText = 500;
}
