namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>Truncates texts from the host application to the limits of an operation.</summary>
internal static class TrackedText
{
    /// <summary>Truncates a text, or returns the replacement for a blank one.</summary>
    public static string Cut(string? text, int max, string instead) => string.IsNullOrWhiteSpace(text) ? instead : Cut(text, max)!;

    /// <summary>Truncates a text, never inside a surrogate pair.</summary>
    public static string? Cut(string? text, int max) =>
        text is null || text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
}
