using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Client;

/// <summary>Reports that were lost one after the other for one reason. The id lets the portal count them once, however often it is told.</summary>
internal sealed class LossStretch(LossReason reason, long first)
{
    private (long Operations, long Samples) _told;

    public Guid Id { get; } = Guid.CreateVersion7();

    public LossReason Reason { get; } = reason;

    public long Operations { get; private set; }

    public long Samples { get; private set; }

    /// <summary>The timestamp before the first loss.</summary>
    public long First { get; } = first;

    /// <summary>The timestamp after the latest loss.</summary>
    public long Last { get; private set; } = first;

    public string? Detail { get; private set; }

    /// <summary>The timestamp of the latest successful telling.</summary>
    public long? ToldAt { get; private set; }

    public bool IsTold => _told == (Operations, Samples);

    public void Add(long operations, long samples, string? detail, long at) => (Operations, Samples, Detail, Last) = (Operations + operations, Samples + samples, detail, at);

    public void Told(long operations, long samples, long at) => (_told, ToldAt) = ((operations, samples), at);
}
