using System.Globalization;

namespace PerfPortal.Server.Controls;

/// <summary>The colour of a source: always the same one of the six chart colours, on every page and in every chart.</summary>
public static class SourceColor
{
    private const int Colors = 6;
    private const int MaxDigits = 6;
    private const uint HashStart = 2166136261;
    private const uint HashFactor = 16777619;

    /// <summary>
    /// Returns the CSS variable of a source's colour, such as <c>--chart-3</c>. It depends only on the name: a hash (FNV-1a) of its text, to which a number at
    /// its end is added, so that numbered sources differ from their neighbours.
    /// </summary>
    public static string Variable(string source)
    {
        int end = source.Length;
        while (end > 0 && source.Length - end < MaxDigits && char.IsAsciiDigit(source[end - 1]))
        {
            end--;
        }

        uint hash = HashStart;
        foreach (char letter in source.AsSpan(0, end))
        {
            hash = unchecked((hash ^ letter) * HashFactor);
        }

        uint number = uint.TryParse(source.AsSpan(end), NumberStyles.None, CultureInfo.InvariantCulture, out uint parsed) ? parsed : 0;

        // The low bits of the hash alone would repeat for texts that differ in their last letter only.
        return "--chart-" + (char)('1' + ((((hash ^ (hash >> 16)) % Colors) + number) % Colors));
    }
}
