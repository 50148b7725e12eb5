using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling;

/// <summary>
/// Samples this host every <see cref="SamplerOptions.Interval"/>, and every second while it is watched. Thread-safe, except that
/// <see cref="RunAsync"/> must not run concurrently.
/// </summary>
public sealed class ResourceSampler : IDisposable
{
    /// <summary>The maximum number of intervals that a sample covers; a longer gap counts as unknown.</summary>
    private const int MaxIntervalsCovered = 3;

    private static readonly TimeSpan WatchedInterval = SamplerOptions.MinInterval;

    private readonly Lock _reading = new();
    private readonly Lock _bookkeeping = new();
    private readonly SamplerOptions _options;
    private readonly HostProbes _probes;
    private readonly ISampleSink _sink;
    private readonly TimeProvider _time;
    private readonly ILogger<ResourceSampler> _logger;
    private readonly long _origin;
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private volatile ResourceSample? _latest;
    private bool _disposed;
    private int _watchers;
    private long _rounds;
    private double _costMicroseconds;
    private int _failures;
    private string? _lastError;
    private DateTimeOffset? _lastErrorAt;

    /// <summary>Creates a sampler, which is idle until it is called or run.</summary>
    /// <param name="options">The source and the interval.</param>
    /// <param name="probes">The sensors; disposed with this object.</param>
    /// <param name="sink">Receives the samples of the loop.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The logger for failures.</param>
    public ResourceSampler(SamplerOptions options, HostProbes probes, ISampleSink sink, TimeProvider time, ILogger<ResourceSampler> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        _options = options;
        _probes = probes;
        _sink = sink;
        _time = time;
        _logger = logger;
        _origin = time.GetTimestamp();
    }

    /// <summary>The latest sample, or <see langword="null"/> before the first.</summary>
    public ResourceSample? Latest => _latest;

    /// <summary>The status of the sampler.</summary>
    public SamplerStatus Status
    {
        get
        {
            lock (_bookkeeping)
            {
                return new(
                    _latest?.SampledAt, _rounds, _rounds > 0 ? _costMicroseconds / _rounds : null, IntervalInForce, _watchers, _failures, _lastError, _lastErrorAt);
            }
        }
    }

    private TimeSpan IntervalInForce => Volatile.Read(ref _watchers) > 0 ? WatchedInterval : _options.Interval;

    /// <summary>The monotonic time since this object was created.</summary>
    private TimeSpan Elapsed => _time.GetElapsedTime(_origin);

    /// <summary>Reads all sensors now. <see cref="ResourceSample.Sensors"/> contains read errors; rates refer to the time since the previous sample.</summary>
    /// <exception cref="ObjectDisposedException">The sampler was disposed.</exception>
    public ResourceSample Sample()
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var sample = new ResourceSample(_options.Source, _time.GetUtcNow());
            long start = _time.GetTimestamp();
            _probes.Measure(sample, _time.GetElapsedTime(_origin, start));
            _probes.Detail(sample);
            double cost = _time.GetElapsedTime(start).TotalMicroseconds;
            lock (_bookkeeping)
            {
                _rounds++;
                _costMicroseconds += cost;
                _latest = sample;
            }

            return sample;
        }
    }

    /// <summary>Makes the loop sample every second until the returned object is disposed, starting immediately unless it has just sampled.</summary>
    public IDisposable Watch()
    {
        if (Interlocked.Increment(ref _watchers) == 1)
        {
            _wakes.Writer.TryWrite(true);
        }

        return new Watcher(this);
    }

    /// <summary>
    /// Samples until cancelled, then a last time. The second sample follows one second after the first, so that rates are available early. An
    /// exception, for example of the sink, is logged and stored in <see cref="Status"/>; the loop then backs off, up to a minute, and continues.
    /// </summary>
    /// <param name="cancellationToken">Stops the loop; the task then completes without an exception.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var pace = new SamplingPace();
        using var timer = _time.CreateTimer(_ => _wakes.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!cancellationToken.IsCancellationRequested)
        {
            var wait = pace.DueIn(Elapsed, IntervalInForce);
            if (wait <= TimeSpan.Zero)
            {
                Round(pace);
                wait = pace.DueIn(Elapsed, IntervalInForce);
            }

            timer.Change(RoundUp(wait), Timeout.InfiniteTimeSpan);
            try
            {
                await _wakes.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        Round(pace);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_reading)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _probes.Dispose();
        }
    }

    /// <summary>Rounds up to whole milliseconds: timers truncate to milliseconds, which would make the loop spin for the remainder.</summary>
    private static TimeSpan RoundUp(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Max(1, (long)Math.Ceiling(wait.TotalMilliseconds)));

    private void Round(SamplingPace pace)
    {
        var at = Elapsed;
        var covered = pace.Begin(at, IntervalInForce, MaxIntervalsCovered);
        try
        {
            _sink.OnSample(Sample(), covered);
            Recovered();
        }
        catch (Exception failure)
        {
            Failed(failure);
        }

        pace.End(_failures);
    }

    private void Recovered()
    {
        if (_failures == 0)
        {
            return;
        }

        _logger.LogInformation("Sampling this host recovered after {Failures} failed rounds", _failures);
        lock (_bookkeeping)
        {
            _failures = 0;
        }
    }

    /// <summary>Logs the first of consecutive failures as a warning, the others at debug level.</summary>
    private void Failed(Exception failure)
    {
        lock (_bookkeeping)
        {
            _failures++;
            _lastError = failure.Message;
            _lastErrorAt = _time.GetUtcNow();
        }

        _logger.Log(_failures == 1 ? LogLevel.Warning : LogLevel.Debug, failure, "Sampling this host failed; retrying with a longer interval");
    }

    private sealed class Watcher(ResourceSampler sampler) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                Interlocked.Decrement(ref sampler._watchers);
            }
        }
    }
}
