using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PerfPortal.Benchmarks.Workload.Models;

namespace PerfPortal.Benchmarks.Workload.Server;

/// <summary>
/// A hub of generated models on loopback, with faults at stated rates: what the components are run against. Models and faults come from a seed; which request gets
/// a fault depends on its number among the requests for content.
/// </summary>
internal sealed class LocalModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServerCounter _counter = new();
    private readonly ModelShelf _shelf;
    private readonly GenerationApi _generation;
    private volatile ServerFaults _faults;

    private LocalModelServer(LocalModelServerOptions options, TimeProvider time)
    {
        options.Faults.Check();
        _faults = options.Faults;
        _shelf = new(options.Seed);
        _generation = new(options.Seed, _counter, time);
        foreach (var model in options.Models)
        {
            _shelf.Publish(model);
        }

        foreach (var (model, behaviour) in options.Generation)
        {
            _generation.Set(model, behaviour);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        _app = builder.Build();
        _app.Use((HttpContext context, RequestDelegate next) =>
        {
            _counter.Add(ServerCount.Requests);
            return next(context);
        });
        new HubApi(options, _shelf, new(options.Seed, _counter, time), _counter, () => _faults).Map(_app);
        _generation.Map(_app);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>What it did so far.</summary>
    public ServerCounts Counts => _counter.Read();

    /// <summary>What goes wrong with requests from now on.</summary>
    /// <exception cref="ArgumentException">A share is outside its limits.</exception>
    public ServerFaults Faults
    {
        get => _faults;
        set
        {
            value.Check();
            _faults = value;
        }
    }

    /// <summary>Generates the models and starts to serve them.</summary>
    /// <param name="options">What is served.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <param name="time">The clock of delays; <see langword="null"/> for that of the system.</param>
    public static async Task<LocalModelServer> StartAsync(LocalModelServerOptions options, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        var server = new LocalModelServer(options, time ?? TimeProvider.System);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Returns the newest version of a model: what a download must result in.</summary>
    /// <exception cref="ArgumentException">There is no such repository.</exception>
    public ModelCommit CommitOf(string repository) =>
        _shelf.Find(repository, ModelShelf.Main) ?? throw new ArgumentException($"There is no repository {repository}.", nameof(repository));

    /// <summary>Publishes another version of a model, or another model.</summary>
    public ModelCommit Publish(ServedModel model) => _shelf.Publish(model);

    /// <summary>Has a model answer to <c>/generate/{model}</c> like this from now on.</summary>
    public void SetGeneration(string model, GenerationBehaviour behaviour) => _generation.Set(model, behaviour);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
