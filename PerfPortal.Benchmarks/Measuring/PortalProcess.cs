using System.Diagnostics;
using System.Globalization;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>
/// The portal in a process of its own, on a data directory that is made for it and deleted in the end. Restarting keeps directory and address.
/// It is as fast as it is built: measure with <c>-c Release</c>, or name a published portal's folder in <c>PERFPORTAL_PORTAL</c>.
/// </summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly int _port;
    private ServerProcess? _server;

    private PortalProcess(string dataDirectory, IReadOnlyDictionary<string, string> environment, int port)
    {
        DataDirectory = dataDirectory;
        _environment = environment;
        _port = port;
    }

    /// <summary>Where its database lies.</summary>
    public string DataDirectory { get; }

    /// <summary>The database's file.</summary>
    public string DatabaseFile => Path.Combine(DataDirectory, "perfportal.db");

    /// <summary>The process as it runs now.</summary>
    /// <exception cref="InvalidOperationException">It is stopped.</exception>
    public ServerProcess Server => _server ?? throw new InvalidOperationException("The portal is stopped.");

    /// <summary>The portal's root.</summary>
    public Uri BaseAddress => Server.BaseAddress;

    /// <summary>The interface's root, with a slash at its end.</summary>
    public Uri Api => new(BaseAddress, "api/v1/performance/");

    /// <summary>CPU time that the process has used since it started, in seconds.</summary>
    public double CpuSeconds => Server.CpuSeconds;

    /// <summary>Memory of the process that lies in RAM.</summary>
    public long ResidentBytes => Server.Figures.ResidentBytes;

    /// <summary>Starts a portal on an empty data directory and waits until it is ready.</summary>
    /// <param name="settings">Settings by their name without the prefix, such as <c>ResourceSampleInterval</c>.</param>
    /// <param name="environment">Further environment variables, such as <c>DOTNET_gcServer</c>.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="InvalidOperationException">It does not become ready.</exception>
    public static async Task<PortalProcess> StartAsync(
        IReadOnlyDictionary<string, string>? settings, IReadOnlyDictionary<string, string>? environment, CancellationToken cancellationToken)
    {
        var merged = new Dictionary<string, string>(environment ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            merged["PerfPortal__" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        string directory = Directory.CreateTempSubdirectory("perfportal-bench-").FullName;
        merged["PerfPortal__DataDirectory"] = directory;
        var portal = new PortalProcess(directory, merged, ServerProcess.FreePort());
        try
        {
            await portal.StartAgainAsync(cancellationToken);
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a portal with the settings as they come.</summary>
    /// <exception cref="InvalidOperationException">It does not become ready.</exception>
    public static Task<PortalProcess> StartAsync(CancellationToken cancellationToken) => StartAsync(null, null, cancellationToken);

    /// <summary>Ends it as <c>kill -9</c> does; the directory stays.</summary>
    public async Task KillAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync();
            _server = null;
        }
    }

    /// <summary>Asks it to stop (SIGTERM) and waits for it; the directory stays.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is { } server)
        {
            await server.StopAsync(cancellationToken);
            await server.DisposeAsync();
            _server = null;
        }
    }

    /// <summary>Starts it again on its data after it was stopped or killed.</summary>
    /// <returns>From just before the process was made to the first 200 of <c>/readyz</c>.</returns>
    public async Task<TimeSpan> StartAgainAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(ServerProcess.DotNet) { WorkingDirectory = DataDirectory };
        string folder = Environment.GetEnvironmentVariable("PERFPORTAL_PORTAL") is { Length: > 0 } published ? Path.GetFullPath(published) : AppContext.BaseDirectory;
        start.ArgumentList.Add(Path.Combine(folder, "PerfPortal.Server.dll"));
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}"));
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        _server = await ServerProcess.StartAsync(start, _port, "/readyz", cancellationToken);
        return _server.StartTime;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(DataDirectory, recursive: true);
    }
}
