using System.Globalization;

namespace PerfPortal.Domain.Text;

/// <summary>
/// Formats numbers for display: 1,234 · 12.3 s · 2 m 05 s · 340 ms · 1.4 GiB · 98.7 %. A value that is unknown or not finite is "–".
/// Culture-independent. Chart axes use the same formats (<c>format</c> in charts/format.js).
/// </summary>
public static class Format
{
    /// <summary>The text for an unknown number.</summary>
    public const string None = "–";

    /// <summary>The factor above which a change is written as a factor instead of a percentage.</summary>
    private const double TimesFrom = 10;

    private const double Mebi = 1024 * 1024;
    private const double Gibi = 1024 * Mebi;

    private static readonly string[] ByteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>An integer: <c>1,234</c>.</summary>
    public static string Count(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? None;

    /// <summary>A computed count, rounded to an integer: <c>1,234</c>.</summary>
    public static string Count(double? value) => Known(value)?.ToString("N0", CultureInfo.InvariantCulture) ?? None;

    /// <summary>A number with three significant digits: <c>0.123</c>, <c>12.3</c>, <c>1,234</c>.</summary>
    public static string Number(double? value) => Known(value) is not { } v ? None : Math.Abs(v) switch
    {
        0 => "0",
        >= 99.95 => v.ToString("N0", CultureInfo.InvariantCulture),
        >= 9.995 => v.ToString("0.#", CultureInfo.InvariantCulture),
        >= 0.9995 => v.ToString("0.##", CultureInfo.InvariantCulture),
        >= 0.0005 => v.ToString("0.###", CultureInfo.InvariantCulture),
        _ => v.ToString("0.##E+0", CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// A number in full precision, up to six decimals, for configured values: <c>1,000</c>, <c>0.05</c>, <c>85 %</c>. The units
    /// <c>share</c> and <c>ratio</c> are omitted.
    /// </summary>
    public static string Exact(double value, string? unit = null) =>
        value.ToString("#,0.######", CultureInfo.InvariantCulture) + (unit is null or "" or "share" or "ratio" ? "" : " " + unit);

    /// <summary>A percentage given as 0–100: <c>98.7 %</c>.</summary>
    public static string Percent(double? value) => Known(value) is { } v ? Rounded(v, "0.#") + " %" : None;

    /// <summary>A share given as 0–1, as a percentage. Rounding never turns it into 0 % or 100 %.</summary>
    public static string Ratio(double? value) => Known(value) switch
    {
        null => None,
        > 0 and < 0.001 => "< 0.1 %",
        > 0.999 and < 1 => "> 99.9 %",
        { } v => Percent(v * 100),
    };

    /// <summary>A duration: <c>340 µs</c>, <c>340 ms</c>, <c>12.3 s</c>, <c>2 m 05 s</c>, <c>3 h 04 m</c>, <c>2 d 03 h</c>.</summary>
    public static string Duration(TimeSpan? value) => Seconds(value?.TotalSeconds);

    /// <summary>A duration given in seconds, in the format of <see cref="Duration"/>.</summary>
    public static string Seconds(double? value)
    {
        if (Known(value) is not { } v)
        {
            return None;
        }

        string sign = v < 0 ? "-" : "";
        v = Math.Abs(v);
        return sign + v switch
        {
            0 => "0 s",
            < 0.0009995 => $"{Number(v * 1e6)} µs",
            < 0.9995 => $"{Number(v * 1e3)} ms",
            < 59.95 => string.Create(CultureInfo.InvariantCulture, $"{v:0.0} s"),
            < 3599.5 => Pair(v, 60, 1, "m", "s"),
            < 86370 => Pair(v, 3600, 60, "h", "m"),
            _ => Pair(v, 86400, 3600, "d", "h"),
        };
    }

    /// <summary>A size in bytes, in powers of 1024: <c>1.4 GiB</c>.</summary>
    public static string Bytes(double? value)
    {
        if (Known(value) is not { } v)
        {
            return None;
        }

        int power = 0;
        while (Math.Abs(v) >= (power == 0 ? 1023.5 : 1023.95) && power < ByteUnits.Length - 1)
        {
            v /= 1024;
            power++;
        }

        return Rounded(v, power == 0 ? "0" : "0.#") + " " + ByteUnits[power];
    }

    /// <summary>A throughput in bytes per second: <c>12.3 MiB/s</c>.</summary>
    public static string BytesPerSecond(double? value) => Known(value) is null ? None : Bytes(value) + "/s";

    /// <summary>A rate per second: <c>12.3 /s</c>; low rates per minute or hour: <c>4 /min</c>, <c>2.5 /h</c>.</summary>
    public static string Rate(double? perSecond) => Known(perSecond) switch
    {
        null => None,
        0 => "0 /s",
        { } v when Math.Abs(v) >= 1 => Number(v) + " /s",
        { } v when Math.Abs(v) >= 1.0 / 60 => Number(v * 60) + " /min",
        { } v => Number(v * 3600) + " /h",
    };

    /// <summary>
    /// A relative change from the previous value, given as a ratio of −1 or more: <c>+12.5 %</c>, <c>−37.1 %</c>; above ten times the
    /// previous value as a factor, <c>12 times</c>.
    /// </summary>
    public static string Change(double? ratio)
    {
        if (Known(ratio) is not { } v)
        {
            return None;
        }

        if (v > TimesFrom - 1)
        {
            return Number(v + 1) + " times";
        }

        string text = Percent(Math.Abs(v) * 100);
        return text == Percent(0) ? text : (v < 0 ? "−" : "+") + text;
    }

    /// <summary>
    /// A value with its unit. Known units: <c>%</c>, <c>s</c>, <c>bytes</c>, <c>B</c>, <c>MiB</c>, <c>GiB</c>, <c>bytes/s</c>, <c>B/s</c>, <c>/s</c>,
    /// <c>share</c> (0–1, as a percentage) and <c>ratio</c> (a factor, <c>2.5 times</c>); sizes use the unit that fits their magnitude. Any other unit is
    /// appended to the number unchanged (<c>°C</c>, <c>W</c>, <c>tokens/s</c>).
    /// </summary>
    public static string Value(double? value, string? unit) => unit switch
    {
        "%" => Percent(value),
        "s" => Seconds(value),
        "bytes" or "B" => Bytes(value),
        "MiB" => Bytes(value * Mebi),
        "GiB" => Bytes(value * Gibi),
        "bytes/s" or "B/s" => BytesPerSecond(value),
        "/s" => Rate(value),
        "share" => Ratio(value),
        "ratio" => Known(value) is null ? None : Number(value) + " times",
        null or "" => Number(value),
        _ => Known(value) is null ? None : $"{Number(value)} {unit}",
    };

    /// <summary>Like <see cref="Value"/>, but with number and unit separate, for displaying a large number with a small unit.</summary>
    public static (string Number, string Unit) Split(double? value, string? unit)
    {
        string text = Value(value, unit);
        int space = text.LastIndexOf(' ');
        return space < 0 ? (text, "") : (text[..space], text[(space + 1)..]);
    }

    private static double? Known(double? value) => value is { } v && double.IsFinite(v) ? v : null;

    private static string Rounded(double value, string format)
    {
        string text = value.ToString(format, CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text;
    }

    private static string Pair(double seconds, int large, int small, string largeUnit, string smallUnit)
    {
        long whole = (long)Math.Round(seconds / small);
        int ratio = large / small;
        return string.Create(CultureInfo.InvariantCulture, $"{whole / ratio} {largeUnit} {whole % ratio:00} {smallUnit}");
    }
}
