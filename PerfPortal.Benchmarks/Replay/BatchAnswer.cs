namespace PerfPortal.Benchmarks.Replay;

/// <summary>The portal's answer to a batch of finished operations.</summary>
/// <param name="Accepted">Operations that are now durable.</param>
/// <param name="Duplicates">Operations that had been reported before.</param>
/// <param name="Rejected">Operations that were refused, each with its reason.</param>
internal sealed record BatchAnswer(int Accepted, int Duplicates, IReadOnlyList<Rejection> Rejected);

/// <summary>A refused row of a batch.</summary>
/// <param name="Index">Its position in the batch, from 0.</param>
/// <param name="Detail">The reason.</param>
internal sealed record Rejection(int Index, string Detail);
