using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Remaining;

/// <summary>How often the P90 of estimates held.</summary>
/// <param name="MetricType">The metric type.</param>
/// <param name="Held">The number of operations that ended by the P90 that was stated at a moment chosen at random while they ran.</param>
/// <param name="Count">The number of operations, at most <see cref="EtaCalibration.Capacity"/>.</param>
/// <param name="Since">The end of the first operation that counts, UTC.</param>
public sealed record EtaCoverage(MetricType MetricType, int Held, int Count, DateTimeOffset Since)
{
    /// <summary>The share that held, 0–1.</summary>
    public double Share => (double)Held / Count;
}

/// <summary>
/// Keeps P90 honest: the spread of estimates is multiplied by what would have made 90 % of the latest ones hold, per metric type and basis. It counts how often the P90 held that
/// was stated. <see cref="State"/> and <see cref="Restore"/> keep it across restarts. Thread-safe.
/// </summary>
public sealed class EtaCalibration
{
    /// <summary>The number of operations of a type that count.</summary>
    public const int Capacity = EtaWindow.Capacity;

    // A share of fewer says nothing.
    private const int MinCount = 20;
    private const int Digits = 4;

    private readonly Lock _lock = new();
    private readonly Dictionary<(MetricType, EtaBasis), EtaWindow> _windows = [];
    private long _version;
    private readonly Dictionary<MetricType, Queue<(DateTimeOffset At, bool IsHeld)>> _held = [];

    /// <summary>How often P90 held for a type; <see langword="null"/> before 20 outcomes.</summary>
    public EtaCoverage? CoverageOf(MetricType type)
    {
        lock (_lock)
        {
            return _held.TryGetValue(type, out var held) && held.Count >= MinCount
                ? new(type, held.Count(one => one.IsHeld), held.Count, held.Peek().At)
                : null;
        }
    }

    /// <summary>The number of operations that were added.</summary>
    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    /// <summary>Returns what was learnt.</summary>
    public EtaState State()
    {
        lock (_lock)
        {
            return new(
                [.. _windows.Select(pair => new EtaErrors(pair.Key.Item1, (byte)pair.Key.Item2, [.. pair.Value.Scores.Select(score => Math.Round(score, Digits))]))],
                [.. _held.Select(pair => new EtaOutcomes(pair.Key, [.. pair.Value.Select(one => one.At)], [.. pair.Value.Select(one => one.IsHeld)]))]);
        }
    }

    /// <summary>Puts what was learnt before a restart before what was learnt since. Unknown types and values that are not finite are ignored.</summary>
    public void Restore(EtaState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        lock (_lock)
        {
            foreach (var errors in state.Errors.Where(errors => Enum.IsDefined(errors.MetricType) && Enum.IsDefined((EtaBasis)errors.Basis)))
            {
                var window = new EtaWindow();
                foreach (double score in errors.Scores.Concat(_windows.TryGetValue((errors.MetricType, (EtaBasis)errors.Basis), out var since) ? since.Scores : []))
                {
                    window.Add(score);
                }

                _windows[(errors.MetricType, (EtaBasis)errors.Basis)] = window;
            }

            foreach (var outcomes in state.Outcomes.Where(outcomes => Enum.IsDefined(outcomes.MetricType)))
            {
                _held[outcomes.MetricType] = new(outcomes.Ends.Zip(outcomes.Held).Concat(_held.GetValueOrDefault(outcomes.MetricType) ?? []).TakeLast(Capacity));
            }
        }
    }

    /// <summary>The estimate with its corrected P90.</summary>
    internal Eta Correct(MetricType type, EtaEstimate estimate)
    {
        lock (_lock)
        {
            double factor = _windows.TryGetValue((type, estimate.Basis), out var window) ? window.Factor : EtaWindow.InitialFactor;
            return new(estimate.P50, estimate.P50 + (factor * estimate.Spread));
        }
    }

    /// <summary>Adds an operation that succeeded.</summary>
    /// <param name="type">The metric type.</param>
    /// <param name="estimate">An estimate from while it ran.</param>
    /// <param name="stated">The P90 that was stated then, seconds.</param>
    /// <param name="actualSeconds">How long it took from then on.</param>
    /// <param name="at">The end.</param>
    internal void Add(MetricType type, EtaEstimate estimate, double stated, double actualSeconds, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_windows.TryGetValue((type, estimate.Basis), out var window))
            {
                _windows[(type, estimate.Basis)] = window = new();
            }

            _version++;
            window.Add(estimate, actualSeconds);
            if (!_held.TryGetValue(type, out var held))
            {
                _held[type] = held = new(Capacity);
            }

            if (held.Count == Capacity)
            {
                held.Dequeue();
            }

            held.Enqueue((at, actualSeconds <= stated));
        }
    }
}
