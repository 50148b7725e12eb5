using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Client;

/// <summary>
/// Reports the operations and samples of this process to a portal. Operations are tracked with <see cref="Tracker"/>, as in the portal itself; samples come
/// from a <see cref="ResourceSampler"/> whose sink is this client. After its construction it never throws into the host and never makes it wait: a
/// background loop sends batches, retries while the portal is away, and reports running operations so that the portal shows them live. What does not fit
/// is dropped, counted in <see cref="Status"/>, and told to the portal. Thread-safe.
/// </summary>
public sealed partial class PortalClient : IOperationSink, ISampleSink, IAsyncDisposable
{
    private static readonly TimeSpan DrainPeriod = TimeSpan.FromMilliseconds(200);

    private readonly PortalClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly PortalHttp _http;
    private readonly PortalConnection _connection;
    private readonly ReportQueue _operations;
    private readonly ReportQueue _samples;
    private readonly ReportSender _sender;
    private readonly Spill _spill;
    private readonly RunningReports _running;
    private readonly LossReports _losses;
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _flushing = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly CancellationTokenSource _abort;
    private readonly Task _drain;
    private readonly Task _loop;
    private List<Flush>? _flushes = [];
    private volatile ResourceSample? _latest;
    private volatile bool _isStopping;
    private volatile bool _isClosed;
    private int _disposed;

    /// <summary>Creates a client and begins to report.</summary>
    /// <param name="options">The portal, the source and the limits.</param>
    /// <param name="handler">Sends the requests, and is not disposed; <see langword="null"/> for connections of its own.</param>
    /// <param name="time">The clock; <see langword="null"/> for that of the system.</param>
    /// <param name="logger">The logger; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every error.</exception>
    public PortalClient(PortalClientOptions options, HttpMessageHandler? handler = null, TimeProvider? time = null, ILogger? logger = null)
        : this(options, handler, time ?? TimeProvider.System, logger ?? NullLogger.Instance, Random.Shared.NextDouble)
    {
    }

