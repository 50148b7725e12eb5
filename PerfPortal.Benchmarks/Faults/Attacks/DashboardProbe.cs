using System.Diagnostics;

namespace PerfPortal.Benchmarks.Faults.Attacks;

/// <summary>Requests the dashboard ten times a second while the portal is attacked.</summary>
internal sealed class DashboardProbe : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stop;
    private readonly List<double> _milliseconds = [];
    private readonly HttpClient _http;
    private readonly Task _looking;

    /// <summary>Starts requesting.</summary>
    public DashboardProbe(Uri api, CancellationToken cancellationToken)
    {
        _http = new() { BaseAddress = api, Timeout = TimeSpan.FromMinutes(2) };
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _looking = LookAsync();
    }

    /// <summary>The number of responses other than 200.</summary>
    public int Failures { get; private set; }

    /// <summary>A quantile of the latency in milliseconds; valid after the end.</summary>
    public double Quantile(double share)
    {
        _milliseconds.Sort();
        return _milliseconds.Count == 0 ? double.NaN : _milliseconds[Math.Min((int)(share * _milliseconds.Count), _milliseconds.Count - 1)];
    }

    /// <summary>Stops after the pending response.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _looking;
        _stop.Dispose();
        _http.Dispose();
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            long began = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await _http.GetAsync(new Uri("dashboard", UriKind.Relative), CancellationToken.None);
                Failures += answer.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
            {
                Failures++;
            }

            _milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await Task.Delay(Pause, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
