namespace PerfPortal.Domain.Journal;

/// <summary>A transaction failed while it committed: nobody knows yet whether it holds. Its minutes are marked as dirty if it does.</summary>
/// <param name="inner">How it failed.</param>
public sealed class UncertainCommitException(Exception inner) : Exception(inner.Message, inner);
