using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Wire.Parameters;

/// <summary>The parameters of a time range: <c>from</c> and <c>to</c>, or <c>window</c>, each with an optional prefix, and <c>tz</c>.</summary>
internal sealed class RangeParameters : IParameters
{
    /// <summary>The last hour by default.</summary>
    public static readonly RangeParameters Hour = new(TimeSpan.FromHours(1));

    /// <summary>The last 24 hours by default.</summary>
    public static readonly RangeParameters Day = new(TimeSpan.FromHours(24));

    /// <summary>The last seven days by default.</summary>
    public static readonly RangeParameters Week = new(TimeSpan.FromDays(7));

    /// <summary>The last 90 days by default.</summary>
    public static readonly RangeParameters Quarter = new(TimeSpan.FromDays(90));

    /// <summary>The base of a comparison; by default the period before the compared range.</summary>
    public static readonly RangeParameters Base = new(TimeSpan.FromHours(24), "base_", "the base range", "Without base_from, base_to and base_window, the base is the period before the range, of the same length.");

    /// <summary>The time zone of every range in the request.</summary>
    public static readonly TextParameter TimeZone = new("tz", 60)
    {
        Description = "The IANA name of the time zone in which relative times are rounded; UTC when missing.",
        Example = "Europe/Berlin",
    };

    private RangeParameters(TimeSpan length, string prefix = "", string range = "the range", string? note = null)
    {
        Length = length;
        Prefix = prefix;
        string suffix = note ?? FormattableString.Invariant($"Without {prefix}from and {prefix}window, the range begins {(length.TotalHours == 1 ? "an hour" : $"{length.TotalHours:0} hours")} before its end.");
        From = new(prefix + "from", 60)
        {
            Description = $"The start of {range}, inclusive. {TimeRangeParser.Forms} {suffix}",
            Example = "now-24h",
        };
        To = new(prefix + "to", 60)
        {
            Description = $"The end of {range}, exclusive, in the forms of {prefix}from; now when missing.",
            Example = "now",
        };
        Window = new(prefix + "window", 20)
        {
            Description = $"The length of {range}, which then ends now; instead of {prefix}from and {prefix}to. {TimeRangeParser.WindowForms}",
            Example = "24h",
        };
    }

    /// <summary>The length of a range whose start is not given.</summary>
    public TimeSpan Length { get; }

    /// <summary>The prefix of the parameter names.</summary>
    public string Prefix { get; }

    /// <summary>The start.</summary>
    public TextParameter From { get; }

    /// <summary>The end.</summary>
    public TextParameter To { get; }

    /// <summary>The length, up to now.</summary>
    public TextParameter Window { get; }

    IEnumerable<Parameter> IParameters.Parameters => [From, To, Window, TimeZone];
}
