using System.Buffers;

namespace PerfPortal.Domain.Operations;

/// <summary>The rules for the ids that join operations. REST, the tracker and the reporting client use the same.</summary>
public static class LinkIds
{
    /// <summary>The number of hex digits of a trace id.</summary>
    public const int TraceDigits = 32;

    /// <summary>The number of hex digits of a span id.</summary>
    public const int SpanDigits = 16;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Checks a W3C trace id.</summary>
    /// <param name="name">The name of the field, for the error.</param>
    /// <param name="text">The id, or <see langword="null"/> for none.</param>
    /// <param name="error">What is wrong; <see langword="null"/> when it is valid.</param>
    /// <returns>The id in lower case.</returns>
    public static string? Trace(string name, string? text, out string? error) => Hex(name, text, TraceDigits, out error);

    /// <summary>Checks a W3C span id; see <see cref="Trace"/>.</summary>
    public static string? Span(string name, string? text, out string? error) => Hex(name, text, SpanDigits, out error);

    /// <summary>Checks the id of a parent, which is an operation or a span; see <see cref="Trace"/>.</summary>
    public static string? Parent(string name, string? text, out string? error)
    {
        error = null;
        if (text is null || (text.Length == SpanDigits && IsHex(text)))
        {
            return text?.ToLowerInvariant();
        }

        if (OperationIds.TryParse(text, out var id))
        {
            return id.ToString();
        }

        error = $"{name} must be the UUID of an operation or a span id of {SpanDigits} hex digits.";
        return null;
    }

    /// <summary>Checks for exactly so many hex digits that are not all zero (W3C Trace Context, 3.2.2).</summary>
    private static string? Hex(string name, string? text, int length, out string? error)
    {
        bool isValid = text is null || (text.Length == length && IsHex(text) && text.AsSpan().ContainsAnyExcept('0'));
        error = isValid ? null : $"{name} must be {length} hex digits that are not all zero.";
        return isValid ? text?.ToLowerInvariant() : null;
    }

    private static bool IsHex(string text) => !text.AsSpan().ContainsAnyExcept(HexDigits);
}
