namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>Cuts what a host said to what an operation may hold.</summary>
internal static class TrackedText
{
    /// <summary>The text, cut, or something else instead of a blank one.</summary>
    public static string Cut(string? text, int max, string instead) => string.IsNullOrWhiteSpace(text) ? instead : Cut(text, max)!;

    /// <summary>The text, cut, never between the halves of a surrogate pair.</summary>
    public static string? Cut(string? text, int max) =>
        text is null || text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
}
