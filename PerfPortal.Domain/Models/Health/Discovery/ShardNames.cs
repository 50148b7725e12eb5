using System.Globalization;
using System.Text.RegularExpressions;

namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>Models in several files number them: <c>model-00002-of-00005.safetensors</c>. One file tells the names of all.</summary>
internal static partial class ShardNames
{
    private const int MaxShards = 2_000;

    /// <summary>The names of all files of the set that a file belongs to; empty when it belongs to none.</summary>
    public static IEnumerable<string> SetOf(string path)
    {
        if (Pattern().Match(path) is not { Success: true } match || !int.TryParse(match.Groups["all"].ValueSpan, CultureInfo.InvariantCulture, out int all) || all is < 1 or > MaxShards)
        {
            yield break;
        }

        string format = "D" + match.Groups["one"].Length.ToString(CultureInfo.InvariantCulture);
        // Some writers count from 0.
        int first = int.Parse(match.Groups["one"].ValueSpan, CultureInfo.InvariantCulture) == 0 ? 0 : 1;
        for (int i = first; i < first + all; i++)
        {
            yield return string.Concat(path.AsSpan(0, match.Groups["one"].Index), i.ToString(format, CultureInfo.InvariantCulture), path.AsSpan(match.Groups["one"].Index + match.Groups["one"].Length));
        }
    }

    [GeneratedRegex(@"-(?<one>[0-9]{5})-of-(?<all>[0-9]{5})\.(safetensors|gguf|bin)$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
