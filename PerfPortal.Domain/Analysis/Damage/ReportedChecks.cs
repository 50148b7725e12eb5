using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Damage;

/// <summary>A model as it is reported.</summary>
/// <param name="Source">Who checks it.</param>
/// <param name="Name">Its name.</param>
public readonly record struct CheckedModel(string Source, string Name);

/// <summary>
/// What the latest health checks say about every model of every source. Updated by every commit; after the start it is read from the store, and what is no longer stored from the open findings.
/// Holds at most <see cref="MaxModels"/>: beyond that the models without damage that were checked longest ago are dropped first. Thread-safe.
/// </summary>
public sealed class ReportedChecks : ICommitListener, ISourceListener
{
    /// <summary>The maximum number of models.</summary>
    public const int MaxModels = 10_000;

    private const int MaxRead = 50_000;
    private const int DroppedAtOnce = MaxModels / 8;

    private readonly Lock _lock = new();
    private readonly Dictionary<CheckedModel, CheckTrail> _trails = [];
    private readonly HashSet<string> _removedWhileReading = new(StringComparer.Ordinal);
    private bool _isReading;

    /// <summary>Whether the store was read.</summary>
    public bool IsLoaded { get; private set; }

    /// <inheritdoc/>
    public void OnCommitted(CommitNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        foreach (var operation in notice.Ended)
        {
            if (operation.MetricType == MetricType.HealthCheck && ReportOf(operation) is { } read)
            {
                lock (_lock)
                {
                    Add(read.Model, read.Report);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void OnSourceRemoved(string source)
    {
        lock (_lock)
        {
            foreach (var model in _trails.Keys.Where(model => model.Source == source).ToList())
            {
                _trails.Remove(model);
            }

            if (_isReading)
            {
                _removedWhileReading.Add(source);
            }
        }
    }

    /// <summary>Reads the latest checks from the store, at most 50,000. The damage that open findings tell of is known although its checks may be gone: they are kept for a limited time.</summary>
    /// <param name="stored">The stored operations.</param>
    /// <param name="open">The open findings of damaged models.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task LoadAsync(IOperationReader stored, IEnumerable<Finding> open, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        lock (_lock)
        {
            _isReading = true;
        }

        try
        {
            var read = open.SelectMany(KnownFrom).ToList();
            int left = MaxRead;
            await stored.ScanAsync(
                new TimeRange(OperationLimits.Earliest, DateTimeOffset.MaxValue), new() { Series = new() { MetricType = MetricType.HealthCheck } },
                operation =>
                {
                    if (ReportOf(operation) is { } one)
                    {
                        read.Add(one);
                    }

                    return --left > 0;
                },
                cancellationToken).ConfigureAwait(false);
            lock (_lock)
            {
                // In the order of their ends, so that a trail that cannot keep all of them sums up the oldest.
                foreach (var (model, report) in read.OrderBy(one => one.Report.End))
                {
                    if (!_removedWhileReading.Contains(model.Source))
                    {
                        Add(model, report);
                    }
                }

                IsLoaded = true;
            }
        }
        finally
        {
            lock (_lock)
            {
                _isReading = false;
                _removedWhileReading.Clear();
            }
        }
    }

    /// <summary>Returns what is wrong with each model, and what was wrong last, by the checks that ended by a time; models that were never damaged are left out.</summary>
    public IReadOnlyList<(CheckedModel Model, DamageEpisode? Open, DamageEpisode? Ended)> Find(DateTimeOffset now)
    {
        var found = new List<(CheckedModel, DamageEpisode?, DamageEpisode?)>();
        lock (_lock)
        {
            foreach (var (model, trail) in _trails)
            {
                if (trail.At(now) is var condition && (condition.Open ?? condition.Ended) is not null)
                {
                    found.Add((model, condition.Open, condition.Ended));
                }
            }
        }

        return found;
    }

    /// <summary>The first and the latest check that a finding tells of.</summary>
    private static IEnumerable<(CheckedModel Model, CheckReport Report)> KnownFrom(Finding finding)
    {
        var latest = finding.Latest;
        if (latest is not { Kind: FindingKind.DamagedModel, Subject: { Source: { } source, Name: { } name } })
        {
            yield break;
        }

        var faults = (latest.Severity == Severity.Critical ? ModelFaults.Corruption : 0) | (DamageFinding.NumberOf(latest, HealthCheckFacts.FilesMissing) > 0 ? ModelFaults.MissingFiles : 0);
        var first = new CheckReport { Id = Guid.Empty, Start = latest.Since, End = latest.Since, Known = latest, Faults = faults == ModelFaults.None ? ModelFaults.LowScore : faults };
        yield return (new(source, name), first);
        if (latest.Operations is [var check, ..] && check.StartTime + Microseconds.FromSeconds(check.DurationSeconds ?? 0) is var end && end > latest.Since)
        {
            yield return (new(source, name), first with { Id = check.Id, Start = check.StartTime, End = end });
        }
    }

    private static (CheckedModel Model, CheckReport Report)? ReportOf(Operation operation) =>
        CheckReport.Of(operation) is { } report && CheckReport.ModelOf(operation) is { } name ? (new(operation.Source, name), report) : null;

    // Under the lock.
    private void Add(CheckedModel model, CheckReport report)
    {
        if (!_trails.TryGetValue(model, out var trail))
        {
            if (_trails.Count >= MaxModels)
            {
                Drop();
            }

            _trails.Add(model, trail = new());
        }

        trail.Add(report);
    }

    private void Drop()
    {
        foreach (var (model, _) in _trails.OrderBy(pair => pair.Value.At(DateTimeOffset.MaxValue).Open is not null).ThenBy(pair => pair.Value.LastEnd).Take(DroppedAtOnce).ToList())
        {
            _trails.Remove(model);
        }
    }
}
