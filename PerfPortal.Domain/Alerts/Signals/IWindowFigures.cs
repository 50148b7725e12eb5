namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>The figures of a subject over a window.</summary>
internal interface IWindowFigures
{
    /// <summary>The number of operations that succeeded or failed.</summary>
    long Finished { get; }

    /// <summary>The number of failed operations.</summary>
    long Failed { get; }

    /// <summary>The number of abandoned operations.</summary>
    long Abandoned { get; }

    /// <summary>Returns a quantile of the durations, seconds; <see langword="null"/> without any.</summary>
    double? Quantile(double q);
}
