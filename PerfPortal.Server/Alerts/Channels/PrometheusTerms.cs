using System.Globalization;
using System.Text;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>Writes times, labels and fingerprints as Prometheus and Alertmanager do.</summary>
internal static class PrometheusTerms
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private const byte Separator = 255;

    /// <summary>A time: RFC 3339, UTC, milliseconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>The fingerprint of labels: 64 bits of FNV-1a over the sorted names and values, 16 hexadecimal digits.</summary>
    public static string Fingerprint(IReadOnlyDictionary<string, string> labels)
    {
        ulong hash = Offset;
        foreach (var (name, value) in labels.Select(label => (Encoding.UTF8.GetBytes(label.Key), Encoding.UTF8.GetBytes(label.Value))).OrderBy(label => label.Item1, ByteOrder))
        {
            foreach (byte part in (ReadOnlySpan<byte>)[.. name, Separator, .. value, Separator])
            {
                hash = (hash ^ part) * Prime;
            }
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>Labels as an Alertmanager accepts them: other characters of a name become underscores, and labels without a value are left out.</summary>
    public static SortedDictionary<string, string> Labels(IReadOnlyDictionary<string, string> labels)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in labels.Where(label => label.Value.Length > 0))
        {
            string valid = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));
            result.TryAdd(valid.Length == 0 || char.IsAsciiDigit(valid[0]) ? "_" + valid : valid, value);
        }

        return result;
    }

    private static readonly Comparer<byte[]> ByteOrder = Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other));
}
