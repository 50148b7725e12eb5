using System.Diagnostics;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Hosting;

/// <summary>The portal as a process of its own on a free loopback port, so that it can be killed.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly Process _process;

    private PortalProcess(Process process, Uri address)
    {
        _process = process;
        Client = new(new HttpClient { BaseAddress = address });
    }

    public PortalClient Client { get; }

    /// <summary>Starts the portal on a data directory and waits until it is ready.</summary>
    public static async Task<PortalProcess> StartAsync(string directory)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            WorkingDirectory = directory,
            Environment = { ["PerfPortal__DataDirectory"] = Path.Combine(directory, "data"), ["PerfPortal__EnableGpuMonitoring"] = "false" },
        };
        foreach (string argument in new[] { Path.Combine(AppContext.BaseDirectory, "PerfPortal.Server.dll"), "--urls", "http://127.0.0.1:0" })
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        try
        {
            var address = await ReadAddressAsync(process.StandardOutput).WaitAsync(Limit, TestContext.Current.CancellationToken);
            // What is written afterwards is read, so that the pipe does not fill up.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
            var portal = new PortalProcess(process, address);
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

    private static async Task<Uri> ReadAddressAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            int place = line.IndexOf(Listening, StringComparison.Ordinal);
            if (place >= 0)
            {
                return new Uri(line[(place + Listening.Length)..].Trim());
            }
        }

        throw new InvalidOperationException("The portal ended before it listened.");
    }
}
