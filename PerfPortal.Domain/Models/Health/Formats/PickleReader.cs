using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using System.Text.Unicode;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Follows the instructions of a pickle (opcodes: CPython, <c>Lib/pickletools.py</c>) without carrying any out: nothing is imported, called or created. Placeholders stand for all objects but the
/// texts, numbers and names of types that describe storages, so that a pickle that no reader could follow is found, and the storages that it refers to are known.
/// </summary>
/// <param name="cursor">Where the pickle begins.</param>
/// <param name="maxItems">The maximum number of values.</param>
internal sealed partial class PickleReader(ByteCursor cursor, int maxItems = PickleStack.MaxItems)
{
    private const byte Stop = (byte)'.';
    private const int MaxLine = ByteCursor.MaxSpan;
    private const int MaxText = 256;

    // Long enough for all words that the format has, short enough that a million of them is little.
    private const int MaxKept = 24;
    private const int NewestProtocol = 5;

    private readonly PickleStack _stack = new(cursor, maxItems);
    private readonly byte[] _line = new byte[MaxLine];

    /// <summary>The storages that persistent ids refer to, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => _stack.Storages;

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
        return Utf8.IsValid(text) ? length <= MaxText ? Kept(text, Encoding.UTF8) : PickleStack.Plain
            : text.Contains((byte)0xed) ? PickleStack.Plain
            : throw Refuse(at, (long)length, $"The text of the pickle at byte {Format.Count(at)} is not valid UTF-8.");
    }

    private ulong ReadIndex()
    {
        long at = cursor.Position;
        return ulong.TryParse(ReadLine(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong index) ? index
            : throw Refuse(at, null, $"The index of the pickle at byte {Format.Count(at)} is not a number.");
    }

    /// <summary>A text as it is held: a longer one by its beginning and its hash, so that the same texts stay the same and others differ.</summary>
    private static string Kept(ReadOnlySpan<byte> text, Encoding encoding) =>
        text.Length <= MaxKept ? encoding.GetString(text) : string.Create(CultureInfo.InvariantCulture, $"{encoding.GetString(text[..(MaxKept - 17)])}…{XxHash3.HashToUInt64(text):x16}");

    /// <summary>Reads a line, valid until the next one.</summary>
    private ReadOnlySpan<byte> ReadLine()
    {
        long at = cursor.Position;
        for (int i = 0; i < MaxLine; i++)
        {
            byte next = cursor.ReadByte("line of a pickle");
            if (next == '\n')
            {
                return _line.AsSpan(0, i);
            }

            _line[i] = next;
        }

        throw Refuse(at, null, $"A line of the pickle at byte {Format.Count(at)} has no end.");
    }

    private string ReadName()
    {
        long at = cursor.Position;
        var line = ReadLine();
        return line.Length > 0 && Utf8.IsValid(line) ? Kept(line, Encoding.UTF8) : throw Refuse(at, line.Length, $"The pickle has no valid name at byte {Format.Count(at)}.");
    }

    private static MalformedException Refuse(long at, long? length, string sentence) => new(HealthReasonKinds.Header, at, length, sentence);
}
