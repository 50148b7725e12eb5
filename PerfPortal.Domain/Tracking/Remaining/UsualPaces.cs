using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Remaining;

/// <summary>
/// What ended operations of each type and name achieved, from those that reported progress. In memory; bounded, the least recently used name is forgotten first. Thread-safe.
/// </summary>
internal sealed class UsualPaces
{
    /// <summary>The maximum number of names.</summary>
    public const int Capacity = 2_000;

    private readonly Lock _lock = new();

    // Every name counts as one byte: the bound is a number of names.
    private readonly ByteBoundedLru<(MetricType, string, string?), UsualPace> _byName = new(Capacity);

    /// <summary>Returns what is usual for a name; <see langword="null"/> before enough of them have ended.</summary>
    public UsualPace? Find(MetricType type, string name, string? source)
    {
        lock (_lock)
        {
            return _byName.TryGet((type, name, source), out var usual) && usual.Count >= UsualPace.MinimumCount ? usual : null;
        }
    }

    /// <summary>Adds an operation that succeeded, with its last pace.</summary>
    public void Add(MetricType type, string name, string? source, in ProgressPace pace)
    {
        lock (_lock)
        {
            var known = _byName.TryGet((type, name, source), out var usual) ? usual : null;
            if (UsualPace.With(known, pace) is { } now)
            {
                _byName.Put((type, name, source), now, 1);
            }
        }
    }
}
