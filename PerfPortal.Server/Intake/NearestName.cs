namespace PerfPortal.Server.Intake;

/// <summary>Finds the name that was probably meant by a mistyped one.</summary>
internal static class NearestName
{
    private const int MaxCharacters = 64;
    private const int MinPrefix = 3;

    /// <summary>Returns the most similar of some names, or <see langword="null"/> when none is similar. Case, underscores and hyphens make no difference.</summary>
    /// <param name="given">The mistyped name.</param>
    /// <param name="known">The names; of one such as <c>scope.source</c> only the part after the dot is compared.</param>
    public static string? Find(string given, IEnumerable<string> known)
    {
        string wanted = Plain(given);
        if (wanted.Length is 0 or > MaxCharacters)
        {
            return null;
        }

        var names = known.Select(name => (Name: name, Plain: Plain(name[(name.LastIndexOf('.') + 1)..]))).ToList();
        int most = Math.Min(Math.Clamp(wanted.Length / 3, 1, 3), wanted.Length - 1);
        string? best = names.Select(name => (name.Name, Distance: Distance(wanted, name.Plain))).Where(name => name.Distance <= most).OrderBy(name => name.Distance).Select(name => name.Name).FirstOrDefault();
        if (best is not null)
        {
            return best;
        }

        // Of "window" and "keep_firing_for", the unit is missing.
        return names.Where(name => wanted.Length >= MinPrefix && (name.Plain.StartsWith(wanted, StringComparison.Ordinal) || (name.Plain.Length >= MinPrefix && wanted.StartsWith(name.Plain, StringComparison.Ordinal))))
            .OrderBy(name => Math.Abs(name.Plain.Length - wanted.Length)).Select(name => name.Name).FirstOrDefault();
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>The number of letters to insert, remove, replace or swap with the next one.</summary>
    private static int Distance(string one, string other)
    {
        int[] before = [];
        int[] last = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int[] next = new int[other.Length + 1];
            next[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                bool isSame = one[i - 1] == other[j - 1];
                next[j] = Math.Min(Math.Min(last[j], next[j - 1]) + 1, last[j - 1] + (isSame ? 0 : 1));
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    next[j] = Math.Min(next[j], before[j - 2] + 1);
                }
            }

            (before, last) = (last, next);
        }

        return last[^1];
    }
}
