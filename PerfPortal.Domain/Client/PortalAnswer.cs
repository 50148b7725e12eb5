namespace PerfPortal.Domain.Client;

/// <summary>What an answer of the portal means for the request.</summary>
internal enum AnswerKind
{
    /// <summary>The request was carried out.</summary>
    Accepted,

    /// <summary>The portal finds the content invalid (400, 422).</summary>
    Invalid,

    /// <summary>The portal does not know what the request is about (404).</summary>
    Unknown,

    /// <summary>The request contradicts what the portal knows (409).</summary>
    Contradicted,

    /// <summary>The body is too large (413).</summary>
    TooLarge,

    /// <summary>The address or the key is wrong, or something in between refuses: only a person can change that.</summary>
    Refused,

    /// <summary>There is no answer, or the portal cannot answer now: the same request can succeed later.</summary>
    Unavailable,
}

/// <summary>The answer to a request.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="Body">The body; empty without an answer.</param>
/// <param name="Reason">Why the request was not carried out, in a few words; empty when it was.</param>
/// <param name="RetryAfter">How long the portal asks to wait, if it does.</param>
internal sealed record PortalAnswer(AnswerKind Kind, byte[] Body, string Reason = "", TimeSpan? RetryAfter = null);