    internal PortalClient(PortalClientOptions options, HttpMessageHandler? handler, TimeProvider time, ILogger logger, Func<double> random)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(" ", errors), nameof(options));
        }

        (_options, _time, _logger) = (options, time, logger);
        long maxBytes = options.BufferMegabytes * 1024L * 1024;
        _operations = new(ReportKind.Operations, options.BufferedOperations, maxBytes);
        _samples = new(ReportKind.Samples, options.BufferedSamples, maxBytes);
        _http = new(options, handler, time);
        _connection = new(options.Address, time, random, logger);
        _sender = new(_http, _connection, options, time, logger);
        _spill = new(options, kind => QueueOf(kind).Tally, logger);
        _running = new(Active, _http, _connection, options, time);
        _losses = new(_http, _connection, options, time, random, logger);
        _abort = new(Timeout.InfiniteTimeSpan, time);
        _safeAt = time.GetTimestamp();
        Adviser = new PortalAdviser(_http, time, logger);
        Tracker = new(Active, this, time, options.Source, () => _latest);

        // The loops must not keep what flows with the context of the host.
        using (ExecutionContext.SuppressFlow())
        {
            _drain = Task.Run(() => Tracker.DrainEveryAsync(DrainPeriod, _draining.Token));
            _loop = Task.Run(RunAsync);
        }
    }

    /// <summary>Tracks the operations of this process.</summary>
    public PerformanceTracker Tracker { get; }

    /// <summary>The operations of <see cref="Tracker"/> that are in progress.</summary>
    public ActiveOperations Active { get; } = new();

    /// <summary>Answers what the history of the portal advises.</summary>
    public IAdviser Adviser { get; }

    /// <summary>What was reported and what waits.</summary>
    public PortalClientStatus Status => new()
    {
        IsConnected = _connection.IsConnected,
        LastSuccessAt = _connection.LastSuccessAt,
        LastError = _connection.LastError ?? _spill.Error,
        LastErrorAt = _connection.LastErrorAt,
        ClockAhead = _http.ClockAhead,
        Operations = _operations.Tally.Read(_operations.Count, _spill.Count(ReportKind.Operations), Tracker.Dropped),
        Samples = _samples.Tally.Read(_samples.Count, _spill.Count(ReportKind.Samples)),
        LastRejection = _operations.Tally.LastRejection ?? _samples.Tally.LastRejection,
        Running = _running.Count,
        SpillBytes = _spill.Bytes,
    };

    /// <inheritdoc/>
    bool IOperationSink.IsClosed => _isClosed;

    /// <inheritdoc/>
    bool IOperationSink.HasRoomFor(int entries) => true;

    /// <inheritdoc/>
    bool IOperationSink.TrySubmit(IReadOnlyList<JournalEntry> entries)
    {
        if (_isClosed)
        {
            return false;
        }

        foreach (var entry in entries)
        {
            if (entry is OperationEnded { Operation: var operation })
            {
                Add(_operations, () => ReportWriter.Ended(operation));
            }
            else if (entry is SampleTaken taken)
            {
                OnSample(taken.Sample, taken.Covered);
            }
        }

        return true;
    }

    /// <summary>Queues a sample, which is also the resource usage of the operations that start or end until the next.</summary>
    public void OnSample(ResourceSample sample, TimeSpan covered)
    {
        _latest = sample;
        if (_isClosed)
        {
            _samples.Tally.CountDropped(1);
            return;
        }

        Add(_samples, () => SampleWriter.Write(sample, covered));
    }

    /// <summary>
    /// Waits until everything that has ended before the call is delivered, also from the spill directory. While the portal is away, that is when it is back. A spill file that
    /// cannot be read stays for the next start and is not waited for; the log names it. After the client is closed there is nothing to wait for.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; everything stays queued.</exception>
    public Task FlushAsync(CancellationToken cancellationToken)
    {
        Tracker.Drain();
        var flush = new Flush(_operations.Added, _samples.Added);
        lock (_flushing)
        {
            if (_flushes is null)
            {
                return Task.CompletedTask;
            }

            _flushes.Add(flush);
        }

        _wakes.Writer.TryWrite(true);
        return flush.Task.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Ends the operations in progress as abandoned, and delivers what is left within <see cref="PortalClientOptions.ShutdownGrace"/>. The rest goes to the spill directory, or is
    /// dropped and counted. Does not throw.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _draining.CancelAsync().ConfigureAwait(false);
            await _drain.ConfigureAwait(false);
            SettleRunning();
            _isClosed = true;
            _isStopping = true;
            _connection.TryNow();
            _abort.CancelAfter(_options.ShutdownGrace);
            _wakes.Writer.TryWrite(true);
        }

        await _loop.ConfigureAwait(false);
    }

    private ReportQueue QueueOf(ReportKind kind) => kind == ReportKind.Operations ? _operations : _samples;

    private void Add(ReportQueue queue, Func<byte[]> write)
    {
        try
        {
            queue.Add(write());
            if (queue.Count >= _options.BatchSize && _connection.Wait == TimeSpan.Zero)
            {
                _wakes.Writer.TryWrite(true);
            }
        }
        catch (Exception exception)
        {
            // Text that is not valid Unicode, for example.
            queue.Tally.CountNotEncodable();
            _logger.LogDebug(exception, "A report cannot be encoded and is dropped");
        }
    }

    /// <summary>The scopes in progress have nothing to report to when the client is gone.</summary>
    private void SettleRunning()
    {
        var now = _time.GetUtcNow();
        foreach (var entry in Active.List())
        {
            if (entry.TryClaim() is { } current)
            {
                var ending = new Ending
                {
                    Status = Operations.OperationStatus.Abandoned,
                    ErrorType = ClientStopped,
                    ErrorMessage = "The reporting client was closed before the operation ended.",
                };
                Add(_operations, () => ReportWriter.Ended(ending.ApplyTo(current, Operations.Microseconds.ToWholeMicroseconds(now))));
                entry.Release(ended: true);
            }
        }
    }
}
