namespace PerfPortal.Domain.Models.Health.Results;

/// <summary>Something that a check found.</summary>
/// <param name="File">The file, relative to the model's directory, with <c>/</c> between the parts; empty for the model as a whole.</param>
/// <param name="Kind">What it is: one of <see cref="HealthReasonKinds"/>.</param>
/// <param name="Offset">The byte at which it is, from 0; <see langword="null"/> when it has no place.</param>
/// <param name="Length">The number of bytes concerned, at least 1; <see langword="null"/> when unknown.</param>
/// <param name="Sentence">What is wrong, in one sentence.</param>
/// <param name="Severity">How bad it is.</param>
public sealed record HealthReason(string File, string Kind, long? Offset, long? Length, string Sentence, HealthSeverity Severity);
