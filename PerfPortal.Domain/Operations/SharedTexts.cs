using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// Interns frequent strings: names, sources, metadata keys, short values. Lookup is by UTF-8 bytes, so a known string is not decoded
/// again. Bounded in entries and in bytes per entry. A string is added on its second occurrence and can replace an old one, so a
/// flood of unique strings neither fills nor flushes the table. Thread-safe; reads take no lock, and a lost write costs one string.
/// </summary>
public sealed class SharedTexts
{
    private readonly Entry?[] _entries;
    private readonly int[] _seenOnce;
    private readonly int _mask;
    private readonly int _maxBytes;

    /// <summary>Creates an empty table.</summary>
    /// <param name="places">The capacity, a power of two of at least 2.</param>
    /// <param name="maxBytes">The maximum size of an interned string, in UTF-8 bytes; longer strings are created each time.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="places"/> is 1 or not a power of two.</exception>
    public SharedTexts(int places, int maxBytes)
    {
        if (!BitOperations.IsPow2(places) || places < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(places), places, "The capacity must be a power of two and at least 2.");
        }

        _entries = new Entry?[places];
        _seenOnce = new int[places];
        _mask = places - 1;
        _maxBytes = maxBytes;
    }

    /// <summary>The number of entries. Counts them on each call; meant for measurements.</summary>
    public int Count => _entries.Count(entry => entry is not null);

    /// <summary>Returns the string for these bytes.</summary>
    /// <param name="utf8">UTF-8 text; invalid bytes become U+FFFD.</param>
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

        // When both slots are full, a hash bit selects one: no bookkeeping, and no string can block another forever.
        int target = _entries[place] is null ? place : _entries[place ^ 1] is null ? place ^ 1 : place ^ ((hash >> 30) & 1);
        Volatile.Write(ref _entries[target], new(hash, utf8.ToArray(), text));
        return text;
    }

    /// <summary>Multiplies and folds eight bytes at a time. Crafted collisions only cause misses; the table does not grow.</summary>
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
