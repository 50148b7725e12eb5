using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>Makes each subject once, so that the same ones are compared by reference from minute to minute. Holds at most <see cref="Max"/>. Not thread-safe.</summary>
internal sealed class SubjectPool
{
    /// <summary>The maximum number of subjects that are held.</summary>
    public const int Max = 50_000;

    private readonly Dictionary<(string? Source, MetricType? Type, string? Name), AlertSubject> _subjects = [];

    /// <summary>Returns a subject.</summary>
    public AlertSubject Of(string? source, MetricType? type = null, string? name = null)
    {
        if (_subjects.TryGetValue((source, type, name), out var subject))
        {
            return subject;
        }

        if (_subjects.Count >= Max)
        {
            _subjects.Clear();
        }

        _subjects.Add((source, type, name), subject = new(source, type, name));
        return subject;
    }
}
