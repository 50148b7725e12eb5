using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Remaining;

/// <summary>
/// Learns from operations in progress how good their estimates were: of each, the estimate at a moment chosen at random while it ran is compared with its end. Also tells each of
/// them what is usual for its name. Follows at most <see cref="MaxFollowed"/> operations at a time, once they have run for two seconds. Thread-safe.
/// </summary>
public sealed class EtaTracking(ActiveOperations active, EtaEstimator estimator, TimeProvider time) : ICommitListener
{
    /// <summary>The maximum number of operations that are followed at a time.</summary>
    public const int MaxFollowed = 500;

    private const double MinSeconds = 2;

    // Estimates of a long operation change slowly: the next one is taken after a twentieth of what has elapsed.
    private const double Step = 0.05;
    private const int Seed = 20_261;

    // An end is committed within seconds of leaving the list.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Followed> _followed = [];
    private readonly Random _random = new(Seed);

    /// <summary>Looks at the operations in progress. Meant to be called every second.</summary>
    public async Task ObserveAsync(CancellationToken cancellationToken)
    {
        foreach (var one in active.List())
        {
            var now = time.GetUtcNow();
            var current = one.Current;
            double elapsed = current.RunningFor(now).TotalSeconds;
            if (elapsed >= MinSeconds && Follow(one, current, now) is { } followed && elapsed >= followed.NextSeconds)
            {
                await LookAsync(followed, one, elapsed, now, cancellationToken).ConfigureAwait(false);
            }
        }

        Forget(time.GetUtcNow());
    }

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        lock (_lock)
        {
            if (_followed.Count == 0)
            {
                return;
            }

            foreach (var ended in notice.Ended)
            {
                if (_followed.Remove(ended.Id, out var followed) && ended is { Status: OperationStatus.Succeeded, EndTime: { } end })
                {
                    Learn(ended, end, followed);
                }
            }
        }
    }

    private Followed? Follow(ActiveOperation one, Operation current, DateTimeOffset now)
    {
        Followed? followed;
        lock (_lock)
        {
            if (_followed.TryGetValue(current.Id, out followed))
            {
                followed.SeenAt = now;
                followed.Pace = one.Pace;
                return followed;
            }

            if (_followed.Count >= MaxFollowed)
            {
                return null;
            }

            _followed.Add(current.Id, followed = new() { SeenAt = now, Pace = one.Pace });
        }

        if (estimator.UsualOf(current) is { } usual)
        {
            one.Expect(usual);
        }

        return followed;
    }

    /// <summary>Keeps one of all estimates, each with a probability in proportion to the time that it stands for (weighted reservoir of one).</summary>
    private async ValueTask LookAsync(Followed followed, ActiveOperation one, double elapsed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        followed.NextSeconds = elapsed * (1 + Step);
        if (await estimator.EstimateBareAsync(one, now, cancellationToken).ConfigureAwait(false) is not { } estimate)
        {
            return;
        }

        double weight = Math.Max(1, elapsed * Step);
        lock (_lock)
        {
            followed.Weight += weight;
            if (_random.NextDouble() * followed.Weight < weight)
            {
                followed.Kept = (now, estimate, estimator.Calibration.Correct(one.Current.MetricType, estimate).P90);
            }
        }
    }

    private void Learn(Operation ended, DateTimeOffset end, Followed followed)
    {
        estimator.Learn(ended, followed.Pace);
        if (followed.Kept is { } kept)
        {
            estimator.Calibration.Add(ended.MetricType, kept.Estimate, kept.Stated, Math.Max(0, (end - kept.At).TotalSeconds), end);
        }
    }

    private void Forget(DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var (id, followed) in _followed)
            {
                // Removing while enumerating is allowed for dictionaries. A clock that was set back must not keep them for ever.
                if ((now - followed.SeenAt).Duration() > Forgotten)
                {
                    _followed.Remove(id);
                }
            }
        }
    }

    private sealed class Followed
    {
        public DateTimeOffset SeenAt { get; set; }

        public ProgressPace Pace { get; set; }

        public double NextSeconds { get; set; }

        public double Weight { get; set; }

        public (DateTimeOffset At, EtaEstimate Estimate, double Stated)? Kept { get; set; }
    }
}
