namespace PerfPortal.Domain.Client;

/// <summary>A file of the spill directory.</summary>
/// <param name="Path">The full path.</param>
/// <param name="Number">The place in the order of writing.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Reports">The number of whole lines.</param>
/// <param name="Bytes">The size.</param>
internal sealed record SpillFile(string Path, long Number, ReportKind Kind, int Reports, long Bytes);
