using System.IO.Hashing;

namespace PerfPortal.Domain.Models.Health.Reading;

/// <summary>A part of a file whose CRC-32 is known.</summary>
/// <param name="Name">What it is, as people call it.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Length">The number of bytes, at least one.</param>
/// <param name="Crc">The CRC-32 of its bytes.</param>
internal readonly record struct PartChecksum(string Name, long Offset, long Length, uint Crc);

/// <summary>Compares parts of a file with their checksums while the file is read from its beginning to its end.</summary>
/// <param name="parts">The parts, in the order of the file; none overlaps the one before it.</param>
internal sealed class PartChecksums(IReadOnlyList<PartChecksum> parts)
{
    private readonly Crc32 _crc = new();
    private readonly List<PartChecksum> _wrong = [];
    private int _current;

    /// <summary>The parts, of those that were read to their end, that do not match.</summary>
    public IReadOnlyList<PartChecksum> Wrong => _wrong;

    /// <summary>Takes the next bytes of the file.</summary>
    /// <param name="piece">The bytes.</param>
    /// <param name="at">The position of the first of them.</param>
    public void Append(ReadOnlySpan<byte> piece, long at)
    {
        long end = at + piece.Length;
        while (_current < parts.Count && parts[_current] is var part && part.Offset < end)
        {
            int from = (int)Math.Max(0, part.Offset - at);
            int to = (int)Math.Min(piece.Length, part.Offset + part.Length - at);
            _crc.Append(piece[from..to]);
            if (part.Offset + part.Length > end)
            {
                return;
            }

            if (_crc.GetCurrentHashAsUInt32() != part.Crc)
            {
                _wrong.Add(part);
            }

            _crc.Reset();
            _current++;
        }
    }
}
