namespace PerfPortal.Domain.Operations;

/// <summary>Why reports of a program never reached the portal's figures.</summary>
public enum LossReason
{
    /// <summary>The portal could not be reached, and there was no more room to keep them.</summary>
    PortalUnreachable,

    /// <summary>They came faster than they could be sent, and there was no more room to keep them.</summary>
    BufferFull,

    /// <summary>The program could not encode them.</summary>
    NotEncodable,

    /// <summary>The portal found them invalid.</summary>
    Rejected,

    /// <summary>Something else, which the detail says.</summary>
    Other,
}

/// <summary>Names and limits of losses.</summary>
public static class LossReasons
{
    /// <summary>The maximum number of characters of a detail.</summary>
    public const int DetailCharacters = 500;

    /// <summary>The maximum number of lost operations, and of lost samples.</summary>
    public const long MaxReports = 1_000_000_000_000;

    /// <summary>The maximum age of a loss, s: a year.</summary>
    public const double MaxAgeSeconds = 31_536_000;

    private static readonly string[] Names = ["portal_unreachable", "buffer_full", "not_encodable", "rejected", "other"];

    /// <summary>The names on the wire, in the order of the values.</summary>
    public static IReadOnlyList<string> WireNames => Names;

    /// <summary>Returns the name on the wire.</summary>
    public static string WireName(this LossReason reason) => Names[(int)reason];

    /// <summary>Reads a name on the wire.</summary>
    public static bool TryParse(string? name, out LossReason reason) => (reason = (LossReason)Array.IndexOf(Names, name)) >= 0;
}
