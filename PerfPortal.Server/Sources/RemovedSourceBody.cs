namespace PerfPortal.Server.Sources;

/// <summary>A removed source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Operations">The number of deleted operations that had ended; null while data is still being deleted.</param>
/// <param name="Running">The number of its operations that were in progress.</param>
/// <param name="Samples">The number of deleted samples; null while data is still being deleted.</param>
/// <param name="IsComplete">Whether all data is deleted. It is hidden in any case.</param>
internal sealed record RemovedSourceBody(string Source, long? Operations, int Running, long? Samples, bool IsComplete);
