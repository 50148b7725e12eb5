namespace PerfPortal.Domain.Tracking;

/// <summary>Cuts what a host said to what an operation may hold.</summary>
internal static class TrackedText
{
    /// <summary>The text, cut, or something else instead of a blank one.</summary>
    public static string Cut(string? text, int most, string instead) => string.IsNullOrWhiteSpace(text) ? instead : Cut(text, most)!;

    /// <summary>The text, cut, never between the halves of a surrogate pair.</summary>
    public static string? Cut(string? text, int most) =>
        text is null || text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
