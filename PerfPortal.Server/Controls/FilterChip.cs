namespace PerfPortal.Server.Controls;

/// <summary>A filter that is set.</summary>
/// <param name="Key">What identifies it, such as the query parameter.</param>
/// <param name="Name">Its name for a person.</param>
/// <param name="Value">Its value for a person.</param>
public sealed record FilterChip(string Key, string Name, string Value);
