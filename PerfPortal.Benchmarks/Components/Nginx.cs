using System.Diagnostics;
using System.Globalization;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Components;

/// <summary>nginx on a free loopback port with a configuration of its own: the files of a directory, as fast as possible and limited per connection.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string Limited = "limited/";
    private const string Ready = "ready";

    private readonly ServerProcess _process;

    private Nginx(ServerProcess process)
    {
        _process = process;
    }

    /// <summary>Whether it is installed.</summary>
    public static bool IsInstalled => Tool.Find("nginx") is not null;

    /// <summary>Starts it.</summary>
    /// <param name="scratch">An empty directory for its own files.</param>
    /// <param name="served">The directory whose files it serves.</param>
    /// <param name="bytesPerSecond">The limit of one connection.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="MeasuringException">It is not installed, or does not start.</exception>
    public static async Task<Nginx> StartAsync(string scratch, string served, long bytesPerSecond, CancellationToken cancellationToken)
    {
        string program = Tool.Find("nginx") ?? throw new MeasuringException("nginx is not installed.");
        int port = ServerProcess.FreePort();
        await File.WriteAllTextAsync(Path.Join(scratch, "nginx.conf"), Configuration(port, scratch, served, bytesPerSecond), cancellationToken);
        await File.WriteAllTextAsync(Path.Join(scratch, Ready), "ready", cancellationToken);
        try
        {
            var start = new ProcessStartInfo(program, ["-p", scratch, "-c", Path.Join(scratch, "nginx.conf"), "-e", "stderr"]);
            return new(await ServerProcess.StartAsync(start, port, "/" + Ready, cancellationToken));
        }
        catch (InvalidOperationException exception)
        {
            throw new MeasuringException($"nginx does not start: {exception.Message}");
        }
    }

    /// <summary>The address of a file, as fast as possible.</summary>
    public Uri Fast(string file) => new(_process.BaseAddress, Uri.EscapeDataString(file));

    /// <summary>The address of a file over connections that are limited.</summary>
    public Uri Slow(string file) => new(_process.BaseAddress, Limited + Uri.EscapeDataString(file));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    // One process without a master, so that killing it leaves no worker behind.
    private static string Configuration(int port, string scratch, string served, long bytesPerSecond) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        master_process off;
        pid "{{scratch}}/pid";
        error_log stderr;
        events { worker_connections 256; }
        http {
            access_log off;
            sendfile on;
            tcp_nopush on;
            default_type application/octet-stream;
            client_body_temp_path "{{scratch}}/body";
            proxy_temp_path "{{scratch}}/proxy";
            fastcgi_temp_path "{{scratch}}/fastcgi";
            uwsgi_temp_path "{{scratch}}/uwsgi";
            scgi_temp_path "{{scratch}}/scgi";
            server {
                listen 127.0.0.1:{{port}};
                location = /{{Ready}} { root "{{scratch}}"; }
                location /{{Limited}} { alias "{{served}}/"; limit_rate {{bytesPerSecond}}; }
                location / { root "{{served}}"; }
            }
        }
        """);
}
