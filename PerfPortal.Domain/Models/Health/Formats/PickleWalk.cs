using System.Globalization;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Goes over the instructions of a pickle up to its end without carrying any out (opcodes: CPython, <c>Lib/pickletools.py</c>): only their lengths matter.
/// </summary>
internal static class PickleWalk
{
    private const byte Stop = (byte)'.';
    private const int MaxLine = ByteCursor.MaxSpan;

    /// <summary>Goes to the byte after the pickle at the cursor.</summary>
    /// <exception cref="MalformedException">An instruction does not exist, or the file ends before the pickle does.</exception>
    public static void SkipOne(ByteCursor cursor)
    {
        while (true)
        {
            long at = cursor.Position;
            byte code = cursor.ReadByte("pickle");
            if (code == Stop)
            {
                return;
            }

            switch ((char)code)
            {
                case '(' or ')' or '0' or '1' or '2' or ']' or '}' or 'N' or 'Q' or 'R' or 'a' or 'b' or 'd' or 'e' or 'l' or 'o' or 's' or 't' or 'u' or '\x81' or '\x85' or '\x86' or '\x87' or '\x88'
                    or '\x89' or '\x8f' or '\x90' or '\x91' or '\x92' or '\x93' or '\x94' or '\x97' or '\x98':
                    break;
                case 'K' or 'h' or 'q' or '\x80' or '\x82':
                    cursor.Skip(1, "pickle");
                    break;
                case 'M' or '\x83':
                    cursor.Skip(2, "pickle");
                    break;
                case 'J' or 'j' or 'r' or '\x84':
                    cursor.Skip(4, "pickle");
                    break;
                case 'G' or '\x95':
                    cursor.Skip(8, "pickle");
                    break;
                case 'U' or 'C' or '\x8c' or '\x8a':
                    cursor.Skip(cursor.ReadByte("pickle"), "text of a pickle");
                    break;
                case 'T' or 'B' or 'X' or '\x8b':
                    cursor.Skip(cursor.ReadUInt32("pickle"), "text of a pickle");
                    break;
                case '\x8d' or '\x8e' or '\x96':
                    cursor.Skip(cursor.ReadUInt64("pickle"), "text of a pickle");
                    break;
                case 'I' or 'L' or 'F' or 'S' or 'V' or 'P' or 'g' or 'p':
                    SkipLine(cursor);
                    break;
                case 'c' or 'i':
                    SkipLine(cursor);
                    SkipLine(cursor);
                    break;
                default:
                    throw new MalformedException(HealthReasonKinds.Header, at, 1, string.Create(CultureInfo.InvariantCulture, $"The pickle has the unknown instruction 0x{code:x2} at byte {at:N0}."));
            }
        }
    }

    private static void SkipLine(ByteCursor cursor)
    {
        long at = cursor.Position;
        for (int i = 0; i < MaxLine; i++)
        {
            if (cursor.ReadByte("line of a pickle") == '\n')
            {
                return;
            }
        }

        throw new MalformedException(HealthReasonKinds.Header, at, null, $"A line of the pickle at byte {Format.Count(at)} has no end.");
    }
}
