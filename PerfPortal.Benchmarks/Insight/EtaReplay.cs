using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;
using PerfPortal.Domain.Tracking.Remaining;

namespace PerfPortal.Benchmarks.Insight;

/// <summary>An estimate whose outcome is known.</summary>
/// <param name="Name">The operation name.</param>
/// <param name="IsResumed">Whether a part was done before it began.</param>
/// <param name="HasProgress">Whether it reported progress.</param>
/// <param name="Actual">How long it took from then on, seconds.</param>
/// <param name="Estimated">The median estimate, seconds.</param>
/// <param name="IsHeld">Whether it ended by P90.</param>
/// <param name="Plain">Elapsed divided by progress, times what is left, seconds; NaN without progress.</param>
internal sealed record EtaOutcome(string Name, bool IsResumed, bool HasProgress, double Actual, double Estimated, bool IsHeld, double Plain);

/// <summary>
/// Replays operations in the order of time: each is estimated once, at a moment chosen at random between its second second and its end, with what had ended by then.
/// It does what <see cref="EtaEstimator"/> and <see cref="EtaTracking"/> do in the portal, with their parts.
/// </summary>
internal sealed class EtaReplay(bool withProgress)
{
    private const double First = 2;
    private const double UsualRate = 50e6;

    private readonly Random _random = new(7);
    private readonly EtaCalibration _calibration = new();
    private readonly UsualPaces _paces = new();
    private readonly Dictionary<string, DurationSketch> _durations = [];
    private readonly PriorityQueue<Action, DateTimeOffset> _events = new();

    /// <summary>The outcomes, by the end of the operations.</summary>
    public List<EtaOutcome> Outcomes { get; } = [];

    /// <summary>Replays operations; those that failed are only part of the history.</summary>
    public void Run(IEnumerable<Operation> operations)
    {
        foreach (var operation in operations.OrderBy(one => one.StartTime))
        {
            RunUntil(operation.StartTime);
            Begin(operation, operation.Duration!.Value.TotalSeconds);
        }

        RunUntil(DateTimeOffset.MaxValue);
    }

    private void RunUntil(DateTimeOffset time)
    {
        while (_events.TryPeek(out var next, out var at) && at <= time)
        {
            _events.Dequeue();
            next();
        }
    }

    private void Begin(Operation operation, double seconds)
    {
        var progress = withProgress && seconds > First ? new SimulatedProgress(seconds, UsualRate, _random) : null;
        Action ended = () => End(operation, seconds, progress);
        if (seconds > First && operation.Status == OperationStatus.Succeeded)
        {
            double elapsed = First + (_random.NextDouble() * (seconds - First));
            _events.Enqueue(
                () =>
                {
                    if (Estimate(operation, progress, elapsed) is { } estimate)
                    {
                        var eta = _calibration.Correct(operation.MetricType, estimate);
                        ended = () =>
                        {
                            End(operation, seconds, progress);
                            Learn(operation, progress, elapsed, seconds - elapsed, estimate, eta);
                        };
                    }
                },
                operation.StartTime.AddSeconds(elapsed));
        }

        _events.Enqueue(() => ended(), operation.EndTime!.Value);
    }

    private EtaEstimate? Estimate(Operation operation, SimulatedProgress? progress, double elapsed)
    {
        var reported = progress is null ? (Progress?)null : new Progress(progress.DoneAt(elapsed), progress.Total, "bytes");
        var pace = progress?.PaceAt(elapsed, operation.StartTime) ?? default;
        return EtaEstimate.Of(
            reported, pace, elapsed, operation.StartTime.AddSeconds(elapsed), _paces.Find(operation.MetricType, operation.Name, null), _durations.GetValueOrDefault(operation.Name));
    }

    private void End(Operation operation, double seconds, SimulatedProgress? progress)
    {
        if (!_durations.TryGetValue(operation.Name, out var durations))
        {
            _durations[operation.Name] = durations = new();
        }

        durations.Add(seconds);
        if (progress is not null)
        {
            _paces.Add(operation.MetricType, operation.Name, null, progress.PaceAt(seconds, operation.StartTime));
        }
    }

    private void Learn(Operation operation, SimulatedProgress? progress, double elapsed, double actual, EtaEstimate estimate, Eta stated)
    {
        _calibration.Add(operation.MetricType, estimate, stated.P90, actual, operation.EndTime!.Value);
        double plain = progress is null ? double.NaN : elapsed * (progress.Total - progress.DoneAt(elapsed)) / Math.Max(progress.DoneAt(elapsed), 1e-9);
        Outcomes.Add(new(operation.Name, progress?.IsResumed ?? false, progress is not null, actual, estimate.P50, actual <= stated.P90, plain));
    }
}
