namespace PerfPortal.Domain.Analysis.Damage;

/// <summary>
/// The checks of one model in the order of their ends, whatever the order in which they are reported. The latest <see cref="MaxReports"/> are kept; of those before only what they amount to, so
/// that a report that comes after so many later ones has no effect. Not thread-safe.
/// </summary>
internal sealed class CheckTrail
{
    /// <summary>The number of reports that are kept.</summary>
    public const int MaxReports = 16;

    private readonly List<CheckReport> _reports = [];
    private ModelCondition _before;
    private DateTimeOffset _dropped = DateTimeOffset.MinValue;

    /// <summary>The end of the latest check.</summary>
    public DateTimeOffset LastEnd => _reports.Count > 0 ? _reports[^1].End : _dropped;

    /// <summary>Adds a report, unless it is known.</summary>
    public void Add(CheckReport report)
    {
        if (report.End <= _dropped)
        {
            return;
        }

        int at = _reports.BinarySearch(report, Comparer<CheckReport>.Create(Compare));
        if (at >= 0)
        {
            // What was read itself says more than what is known of it from a finding.
            _reports[at] = _reports[at].Known is null ? _reports[at] : report;
            return;
        }

        _reports.Insert(~at, report);
        if (_reports.Count > MaxReports)
        {
            (_before, _dropped) = (_before.Then(_reports[0]), _reports[0].End);
            _reports.RemoveAt(0);
        }
    }

    /// <summary>What the checks that ended by a time amount to.</summary>
    public ModelCondition At(DateTimeOffset now)
    {
        var condition = _before;
        foreach (var report in _reports)
        {
            if (report.End > now)
            {
                break;
            }

            condition = condition.Then(report);
        }

        return condition;
    }

    // Of two checks that ended at the same moment, the one that found something wrong decides.
    private static int Compare(CheckReport a, CheckReport b)
    {
        int order = a.End.CompareTo(b.End);
        order = order != 0 ? order : a.IsFaulty.CompareTo(b.IsFaulty);
        return order != 0 ? order : a.Id.CompareTo(b.Id);
    }
}
