using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace PerfPortal.Benchmarks.Workload.Models;

/// <summary>The content of a file: a head that is kept, then bytes that are calculated from a seed wherever they are read, so that a large file needs no memory.</summary>
/// <param name="head">The first bytes.</param>
/// <param name="tail">The number of bytes after the head, at least 0.</param>
/// <param name="seed">What the tail is calculated from.</param>
internal sealed class SeededBytes(byte[] head, long tail, ulong seed)
{
    // Every 16 bits become a small number in BF16 and in F16: random bits would contain NaN.
    private const ulong Kept = 0x80FF_80FF_80FF_80FF;
    private const ulong Set = 0x3C00_3C00_3C00_3C00;

    /// <summary>The length in bytes.</summary>
    public long Length => head.Length + tail;

    /// <summary>Reads bytes; the range must be within the content.</summary>
    public void Read(long offset, Span<byte> target)
    {
        if (offset < head.Length)
        {
            int count = (int)Math.Min(target.Length, head.Length - offset);
            head.AsSpan((int)offset, count).CopyTo(target);
            target = target[count..];
            offset += count;
        }

        long place = offset - head.Length;
        int skipped = (int)(place % sizeof(ulong));
        Span<byte> one = stackalloc byte[sizeof(ulong)];
        if (skipped > 0 && !target.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(one, Word(place / sizeof(ulong)));
            int count = Math.Min(target.Length, sizeof(ulong) - skipped);
            one.Slice(skipped, count).CopyTo(target);
            target = target[count..];
            place += count;
        }

        long index = place / sizeof(ulong);
        var words = MemoryMarshal.Cast<byte, ulong>(target);
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = Word(index++);
        }

        var rest = target[(words.Length * sizeof(ulong))..];
        if (!rest.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(one, Word(index));
            one[..rest.Length].CopyTo(rest);
        }
    }

    private ulong Word(long index) => (Chance.Mix(seed + ((ulong)index * Chance.Golden)) & Kept) | Set;
}
