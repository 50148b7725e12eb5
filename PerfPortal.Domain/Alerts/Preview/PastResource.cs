using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Journal;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>A resource metric in the past, from minute rollups.</summary>
internal sealed class PastResource(AlertRule rule, IResourceReader resources) : IPastSignal
{
    private readonly int _window = (int)rule.Window.TotalMinutes;
    private readonly SubjectPool _subjects = new();
    private readonly Dictionary<string, ResourceCells> _hosts = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _names = [];
    private bool _isBegun;

    public TimeSpan Resolution => TimeSpan.FromMinutes(1);

    public async Task LoadAsync(long from, long to, CancellationToken cancellationToken)
    {
        if (!_isBegun)
        {
            var latest = await resources.ReadLatestAsync(cancellationToken).ConfigureAwait(false);
            _names = [.. latest.Select(sample => sample.Source).Where(source => rule.Scope.Source is null || rule.Scope.Source == source).Order(StringComparer.Ordinal)];
        }

        int length = _window + (int)(to - from);
        long first = _isBegun ? from : from - _window;
        foreach (string host in _names)
        {
            if (!_hosts.TryGetValue(host, out var cells))
            {
                _hosts.Add(host, cells = new(length));
            }

            for (long minute = first; minute < to; minute++)
            {
                cells.Clear(minute);
            }

            await resources.ReadResourceRollupsAsync(
                host, RollupResolution.Minute, first, to, (minute, rollup) => cells.Set(minute, rollup[rule.Signal.Metric!.Value]), cancellationToken).ConfigureAwait(false);
        }

        _isBegun = true;
    }

    public RuleObservation Observe(long minute) => new(rule, ResourceSignal.Measure(rule, rule.Scope.Source is { } only ? [only] : _names, host => Sum(host, minute), _subjects), false);

    private (double Seconds, double Integral) Sum(string host, long minute) => _hosts.TryGetValue(host, out var cells) ? cells.Sum(minute - _window, minute) : default;
}
