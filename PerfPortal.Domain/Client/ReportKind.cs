namespace PerfPortal.Domain.Client;

/// <summary>What is reported.</summary>
internal enum ReportKind
{
    /// <summary>Ended operations.</summary>
    Operations,

    /// <summary>Resource samples.</summary>
    Samples,
}
