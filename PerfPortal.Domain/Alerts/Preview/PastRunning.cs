using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>
/// Operations that ran for too long in the past: those that ended and took longer than can keep an alert firing, at most <see cref="MaxOperations"/>, and those that are still in progress.
/// </summary>
internal sealed class PastRunning(AlertRule rule, IOperationReader operations, ActiveOperations active, TimeProvider time) : IPastSignal
{
    /// <summary>The maximum number of operations that are looked at; the latest ones.</summary>
    public const int MaxOperations = 50_000;

    private readonly List<(Operation Operation, DateTimeOffset End)> _running = [];
    private bool _isRead;
    private int _next;
    private List<Operation> _now = [];

    public TimeSpan Resolution => TimeSpan.FromMinutes(1);

    public async Task LoadAsync(long from, long to, CancellationToken cancellationToken)
    {
        if (_isRead)
        {
            return;
        }

        // Whatever ran in the range ended after its beginning.
        var now = time.GetUtcNow();
        var filter = new OperationFilter
        {
            Series = new() { Source = rule.Scope.Source, MetricType = rule.Scope.MetricType, Name = rule.Scope.Name },
            MinDuration = TimeSpan.FromSeconds(RunningSignal.Least(rule)),
        };
        await operations.ScanOutlinesAsync(
            new(RollupBuckets.Start(RollupResolution.Minute, from), now + OperationLimits.FutureTolerance), filter,
            operation =>
            {
                _running.Add((operation with { EndTime = null, Events = [] }, operation.EndTime!.Value));
                return _running.Count < MaxOperations;
            },
            cancellationToken).ConfigureAwait(false);
        _running.AddRange(active.List().Select(entry => entry.Current).Where(operation => RunningSignal.IsInScope(rule.Scope, operation)).Select(operation => (operation, DateTimeOffset.MaxValue)));
        _running.Sort((one, other) => one.Operation.RunningSince().CompareTo(other.Operation.RunningSince()));
        _isRead = true;
    }

    public RuleObservation Observe(long minute)
    {
        var at = RollupBuckets.Start(RollupResolution.Minute, minute);
        for (; _next < _running.Count && _running[_next].Operation.RunningSince() < at; _next++)
        {
            _now.Add(_running[_next].Operation);
            _ends[_running[_next].Operation.Id] = _running[_next].End;
        }

        _now = [.. _now.Where(operation => _ends[operation.Id] > at)];
        return new(rule, RunningSignal.Measure(rule, _now, at), true);
    }

    private readonly Dictionary<Guid, DateTimeOffset> _ends = [];
}
