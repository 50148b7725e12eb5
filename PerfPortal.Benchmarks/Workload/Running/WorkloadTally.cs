using PerfPortal.Domain.Client;

namespace PerfPortal.Benchmarks.Workload.Running;

/// <summary>What a workload did. Thread-safe.</summary>
internal sealed class WorkloadTally
{
    private readonly long[] _counts = new long[Enum.GetValues<WorkloadCount>().Length];

    /// <summary>A count so far.</summary>
    public long this[WorkloadCount count] => Interlocked.Read(ref _counts[(int)count]);

    /// <summary>Adds to a count.</summary>
    public void Add(WorkloadCount count, long number = 1) => Interlocked.Add(ref _counts[(int)count], number);

    /// <summary>What was done, in one line.</summary>
    /// <param name="elapsed">The time since the start.</param>
    /// <param name="status">What was reported.</param>
    public string Line(TimeSpan elapsed, PortalClientStatus status)
    {
        var operations = status.Operations;
        string trouble = status.IsConnected || status.LastError is null ? "" : $"  (the portal does not answer: {status.LastError})";
        string rejected = operations.Rejected == 0 ? "" : FormattableString.Invariant($", {operations.Rejected} rejected ({status.LastRejection})");
        return FormattableString.Invariant(
            $@"{elapsed:h\:mm\:ss}  {this[WorkloadCount.Downloads]} downloads ({this[WorkloadCount.FailedDownloads]} failed, {this[WorkloadCount.Retries]} retries), {this[WorkloadCount.Checks]} checks ({this[WorkloadCount.Damaged]} found corruption, {this[WorkloadCount.Repairs]} repairs), {this[WorkloadCount.Generations]} generations, {this[WorkloadCount.Fallbacks]} fallbacks ({this[WorkloadCount.FailedFallbacks]} failed); {operations.Sent + operations.Duplicates} reported, {operations.Queued + operations.InFiles} waiting{rejected}, {operations.Dropped} dropped{trouble}");
    }

    /// <summary>What was done in the end, over several lines.</summary>
    /// <param name="elapsed">The time since the start.</param>
    /// <param name="status">What was reported.</param>
    public IEnumerable<string> Summary(TimeSpan elapsed, PortalClientStatus status)
    {
        yield return Line(elapsed, status);
        yield return FormattableString.Invariant(
            $"  downloads: {this[WorkloadCount.Bytes] / 1e6:0} MB, {this[WorkloadCount.WastedBytes] / 1e6:0} MB of them in vain; {this[WorkloadCount.AdvisedFallbacks]} fallbacks in advised order");
        yield return FormattableString.Invariant(
            $"  flipped bytes: {this[WorkloadCount.Flips]}, {this[WorkloadCount.Damaged]} found by a check, {this[WorkloadCount.FlipsReplaced]} replaced by a download before");
    }
}

/// <summary>What is counted.</summary>
internal enum WorkloadCount
{
    /// <summary>Downloads that ended, repairs left out.</summary>
    Downloads,

    /// <summary>Downloads and repairs that failed.</summary>
    FailedDownloads,

    /// <summary>Retries of downloads and repairs.</summary>
    Retries,

    /// <summary>Bytes received.</summary>
    Bytes,

    /// <summary>Bytes received in vain.</summary>
    WastedBytes,

    /// <summary>Health checks that ended.</summary>
    Checks,

    /// <summary>Checks that found a model damaged or incomplete.</summary>
    Damaged,

    /// <summary>Repairs that ended well.</summary>
    Repairs,

    /// <summary>Bytes flipped on the disk.</summary>
    Flips,

    /// <summary>Flipped bytes whose model was downloaded again before a check.</summary>
    FlipsReplaced,

    /// <summary>Requests to a model.</summary>
    Generations,

    /// <summary>Fallbacks that ended.</summary>
    Fallbacks,

    /// <summary>Fallbacks without a success.</summary>
    FailedFallbacks,

    /// <summary>Fallbacks that followed learned advice.</summary>
    AdvisedFallbacks,
}
