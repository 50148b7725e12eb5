using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SizeLimit;

namespace PerfPortal.Tests.Storage;

/// <summary>A database in which something else happens, once, between the reading and the saving of a change.</summary>
internal sealed class RacingDatabase(IPortalDatabase inner) : IPortalDatabase
{
    /// <summary>What happens before the next saving.</summary>
    public Func<Task>? Race { get; set; }

    public string Name => inner.Name;

    public PortalDbContext CreateContext()
    {
        var context = inner.CreateContext();
        context.SavingChanges += (_, _) =>
        {
            if (Race is { } race)
            {
                Race = null;
                race().GetAwaiter().GetResult();
            }
        };
        return context;
    }

    public Task AcquireAsync(Action<string> onWait, CancellationToken cancellationToken) => inner.AcquireAsync(onWait, cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken) => inner.ReleaseAsync(cancellationToken);

    public Task MigrateAsync(CancellationToken cancellationToken) => inner.MigrateAsync(cancellationToken);

    public ValueTask<long> ReadSizeAsync(CancellationToken cancellationToken) => inner.ReadSizeAsync(cancellationToken);

    public ValueTask<long?> ReadUsedBytesAsync(CancellationToken cancellationToken) => inner.ReadUsedBytesAsync(cancellationToken);

    public ValueTask<IReadOnlyList<StoredExtent>> ReadExtentsAsync(CancellationToken cancellationToken) => inner.ReadExtentsAsync(cancellationToken);

    public ValueTask<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken) => inner.PurgeAsync(step, cancellationToken);

    public bool IsTransient(Exception exception) => inner.IsTransient(exception);

    public string Explain(Exception exception) => inner.Explain(exception);
}
