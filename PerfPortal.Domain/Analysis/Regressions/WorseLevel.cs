namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>A stretch of a series at a level above the one before it, one that the series had not before.</summary>
/// <param name="Start">The index of the first step.</param>
/// <param name="Low">The first plausible index of the first step.</param>
/// <param name="High">The last plausible index of the first step.</param>
/// <param name="End">The index of the first step after it, or <see langword="null"/> while it lasts.</param>
/// <param name="Base">The level before.</param>
/// <param name="Level">The latest level.</param>
/// <param name="Confidence">The confidence in the change, 0–1.</param>
internal sealed record WorseLevel(int Start, int Low, int High, int? End, double Base, double Level, double Confidence);
