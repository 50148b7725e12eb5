namespace PerfPortal.Server.Text;

/// <summary>Shortens long names in the middle: names often share a prefix, and the end tells them apart.</summary>
public static class MiddleCut
{
    /// <summary>The default maximum length, in characters.</summary>
    public const int MaxLength = 48;

    private const int MinLength = 5;

    /// <summary><c>mistral-7b-instru…-q4_k_m.gguf</c>; the text itself if it is short enough.</summary>
    /// <param name="text">The text.</param>
    /// <param name="max">The maximum number of characters, including the ellipsis; at least 5.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="max"/> is less than 5.</exception>
    public static string Of(string text, int max = MaxLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, MinLength);
        if (text.Length <= max)
        {
            return text;
        }

        int tail = (max - 1) / 2;
        int head = max - 1 - tail;
        int from = text.Length - tail;

        // Half of a surrogate pair is not a character.
        head -= char.IsHighSurrogate(text[head - 1]) ? 1 : 0;
        from += char.IsLowSurrogate(text[from]) ? 1 : 0;
        return string.Concat(text.AsSpan(0, head), "…", text.AsSpan(from));
    }

    /// <summary>A sentence whose long words, which are names, are shortened; the sentence itself if it has none.</summary>
    /// <param name="sentence">The sentence.</param>
    public static string Words(string sentence) => HasLongWord(sentence) ? string.Join(' ', sentence.Split(' ').Select(word => Of(word))) : sentence;

    /// <summary>The text for a tooltip if <see cref="Words"/> shortens it; otherwise <see langword="null"/>.</summary>
    /// <param name="sentence">The sentence.</param>
    public static string? WordsTitle(string sentence) => HasLongWord(sentence) ? sentence : null;

    /// <summary>The text for a tooltip if <see cref="Of"/> shortens it; otherwise <see langword="null"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="max">The maximum number of characters.</param>
    public static string? Title(string text, int max = MaxLength) => text.Length <= max ? null : text;

    private static bool HasLongWord(string sentence)
    {
        foreach (var word in sentence.AsSpan().Split(' '))
        {
            if (word.End.Value - word.Start.Value > MaxLength)
            {
                return true;
            }
        }

        return false;
    }
}
