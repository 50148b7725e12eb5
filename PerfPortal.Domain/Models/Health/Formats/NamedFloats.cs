namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>Python writes NaN and infinities into JSON by their names; configurations of real models have them.</summary>
internal static class NamedFloats
{
    /// <summary>Replaces them outside strings by 0 and blanks, so that every byte keeps its place.</summary>
    public static void Blank(Span<byte> text)
    {
        if (text.IndexOfAny((byte)'N', (byte)'I') < 0)
        {
            return;
        }

        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case (byte)'"':
                    inString = !inString;
                    break;
                case (byte)'\\' when inString:
                    i++;
                    break;
                case (byte)'N' when !inString && text[i..].StartsWith("NaN"u8):
                    Replace(text.Slice(i, 3));
                    break;
                case (byte)'I' when !inString && text[i..].StartsWith("Infinity"u8):
                    Replace(text.Slice(i, 8));
                    break;
                default:
                    break;
            }
        }
    }

    private static void Replace(Span<byte> name)
    {
        name.Fill((byte)' ');
        name[0] = (byte)'0';
    }
}
