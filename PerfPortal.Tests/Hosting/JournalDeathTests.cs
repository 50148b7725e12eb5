using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Hosting;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class JournalDeathTests
{
    [Fact]
    public async Task A_journal_that_dies_of_a_defect_takes_the_readiness_back_and_stops_the_portal()
    {
        var store = new DefectiveStore();
        await using var portal = await PortalFactory.StartWithAsync(services => services.AddSingleton<IJournalStore>(store));
        var readiness = portal.Services.GetRequiredService<PortalReadiness>();
        var fatal = portal.Services.GetRequiredService<FatalStop>();
        var journal = portal.Services.GetRequiredService<OperationJournal>();
        Assert.True(readiness.IsReady);

        store.Memory.FailCommit = _ => new TimeoutException("away");
        journal.TrySubmit(new OperationEnded(MemoryJournal.Op()));

        await Eventually.TrueAsync(() => Task.FromResult(fatal.Reason is not null), "the portal stops");
        Assert.Contains("a defect", fatal.Reason, StringComparison.Ordinal);
        Assert.False(readiness.IsReady);
        Assert.Contains("a defect", readiness.Reason, StringComparison.Ordinal);
        Assert.False(journal.TrySubmit(new OperationEnded(MemoryJournal.Op())));
    }

    /// <summary>Fails where the journal does not expect it.</summary>
    private sealed class DefectiveStore : IJournalStore
    {
        public MemoryJournal Memory { get; } = new();

        public ValueTask<IReadOnlyList<EntryResult>> CommitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken) =>
            Memory.CommitAsync(entries, cancellationToken);

        public ValueTask AddRollupsAsync(IReadOnlyList<RollupDelta> deltas, IReadOnlyCollection<long> cleanMinutes, CancellationToken cancellationToken) =>
            Memory.AddRollupsAsync(deltas, cleanMinutes, cancellationToken);

        public ValueTask<IReadOnlyList<long>> ReadDirtyMinutesAsync(CancellationToken cancellationToken) => Memory.ReadDirtyMinutesAsync(cancellationToken);

        public ValueTask RebuildRollupsAsync(IReadOnlyList<long> minutes, CancellationToken cancellationToken) => Memory.RebuildRollupsAsync(minutes, cancellationToken);

        public bool IsTransient(Exception exception) => Memory.IsTransient(exception);

        public StoreFailureKind Classify(Exception exception) => throw new InvalidOperationException("a defect");
    }
}
