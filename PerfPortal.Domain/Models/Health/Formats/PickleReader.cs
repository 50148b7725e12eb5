using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Follows the instructions of a pickle (opcodes: CPython, <c>Lib/pickletools.py</c>) without carrying any out: nothing is imported, called or created. Placeholders stand for all objects but the
/// texts, numbers and names of types that describe storages, so that a pickle that no reader could follow is found, and the storages that it refers to are known.
/// </summary>
internal sealed partial class PickleReader(ByteCursor cursor)
{
    private const byte Stop = (byte)'.';
    private const int MaxLine = ByteCursor.MaxSpan;
    private const int MaxKept = 256;
    private const int NewestProtocol = 5;

    private readonly PickleStack _stack = new(cursor);

    /// <summary>The storages that persistent ids refer to, by key.</summary>
    public Dictionary<string, TorchStorage> Storages { get; } = new(StringComparer.Ordinal);

    /// <summary>The short texts that were added to lists, in order.</summary>
    public IReadOnlyList<string> Listed => _stack.Listed;

    /// <summary>Whether a persistent id refers to something that PyTorch does not have.</summary>
    public bool HasOtherIds { get; private set; }

    /// <summary>Reads up to the byte after the pickle at the cursor.</summary>
    /// <returns>What the pickle is: a number, a text or a placeholder.</returns>
    /// <exception cref="MalformedException">An instruction does not exist or has nothing to work on, or the file ends before the pickle does.</exception>
    public object Read()
    {
        _stack.Clear();
        while (true)
        {
            long at = cursor.Position;
            byte code = cursor.ReadByte("pickle");
            if (code == Stop)
            {
                return _stack.Pop();
            }

            if (!ReadValue((char)code) && !ReadContainer((char)code) && !ReadCall((char)code))
            {
                throw Refuse(at, 1, string.Create(CultureInfo.InvariantCulture, $"The pickle has the unknown instruction 0x{code:x2} at byte {at:N0}."));
            }
        }
    }

    private bool Push(object value)
    {
        _stack.Push(value);
        return true;
    }

    private bool Skip(ulong length)
    {
        cursor.Skip(length, "value of a pickle");
        return Push(PickleStack.Plain);
    }

    private object ReadLong(byte length)
    {
        var bytes = cursor.Take(length, "number of a pickle");
        if (length is 0 or > sizeof(long))
        {
            return PickleStack.Plain;
        }

        Span<byte> whole = stackalloc byte[sizeof(long)];
        whole.Fill((bytes[^1] & 0x80) == 0 ? (byte)0 : (byte)0xff);
        bytes.CopyTo(whole);
        return BinaryPrimitives.ReadInt64LittleEndian(whole);
    }

    private object ReadText(ulong length)
    {
        long at = cursor.Position;
        if (length > ByteCursor.MaxSpan)
        {
            cursor.Skip(length, "text of a pickle");
            return PickleStack.Plain;
        }

        var text = cursor.Take((int)length, "text of a pickle");
        // Python writes lone surrogates, which are no UTF-8 and begin with this byte.
        return Utf8.IsValid(text) ? length <= MaxKept ? Encoding.UTF8.GetString(text) : PickleStack.Plain
            : text.Contains((byte)0xed) ? PickleStack.Plain
            : throw Refuse(at, (long)length, $"The text of the pickle at byte {Format.Count(at)} is not valid UTF-8.");
    }

    private ulong ReadIndex()
    {
        long at = cursor.Position;
        return ulong.TryParse(ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong index) ? index
            : throw Refuse(at, null, $"The index of the pickle at byte {Format.Count(at)} is not a number.");
    }

    private string ReadLine(bool isName = false)
    {
        long at = cursor.Position;
        Span<byte> kept = stackalloc byte[MaxKept];
        for (int i = 0; i < MaxLine; i++)
        {
            byte next = cursor.ReadByte("line of a pickle");
            if (next == '\n')
            {
                kept = kept[..Math.Min(i, MaxKept)];
                return !isName || (i > 0 && Utf8.IsValid(kept)) ? Encoding.UTF8.GetString(kept) : throw Refuse(at, i, $"The pickle has no valid name at byte {Format.Count(at)}.");
            }

            if (i < MaxKept)
            {
                kept[i] = next;
            }
        }

        throw Refuse(at, null, $"A line of the pickle at byte {Format.Count(at)} has no end.");
    }

    private static MalformedException Refuse(long at, long? length, string sentence) => new(HealthReasonKinds.Header, at, length, sentence);
}
