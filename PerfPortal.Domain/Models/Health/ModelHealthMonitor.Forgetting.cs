using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Records;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Models.Health;

/// <content>What happens to what is known of models that are gone.</content>
public sealed partial class ModelHealthMonitor
{
    // Time enough for the report of a deletion to be stored.
    private static readonly TimeSpan KeptAfterReport = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, DateTimeOffset> _reportedGone = new(StringComparer.Ordinal);

    // Under the lock.
    private WatchedModel Watch(ModelLocation location)
    {
        var watched = new WatchedModel(location, _records.GetValueOrDefault(location.Name), _time.GetUtcNow());
        if (_reportedGone.Remove(location.Name))
        {
            // It is back, and its alert was closed.
            watched.DueAt = _time.GetUtcNow();
        }

        return watched;
    }

    // Under the lock.
    private void Forget(FoundModels found)
    {
        var names = found.Models.Select(location => location.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string name in _models.Keys.Where(name => !names.Contains(name)).ToList())
        {
            if (_models[name] is { Running: null } gone)
            {
                _models.Remove(name);
                if (_records.TryGetValue(name, out var known))
                {
                    // A disk that was mounted again since the last check has another mark.
                    _records[name] = known with { Marks = gone.Location.Marks };
                }
            }
        }

        if (found.IsBounded)
        {
            return;
        }

        // A disk that fails or is not mounted must not cost what is known of its models, nor close the alerts about them.
        foreach (var record in _records.Values.Where(record => !_models.ContainsKey(record.Health.Name) && !found.IsUnseen(record.Health.Directory, record.Marks ?? [], _mark)).ToList())
        {
            if (IsToldGone(record.Health))
            {
                _store.Remove(record);
                _records.Remove(record.Health.Name);
                _reportedGone.Remove(record.Health.Name);
            }
        }
    }

    /// <summary>
    /// Reports that a model is gone, unless it was healthy: who was told that it is damaged, be it some checks ago, must be told that nobody will find it repaired. The record stays until the report is
    /// stored, so that a monitor that is killed in between reports it again.
    /// </summary>
    /// <returns>Whether nothing is left to be told.</returns>
    private bool IsToldGone(ModelHealth health)
    {
        if (health.State == HealthState.Healthy)
        {
            return true;
        }

        if (_reportedGone.TryGetValue(health.Name, out var at))
        {
            return _time.GetUtcNow() - at >= KeptAfterReport;
        }

        using (var scope = _tracker?.Start(MetricType.HealthCheck, health.Name, _options.Source) ?? default)
        {
            scope.Set(HealthCheckFacts.ModelDeleted, true);
            scope.Cancel();
        }

        _reportedGone.Add(health.Name, _time.GetUtcNow());
        return false;
    }
}
