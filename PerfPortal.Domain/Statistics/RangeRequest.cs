namespace PerfPortal.Domain.Statistics;

/// <summary>A range as somebody wrote it; what is missing or blank is <see langword="null"/> or empty.</summary>
/// <param name="From">The first moment: RFC 3339, Unix milliseconds, or relative to now.</param>
/// <param name="To">The moment behind the last, written alike; now when missing.</param>
/// <param name="Window">A length that ends now, instead of <paramref name="From"/> and <paramref name="To"/>.</param>
/// <param name="TimeZone">The IANA zone whose calendar counts; UTC when missing.</param>
public readonly record struct RangeRequest(string? From, string? To, string? Window, string? TimeZone);

/// <summary>What is wrong with a range.</summary>
/// <param name="Field">The name on the wire: <c>from</c>, <c>to</c>, <c>window</c> or <c>tz</c>.</param>
/// <param name="Detail">A sentence that names the limit or the forms that are understood.</param>
public readonly record struct RangeError(string Field, string Detail);
