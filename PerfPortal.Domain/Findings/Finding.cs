using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Findings;

/// <summary>The state of a finding.</summary>
/// <remarks>Wire names are the lower-case names.</remarks>
public enum FindingState : byte
{
    /// <summary>The problem lasts.</summary>
    Open = 0,

    /// <summary>The problem is over.</summary>
    Closed = 1,
}

/// <summary>The wire names of <see cref="FindingState"/>.</summary>
public static class FindingStates
{
    /// <summary>The name on the wire.</summary>
    public static string WireName(this FindingState state) => state == FindingState.Open ? "open" : "closed";
}

/// <summary>A problem with an identity: the same problem is one finding that opens, is updated, and closes.</summary>
public sealed record Finding
{
    /// <summary>The ID: 32 hexadecimal digits; it stays the same while the problem lasts.</summary>
    public required string Id { get; init; }

    /// <summary>The latest observation of the problem.</summary>
    public required FindingObservation Latest { get; init; }

    /// <summary>The state.</summary>
    public FindingState State { get; init; }

    /// <summary>When the portal first saw it, UTC.</summary>
    public DateTimeOffset FirstSeen { get; init; }

    /// <summary>When the portal last saw it, UTC, to the minute while it is open.</summary>
    public DateTimeOffset LastSeen { get; init; }

    /// <summary>The end: by the data where that is known, otherwise when it was last seen; <see langword="null"/> while it is open.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>What identifies the problem regardless of time: the kind with the discriminator or, without one, the subject.</summary>
    public static string KeyOf(FindingObservation observation)
    {
        ArgumentNullException.ThrowIfNull(observation);
        var subject = observation.Subject;
        return observation.Discriminator.Length > 0
            ? string.Join('\u001f', observation.Kind.WireName(), observation.Discriminator)
            : string.Join('\u001f', observation.Kind.WireName(), subject.Source, subject.MetricType?.WireName(), subject.Name, subject.Measure);
    }

    /// <summary>The ID of a problem that was first seen at this time: the first 16 bytes of the SHA-256 hash of its key and the time, in hex.</summary>
    public static string IdOf(FindingObservation observation, DateTimeOffset firstSeen) =>
        Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(KeyOf(observation) + '\u001f' + firstSeen.ToMicroseconds().ToString(CultureInfo.InvariantCulture))).AsSpan(0, 16));
}
