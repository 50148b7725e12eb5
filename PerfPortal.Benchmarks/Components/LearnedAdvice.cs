using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Advice.Learned;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Benchmarks.Components;

/// <summary>Learns from the operations that end, as a portal does, and advises from them.</summary>
internal sealed class LearnedAdvice : IOperationSink
{
    private readonly AdviceHistory _history = new(TimeProvider.System);

    /// <inheritdoc/>
    public bool IsClosed => false;

    /// <inheritdoc/>
    public bool HasRoomFor(int entries) => true;

    /// <inheritdoc/>
    public bool TrySubmit(IReadOnlyList<JournalEntry> entries)
    {
        _history.OnCommitted(new([.. entries.OfType<OperationEnded>().Select(entry => entry.Operation)], [], []));
        return true;
    }

    /// <summary>Advises from what was learned so far. Where something was learned, it is always followed: a portal has one operation in 8 use the defaults.</summary>
    public IAdviser Adviser() => new Follower(new(_history, new NoFacts(), TimeProvider.System));

    private sealed class Follower(HistoryAdviser adviser) : IAdviser
    {
        public async ValueTask<IReadOnlyList<AdviceItem>> AdviseAsync(AdviceQuestion question, CancellationToken cancellationToken) =>
            [.. (await adviser.AdviseAsync(question, cancellationToken)).Select(item => item with { SafeDefault = item.Value ?? item.SafeDefault })];
    }

    private sealed class NoFacts : IAdviceFactsReader
    {
        public ValueTask<ResourceSample?> ReadLoadAsync(string? source, CancellationToken cancellationToken) => new((ResourceSample?)null);

        public ValueTask<IReadOnlyDictionary<string, long>?> ReadUsesAsync(string? source, CancellationToken cancellationToken) => new((IReadOnlyDictionary<string, long>?)null);
    }
}
