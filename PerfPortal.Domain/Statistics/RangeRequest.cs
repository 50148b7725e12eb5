namespace PerfPortal.Domain.Statistics;

/// <summary>A range as text, as in a query string: a relative range stays relative. Absent parts are <see langword="null"/> or empty.</summary>
/// <param name="From">The start: RFC 3339, Unix milliseconds, or relative to now (<c>now-6h</c>).</param>
/// <param name="To">The end, exclusive, in the same forms; now when absent.</param>
/// <param name="Window">A length that ends now (<c>15m</c>, <c>24h</c>), instead of <paramref name="From"/> and <paramref name="To"/>.</param>
/// <param name="TimeZone">The IANA zone of <c>now/d</c>; UTC when absent.</param>
public readonly record struct RangeRequest(string? From = null, string? To = null, string? Window = null, string? TimeZone = null)
{
    /// <summary>Whether no range is given.</summary>
    public bool IsEmpty => From is null && To is null && Window is null;

    /// <summary>Whether the range ends now and moves with it.</summary>
    public bool EndsNow => To is null or "now" && !IsEmpty;
}

/// <summary>A validation error of a range.</summary>
/// <param name="Field">The name on the wire: <c>from</c>, <c>to</c>, <c>window</c> or <c>tz</c>.</param>
/// <param name="Detail">A sentence that names the limit or the accepted formats.</param>
public readonly record struct RangeError(string Field, string Detail);
