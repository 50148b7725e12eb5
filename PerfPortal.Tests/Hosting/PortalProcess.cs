using System.Collections.Concurrent;
using System.Diagnostics;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Hosting;

/// <summary>The portal as a process of its own on a free loopback port, so that it can be killed.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Process _process;

    private PortalProcess(Process process, Uri address, ConcurrentQueue<string> log)
    {
        _process = process;
        Log = log;
        Client = new(new HttpClient { BaseAddress = address });
    }

    public PortalClient Client { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>The lines that the process has written to its standard output.</summary>
    public ConcurrentQueue<string> Log { get; }

    /// <summary>Starts the portal on a data directory and waits until it is ready.</summary>
    public static async Task<PortalProcess> StartAsync(string directory, string url = AnyPort, params (string Name, string Value)[] settings)
    {
        var start = Describe(directory, url);
        foreach (var (name, value) in settings)
        {
            start.Environment["PerfPortal__" + name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        try
        {
            var log = new ConcurrentQueue<string>();
            var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
            _ = ReadAsync(process.StandardOutput, log, listening);
            var address = await listening.Task.WaitAsync(Limit, TestContext.Current.CancellationToken);
            var portal = new PortalProcess(process, address, log);
            await Eventually.TrueAsync(async () => (await portal.Client.GetAsync("/readyz")).Code == 200, "the process is ready");
            return portal;
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>Runs the portal until it ends by itself.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string directory, string url = AnyPort)
    {
        var start = Describe(directory, url);
        start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, error);
    }

    /// <summary>Ends it as <c>kill -9</c> does: it gets no chance to write anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Describe(string directory, string url)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = directory,
            Environment =
            {
                ["PerfPortal__DataDirectory"] = Path.Combine(directory, "data"),
                ["PerfPortal__EnableGpuMonitoring"] = "false",
                ["PerfPortal__Alerts__AllowPrivateTargets"] = "true",
            },
        };
        foreach (string argument in new[] { Path.Combine(AppContext.BaseDirectory, "PerfPortal.Server.dll"), "--urls", url })
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>Reads to the end, so that the pipe does not fill up.</summary>
    private static async Task ReadAsync(StreamReader output, ConcurrentQueue<string> log, TaskCompletionSource<Uri> listening)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            log.Enqueue(line);
            int place = line.IndexOf(Listening, StringComparison.Ordinal);
            if (place >= 0)
            {
                listening.TrySetResult(new Uri(line[(place + Listening.Length)..].Trim()));
            }
        }

        listening.TrySetException(new InvalidOperationException("The portal ended before it listened."));
    }
}
