namespace PerfPortal.Server.Sources.Demonstration;

/// <summary>The demonstration data that was loaded.</summary>
/// <param name="Source">The source of everything.</param>
/// <param name="Operations">The number of operations that have ended.</param>
/// <param name="Running">The number of operations in progress.</param>
/// <param name="Samples">The number of samples.</param>
internal sealed record DemonstrationBody(string Source, int Operations, int Running, int Samples);
