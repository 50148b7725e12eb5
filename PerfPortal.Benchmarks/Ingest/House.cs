using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Storage;

namespace PerfPortal.Benchmarks.Ingest;

/// <summary>The portal's own classes from reports to the store in this process, on a directory that is deleted in the end.</summary>
internal sealed class House : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly Task _writing;

    private House(string directory, ServiceProvider services)
    {
        Directory = directory;
        _services = services;
        _writing = Task.Run(() => services.GetRequiredService<OperationJournal>().RunAsync(CancellationToken.None));
    }

    /// <summary>Where the database lies.</summary>
    public string Directory { get; }

    /// <summary>Takes reports.</summary>
    public OperationReports Reports => _services.GetRequiredService<OperationReports>();

    /// <summary>Stores entries; not to be called while reports are taken.</summary>
    public IJournalStore Store => _services.GetRequiredService<IJournalStore>();

    /// <summary>Builds it on an empty database.</summary>
    public static async Task<House> BuildAsync(CancellationToken cancellationToken)
    {
        string directory = System.IO.Directory.CreateTempSubdirectory("perfportal-bench-").FullName;
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddPortalStorage(new PortalOptions { DataDirectory = directory })
            .AddSingleton(new RetentionPolicy(_ => 168, 168, 840, 19_200))
            .AddSingleton<RetentionHorizons>()
            .AddSingleton<RollupBuffer>()
            .AddSingleton(new NameLimiter(new(20_000, 10_000)))
            .AddSingleton<OperationJournal>()
            .AddSingleton<ActiveOperations>()
            .AddSingleton<OperationReports>()
            .BuildServiceProvider();
        await services.GetRequiredService<IPortalDatabase>().MigrateAsync(cancellationToken);
        await using var context = services.GetRequiredService<IPortalDatabase>().CreateContext();
        await services.GetRequiredService<NameDirectory>().LoadAsync(context, cancellationToken);
        return new(directory, services);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _services.GetRequiredService<OperationJournal>().Close();
        await _writing;
        await _services.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}
