using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Findings;

/// <summary>The keys of causes and subjects, by which findings that share one are recognised, see <see cref="FindingCause.Key"/>.</summary>
public static class CauseKeys
{
    /// <summary>The key of a source or host.</summary>
    public static string OfSource(string source) => "source:" + source;

    /// <summary>The key of a metadata value.</summary>
    public static string OfMetadata(string name, string value) => $"metadata:{name}={value}";

    /// <summary>The key of the operations of a name.</summary>
    public static string OfName(MetricType type, string name) => $"name:{type.WireName()}:{name}";

    /// <summary>The key of an event: its kind and its time to the microsecond.</summary>
    public static string OfEvent(string kind, DateTimeOffset at) => FormattableString.Invariant($"{kind}:{at.ToMicroseconds()}");
}
