using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>The figures of all series over one window. Divides them as rules ask; each division is made once.</summary>
internal sealed class OperationWindow
{
    private readonly SubjectPool _subjects;
    private readonly List<SeriesFigures> _all;
    private readonly Lazy<Dictionary<string, List<SeriesFigures>>> _bySource;
    private readonly Dictionary<(AlertScope Scope, AlertPer Per), IReadOnlyList<(AlertSubject Subject, IWindowFigures Figures)>> _divided = [];

    /// <summary>Creates a window.</summary>
    /// <param name="all">The figures of every series.</param>
    /// <param name="subjects">Makes subjects.</param>
    public OperationWindow(IEnumerable<SeriesFigures> all, SubjectPool subjects)
    {
        _subjects = subjects;
        _all = [.. all];
        _bySource = new(() => _all.GroupBy(figures => figures.Key.Source, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal));
    }

    /// <summary>Divides the operations in a scope. With <see cref="AlertPer.All"/> there is always one part.</summary>
    public IReadOnlyList<(AlertSubject Subject, IWindowFigures Figures)> Divide(AlertScope scope, AlertPer per)
    {
        if (!_divided.TryGetValue((scope, per), out var parts))
        {
            _divided.Add((scope, per), parts = Compute(scope, per));
        }

        return parts;
    }

    private IReadOnlyList<(AlertSubject Subject, IWindowFigures Figures)> Compute(AlertScope scope, AlertPer per)
    {
        var parts = new Dictionary<(string? Source, MetricType? Type, string? Name), SeriesFigures>();
        if (per == AlertPer.All)
        {
            parts.Add((scope.Source, scope.MetricType, scope.Name), new(default));
        }

        foreach (var figures in scope.Source is { } source ? _bySource.Value.GetValueOrDefault(source, []) : _all)
        {
            var key = figures.Key;
            if ((scope.MetricType is { } type && key.MetricType != type) || (scope.Name is { } name && key.Name != name))
            {
                continue;
            }

            var part = per switch
            {
                AlertPer.Source => (key.Source, scope.MetricType, scope.Name),
                AlertPer.MetricType => (scope.Source, key.MetricType, scope.Name),
                AlertPer.Name => (scope.Source, key.MetricType, key.Name),
                _ => (scope.Source, scope.MetricType, scope.Name),
            };
            if (!parts.TryGetValue(part, out var sum))
            {
                parts.Add(part, sum = new(key));
            }

            sum.Add(figures);
        }

        return [.. parts.Select(part => (_subjects.Of(part.Key.Source, part.Key.Type, part.Key.Name), (IWindowFigures)part.Value))];
    }
}
