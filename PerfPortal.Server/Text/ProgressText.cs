using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Text;

/// <summary>Formats progress and throughput in the unit of an operation.</summary>
internal static class ProgressText
{
    /// <summary><c>1.2 of 4 GiB</c>, <c>3 of 12 files</c>, <c>420 files</c>; <see langword="null"/> without progress.</summary>
    public static string? Text(Progress? progress) => progress is not { } known
        ? null
        : known.Unit == "%" ? (known.Total is 100 ? null : Format.Percent(known.Done))
        : known.Total is { } total ? Of(known.Done, total, known.Unit) : Amount(known.Done, known.Unit);

    /// <summary><c>12.3 MiB/s</c>, <c>4 files/s</c>, <c>2.4 files/min</c>; a dash when unknown.</summary>
    public static string Rate(double? perSecond, string? unit)
    {
        if (perSecond is not { } rate || !double.IsFinite(rate))
        {
            return Format.None;
        }

        if (IsBytes(unit))
        {
            return Format.BytesPerSecond(rate);
        }

        bool isSlow = rate is > 0 and < 1;
        string number = Format.Number(isSlow ? rate * 60 : rate);
        string name = unit == "%" ? " %" : string.IsNullOrEmpty(unit) ? " " : $" {unit}";
        return $"{number}{name}/{(isSlow ? "min" : "s")}";
    }

    private static string Of(double done, double total, string? unit)
    {
        string whole = Amount(total, unit);
        string part = Amount(done, unit);
        int split = whole.LastIndexOf(' ');
        bool isSameUnit = split >= 0 && part.EndsWith(whole[split..], StringComparison.Ordinal);
        return $"{(isSameUnit ? part[..^(whole.Length - split)] : part)} of {whole}";
    }

    private static string Amount(double value, string? unit) => IsBytes(unit)
        ? Format.Bytes(value)
        : string.IsNullOrEmpty(unit) ? Format.Number(value) : $"{Format.Number(value)} {unit}";

    private static bool IsBytes(string? unit) => unit is "bytes" or "byte" or "B";
}
