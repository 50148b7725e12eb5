namespace PerfPortal.Server.Intake;

/// <summary>Finds the end of an object that is not valid JSON by its brackets, so that the rest of the array can be read.</summary>
internal static class JsonExtent
{
    private const int MaxDepth = 4096;

    /// <summary>Finds the end of the object that begins at an offset of an array.</summary>
    /// <param name="text">The array.</param>
    /// <param name="begin">The offset of the object's first bracket.</param>
    /// <param name="end">The offset after its last bracket.</param>
    /// <returns>
    /// <see langword="false"/> when the value is not an object, when its brackets do not match or are nested too deeply, or when neither a comma nor the end of the
    /// array follows: then a bracket or a quote is missing, and the start of the next item cannot be determined.
    /// </returns>
    public static bool TryFind(ReadOnlySpan<byte> text, int begin, out int end)
    {
        end = begin;
        if (text[begin] != '{')
        {
            return false;
        }

        Span<byte> open = stackalloc byte[MaxDepth];
        int depth = 0;
        var rest = text[begin..];
        do
        {
            int at = rest.IndexOfAny("[]{}\""u8);
            if (at < 0)
            {
                return false;
            }

            byte found = rest[at];
            rest = rest[(at + 1)..];
            switch (found)
            {
                case (byte)'"':
                    rest = AfterText(rest);
                    break;
                case (byte)'[' or (byte)'{':
                    if (depth == MaxDepth)
                    {
                        return false;
                    }

                    open[depth++] = found;
                    break;
                default:
                    // In ASCII a closing bracket is two after its opening one.
                    if (open[--depth] != found - 2)
                    {
                        return false;
                    }

                    break;
            }
        }
        while (depth > 0);

        end = text.Length - rest.Length;
        rest = rest.TrimStart(" \t\r\n"u8);
        return rest.Length > 0 && rest[0] is (byte)',' or (byte)']';
    }

    /// <summary>Returns what follows a text, given what follows its opening quote; empty if it has no closing quote.</summary>
    public static ReadOnlySpan<byte> AfterText(ReadOnlySpan<byte> text)
    {
        while (text.IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var at)
        {
            if (text[at] == '"')
            {
                return text[(at + 1)..];
            }

            text = text[Math.Min(text.Length, at + 2)..];
        }

        return [];
    }
}
