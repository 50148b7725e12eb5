using PerfPortal.Domain.Alerts.Signals;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>Gives what a rule measured in the past. Minutes are numbered since 1970. Not thread-safe.</summary>
internal interface IPastSignal
{
    /// <summary>How finely the past is known; a value is held until the next one.</summary>
    TimeSpan Resolution { get; }

    /// <summary>Reads what is needed to observe the minutes (<paramref name="from"/>, <paramref name="to"/>]; the parts of a range follow each other.</summary>
    Task LoadAsync(long from, long to, CancellationToken cancellationToken);

    /// <summary>Returns what the rule measured as of the start of a minute, in ascending order.</summary>
    RuleObservation Observe(long minute);
}
