using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Downloads.Errors;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>The advice for one download as the numbers that it uses, each within its safe range.</summary>
internal sealed record TransferAdvice
{
    private readonly AdviceSet _set;

    /// <summary>The safe defaults.</summary>
    public TransferAdvice()
        : this(new AdviceSet([]))
    {
    }

    /// <summary>Reads what was chosen for a download.</summary>
    public TransferAdvice(AdviceSet set)
    {
        _set = set;
        Connections = (int)Math.Round(set.Get(AdviceKinds.Connections));
        Concurrency = (int)Math.Round(set.Get(AdviceKinds.Concurrency));
        StallTimeout = TimeSpan.FromSeconds(set.Get(AdviceKinds.Timeout));
    }

    /// <summary>The connections to use, at least 1.</summary>
    public int Connections { get; init; }

    /// <summary>The files to load at the same time, at least 1.</summary>
    public int Concurrency { get; init; }

    /// <summary>How long an attempt may be without progress.</summary>
    public TimeSpan StallTimeout { get; init; }

    /// <summary>The share of the allowed bandwidth to use now, above 0 up to 1.</summary>
    public double BandwidthShare => _set.Get(AdviceKinds.BandwidthShare);

    /// <summary>What the operation reports as <see cref="AdviceFacts.Arm"/>.</summary>
    public string Arm => _set.Arm;

    /// <summary>The mean delay before the first retry after a failure.</summary>
    public TimeSpan DelayAfter(DownloadErrorCategory category) => TimeSpan.FromSeconds(_set.Get(AdviceKinds.RetryDelay, category.WireName()));

    /// <summary>Whether, by what was learned, retries after such a failure hardly ever succeed.</summary>
    public bool IsHopeless(DownloadErrorCategory category) => !_set.IsRetryWorthwhile(category.WireName());
}
