using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// Makes the strings of texts that come again and again only once: names, sources, metadata keys, short values. Found by their
/// UTF-8 bytes, so that a known text is never decoded. Bounded: so many texts of so many bytes each; an old one makes room for one
/// that came twice, and one that came only once never enters, so a flood of different texts neither fills the table nor empties it.
/// Safe for use by many threads; reading takes no lock, and a lost write costs no more than one string.
/// </summary>
public sealed class SharedTexts
{
    private readonly Entry?[] _entries;
    private readonly int[] _seenOnce;
    private readonly int _mask;
    private readonly int _maxBytes;

    /// <summary>Makes an empty table.</summary>
    /// <param name="places">How many texts it holds at most, a power of two of at least 2.</param>
    /// <param name="maxBytes">UTF-8 bytes of the longest text that is shared; longer ones are made anew each time.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="places"/> is no power of two, or 1.</exception>
    public SharedTexts(int places, int maxBytes)
    {
        if (!BitOperations.IsPow2(places) || places < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(places), places, "The table needs a power of two of places.");
        }

        _entries = new Entry?[places];
        _seenOnce = new int[places];
        _mask = places - 1;
        _maxBytes = maxBytes;
    }

    /// <summary>How many texts are held; for measurements, since it counts.</summary>
    public int Count => _entries.Count(entry => entry is not null);

    /// <summary>The text of these bytes.</summary>
    /// <param name="utf8">Valid UTF-8; other bytes come back as U+FFFD.</param>
    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length == 0)
        {
            return "";
        }

        if (utf8.Length > _maxBytes)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        int hash = Hash(utf8);
        int place = hash & _mask;
        return Find(place, hash, utf8) ?? Find(place ^ 1, hash, utf8) ?? Add(place, hash, utf8);
    }

    private string? Find(int place, int hash, ReadOnlySpan<byte> utf8) =>
        Volatile.Read(ref _entries[place]) is { } entry && entry.Hash == hash && utf8.SequenceEqual(entry.Utf8) ? entry.Text : null;

    private string Add(int place, int hash, ReadOnlySpan<byte> utf8)
    {
        string text = Encoding.UTF8.GetString(utf8);
        if (_seenOnce[place] != hash)
        {
            _seenOnce[place] = hash;
            return text;
        }

        // Of two full places the one that a bit of the hash picks: no bookkeeping, and no text keeps another out for ever.
        int target = _entries[place] is null ? place : _entries[place ^ 1] is null ? place ^ 1 : place ^ ((hash >> 30) & 1);
        Volatile.Write(ref _entries[target], new(hash, utf8.ToArray(), text));
        return text;
    }

    /// <summary>Eight bytes at a time, multiplied and folded. Texts made to collide only miss the table; it stays as large as it is.</summary>
    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        const ulong Odd = 0x9E37_79B9_7F4A_7C15;
        ulong hash = (ulong)utf8.Length * Odd;
        while (utf8.Length >= 8)
        {
            hash = BitOperations.RotateLeft((hash ^ BinaryPrimitives.ReadUInt64LittleEndian(utf8)) * Odd, 29);
            utf8 = utf8[8..];
        }

        ulong rest = 0;
        for (int i = 0; i < utf8.Length; i++)
        {
            rest = (rest << 8) | utf8[i];
        }

        hash = (hash ^ rest) * Odd;
        return (int)(hash >> 32) ^ (int)(hash >> 17);
    }

    private sealed record Entry(int Hash, byte[] Utf8, string Text);
}
