using System.Globalization;

namespace PerfPortal.Domain.Analysis;

/// <summary>Numbers in sentences, as people read them, in invariant culture.</summary>
internal static class Say
{
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 0.1 or 0 => value.ToString("0.##", CultureInfo.InvariantCulture),
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    public static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    public static string Seconds(double seconds) => seconds switch
    {
        < 0.001 => (seconds * 1e6).ToString("0", CultureInfo.InvariantCulture) + " µs",
        < 1 => (seconds * 1000).ToString("0.#", CultureInfo.InvariantCulture) + " ms",
        < 120 => seconds.ToString("0.#", CultureInfo.InvariantCulture) + " s",
        < 7200 => (seconds / 60).ToString("0.#", CultureInfo.InvariantCulture) + " min",
        _ => (seconds / 3600).ToString("0.#", CultureInfo.InvariantCulture) + " h",
    };

    public static string Speed(double bytesPerSecond) => bytesPerSecond switch
    {
        >= 1 << 20 => (bytesPerSecond / (1 << 20)).ToString("0.#", CultureInfo.InvariantCulture) + " MiB/s",
        >= 1 << 10 => (bytesPerSecond / (1 << 10)).ToString("0.#", CultureInfo.InvariantCulture) + " KiB/s",
        _ => bytesPerSecond.ToString("0", CultureInfo.InvariantCulture) + " B/s",
    };
}
