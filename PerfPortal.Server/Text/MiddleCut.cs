namespace PerfPortal.Server.Text;

/// <summary>Shortens long names in the middle, because names often share their beginning and differ at their end.</summary>
public static class MiddleCut
{
    private const string Ellipsis = "…";

    /// <summary>Returns the text, or its beginning and end joined by an ellipsis if it is longer than <paramref name="max"/> characters.</summary>
    /// <param name="text">The text; <see langword="null"/> is returned as it is.</param>
    /// <param name="max">The largest length of the result, at least 3.</param>
    public static string? Of(string? text, int max = 48)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 3);
        if (text is null || text.Length <= max)
        {
            return text;
        }

        int head = max / 2;
        int tail = text.Length - (max - head - 1);
        if (char.IsLowSurrogate(text[head]))
        {
            head--;
        }

        if (char.IsLowSurrogate(text[tail]))
        {
            tail++;
        }

        return string.Concat(text.AsSpan(0, head), Ellipsis, text.AsSpan(tail));
    }
}
