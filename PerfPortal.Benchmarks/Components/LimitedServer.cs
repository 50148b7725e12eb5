using System.Diagnostics;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PerfPortal.Benchmarks.Workload.Server;

namespace PerfPortal.Benchmarks.Components;

/// <summary>
/// Serves a file of zeros, in ranges too, with one limit for all connections together or one for each: what nginx cannot do, which limits each request and lets its first second pass at once.
/// </summary>
internal sealed class LimitedServer : IAsyncDisposable
{
    private const int PieceBytes = 64 << 10;

    private readonly WebApplication _app;
    private readonly long _size;
    private readonly long _bytesPerSecond;
    private readonly Pace? _shared;

    private LimitedServer(long size, long bytesPerSecond, bool isShared)
    {
        (_size, _bytesPerSecond) = (size, bytesPerSecond);
        _shared = isShared ? new(bytesPerSecond) : null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        _app = builder.Build();
        _app.MapGet("/file", SendAsync);
    }

    /// <summary>The address of the file.</summary>
    public Uri File => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "file");

    /// <summary>Starts it.</summary>
    /// <param name="size">The size of the file in bytes.</param>
    /// <param name="bytesPerSecond">The limit.</param>
    /// <param name="isShared">Whether the limit is for all connections together.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    public static async Task<LimitedServer> StartAsync(long size, long bytesPerSecond, bool isShared, CancellationToken cancellationToken)
    {
        var server = new LimitedServer(size, bytesPerSecond, isShared);
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task SendAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.AcceptRanges = "bytes";
        response.Headers.ETag = "\"1\"";
        var (range, isOutside) = ByteRange.Parse(context.Request.Headers.Range, _size);
        if (isOutside)
        {
            response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
            return;
        }

        var part = range ?? new ByteRange(0, _size);
        response.ContentLength = part.Length;
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {part.From}-{part.From + part.Length - 1}/{_size}");
        }

        var pace = _shared ?? PaceOf(context);
        byte[] zeros = new byte[PieceBytes];
        for (long left = part.Length; left > 0;)
        {
            int count = (int)Math.Min(left, zeros.Length);
            if (pace.Wait(count) is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, context.RequestAborted);
            }

            await response.Body.WriteAsync(zeros.AsMemory(0, count), context.RequestAborted);
            left -= count;
        }
    }

    private Pace PaceOf(HttpContext context)
    {
        var items = context.Features.Get<IConnectionItemsFeature>()!.Items;
        if (!items.TryGetValue(typeof(Pace), out object? pace))
        {
            items[typeof(Pace)] = pace = new Pace(_bytesPerSecond);
        }

        return (Pace)pace!;
    }

    private sealed class Pace(long bytesPerSecond)
    {
        // What may be made up for, so that a timer that is late costs one connection no more than many.
        private static readonly double Credit = Stopwatch.Frequency * 0.05;

        private readonly Lock _lock = new();
        private double _freeAt;

        public TimeSpan Wait(int bytes)
        {
            lock (_lock)
            {
                long now = Stopwatch.GetTimestamp();
                _freeAt = Math.Max(_freeAt, now - Credit) + ((double)bytes / bytesPerSecond * Stopwatch.Frequency);
                return TimeSpan.FromSeconds(Math.Max(0, (_freeAt - now) / Stopwatch.Frequency));
            }
        }
    }
}
