using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Insight;

/// <summary>What a run of the detectors did.</summary>
/// <param name="Observations">The number of observations.</param>
/// <param name="Failed">The number of detectors that failed; the findings of their kinds are as before.</param>
/// <param name="Milliseconds">The duration.</param>
public sealed record InsightRun(int Observations, int Failed, double Milliseconds);

/// <summary>Runs the detectors one after the other and records what they observe. One run at a time.</summary>
public sealed class InsightEngine(
    IEnumerable<IFindingDetector> detectors, FindingLedger ledger, TimeProvider time, ILogger<InsightEngine>? logger = null) : IDisposable
{
    private readonly IReadOnlyList<IFindingDetector> _detectors = [.. detectors];
    private readonly ILogger _logger = logger ?? NullLogger<InsightEngine>.Instance;
    private readonly ConcurrentDictionary<IFindingDetector, bool> _failing = new();
    private readonly SemaphoreSlim _gate = new(1);

    /// <summary>Whether the detectors have run at all since the start: until then, nothing found means nothing.</summary>
    public bool HasRun { get; private set; }

    /// <summary>Runs every detector. One that throws is logged, once until it works again, and does not stop the others.</summary>
    public async Task<InsightRun> RunAsync(DetectionRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            long began = time.GetTimestamp();
            int observed = 0;
            int failed = 0;
            foreach (var detector in _detectors)
            {
                if (await ObserveAsync(detector, request, cancellationToken).ConfigureAwait(false) is not { } observations)
                {
                    failed++;
                    continue;
                }

                await ledger.MergeAsync(detector.Kinds, observations, request.Now, cancellationToken).ConfigureAwait(false);
                observed += observations.Count;
            }

            HasRun = true;
            return new(observed, failed, time.GetElapsedTime(began).TotalMilliseconds);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<IReadOnlyList<FindingObservation>?> ObserveAsync(IFindingDetector detector, DetectionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var observations = await detector.ObserveAsync(request, cancellationToken).ConfigureAwait(false);
            _failing.TryRemove(detector, out _);
            return observations;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (_failing.TryAdd(detector, true))
            {
                _logger.LogError(exception, "{Detector} failed; its findings stay as they are until it works again.", detector.GetType().Name);
            }

            return null;
        }
    }
}
