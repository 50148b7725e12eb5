namespace PerfPortal.Server.Controls;

/// <summary>An active filter.</summary>
/// <param name="Key">The key of the filter, such as its query parameter.</param>
/// <param name="Name">The display name.</param>
/// <param name="Value">The display value.</param>
public sealed record FilterChip(string Key, string Name, string Value);
