namespace PerfPortal.Domain.Journal;

/// <summary>A transaction failed during commit, so it is unknown whether it was committed. If it was, its minutes are marked as dirty.</summary>
/// <param name="inner">The original exception.</param>
public sealed class UncertainCommitException(Exception inner) : Exception(inner.Message, inner);
