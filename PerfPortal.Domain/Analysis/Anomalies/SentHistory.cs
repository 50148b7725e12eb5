using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>
/// Collects whose history was sent: hosts and names with reports of a time that had been looked at an hour before. It is given out when no more came during a whole step, so that a
/// load in progress is complete. At most <see cref="MaxItems"/> of each. Thread-safe.
/// </summary>
internal sealed class SentHistory : ICommitListener
{
    /// <summary>The maximum number of hosts, and of names, that are collected.</summary>
    public const int MaxItems = 1000;

    /// <summary>The number of steps after which a report is history, not merely late: an hour.</summary>
    public const int Late = 12;

    // What never pauses is given out after an hour.
    private const int LongestWait = 12;
    private readonly Lock _gate = new();
    private readonly HashSet<string> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<(MetricType Type, string Name)> _names = [];
    private DateTimeOffset _before = DateTimeOffset.MinValue;
    private bool _isFlowing;
    private int _waited;

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        lock (_gate)
        {
            foreach (var sample in notice.Samples)
            {
                if (sample.SampledAt < _before)
                {
                    _isFlowing = true;
                    Add(_hosts, sample.Source);
                }
            }

            foreach (var operation in notice.Ended)
            {
                if (operation.EndTime < _before)
                {
                    _isFlowing = true;
                    Add(_names, (operation.MetricType, operation.Name));
                }
            }
        }
    }

    /// <summary>
    /// Returns whose history was sent since it was last given out; <see langword="null"/> while more comes. Called once per step.
    /// </summary>
    /// <param name="lookedAt">The time up to which everything will have been looked at.</param>
    public (IReadOnlyCollection<string> Hosts, IReadOnlyCollection<(MetricType Type, string Name)> Names)? Take(DateTimeOffset lookedAt)
    {
        lock (_gate)
        {
            _before = lookedAt - (Late * SeriesWatch.Step);
            _waited++;
            if (_isFlowing && _waited < LongestWait)
            {
                _isFlowing = false;
                return null;
            }

            (_isFlowing, _waited) = (false, 0);
            (string[] Hosts, (MetricType Type, string Name)[] Names) taken = ([.. _hosts], [.. _names]);
            _hosts.Clear();
            _names.Clear();
            return taken;
        }
    }

    private static void Add<T>(HashSet<T> items, T item)
    {
        if (items.Count < MaxItems)
        {
            items.Add(item);
        }
    }
}
