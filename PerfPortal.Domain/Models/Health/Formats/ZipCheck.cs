using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>Examines a zip archive: the directory, the local header of every entry, that entries lie one behind the other, and the checksum of small ones. Nothing is unpickled.</summary>
internal static class ZipCheck
{
    private const uint LocalSignature = 0x04034b50;
    private const int LocalSize = 30;
    private const int BufferSize = 64 * 1024;
    private const int SmallEntry = 1024 * 1024;
    private const ulong MaxUnpacked = 256UL * 1024 * 1024;

    // Deflate cannot make more bytes of one.
    private const int MaxRatio = 1_032;

    /// <summary>Examines an archive.</summary>
    /// <param name="source">The file.</param>
    /// <param name="report">Gets what is found.</param>
    /// <param name="needed">The names, without directories, of which one entry must have one; none for any archive.</param>
    public static void Run(ByteSource source, StructureReport report, params ReadOnlySpan<string> needed)
    {
        var directory = ZipDirectory.Read(source);
        ulong unpacked = 0;
        long last = 0;
        var names = new HashSet<ulong>();
        foreach (var entry in directory.Entries.OrderBy(entry => entry.HeaderAt))
        {
            if (!names.Add(entry.NameHash))
            {
                report.Add(HealthReasonKinds.Header, entry.DeclaredAt, null, $"The archive has the entry '{entry.Name}' twice.");
            }

            if (ContentOf(source, directory, entry, report) is not { } content)
            {
                continue;
            }

            bool isApart = (long)entry.HeaderAt >= last;
            if (!isApart)
            {
                report.Add(HealthReasonKinds.Overlap, (long)entry.HeaderAt, null, $"The archive's entry '{entry.Name}' begins inside the one before it.");
            }

            last = Math.Max(last, content + (long)entry.Packed);
            if (entry.Crc == 0)
            {
                CheckWithoutChecksum(source, content, entry);
            }
            else if (entry.Method == 0 && (entry.Size > SmallEntry || entry.Size > MaxUnpacked - unpacked))
            {
                if (isApart)
                {
                    report.Parts.Add(new(entry.Name, content, (long)entry.Size, entry.Crc));
                }
            }
            else if (entry.Size <= MaxUnpacked - unpacked)
            {
                unpacked += entry.Size;
                if (!IsIntact(source, content, entry))
                {
                    Report(entry.Name, (long)entry.HeaderAt, (long)entry.Packed, report);
                }
            }
        }

        if (!needed.IsEmpty && !HasOneOf(needed, directory))
        {
            report.Add(HealthReasonKinds.Missing, directory.Start, null, $"The archive has no entry '{needed[0]}'.");
        }
    }

    /// <summary>Reports parts that were too large to be read by <see cref="Run"/> and do not match their checksums.</summary>
    public static void Report(IReadOnlyList<PartChecksum> wrong, StructureReport report)
    {
        foreach (var part in wrong)
        {
            Report(part.Name, part.Offset, part.Length, report);
        }
    }

    private static void Report(string entry, long at, long length, StructureReport report) =>
        report.Add(HealthReasonKinds.Checksum, at, length, $"The content of the archive's entry '{entry}' does not match its checksum.");

    private static bool HasOneOf(ReadOnlySpan<string> names, ZipDirectory directory)
    {
        foreach (var entry in directory.Entries)
        {
            if (names.Contains(entry.LastName))
            {
                return true;
            }
        }

        return false;
    }

    private static long? ContentOf(ByteSource source, ZipDirectory directory, ZipEntry entry, StructureReport report)
    {
        if (entry.HeaderAt > (ulong)directory.Start || (ulong)directory.Start - entry.HeaderAt < LocalSize)
        {
            report.Add(HealthReasonKinds.OutOfFile, entry.DeclaredAt, null, $"The archive's entry '{entry.Name}' lies outside the archive.");
            return null;
        }

        using var cursor = new ByteCursor(source, (long)entry.HeaderAt, directory.Start);
        bool isHeader = cursor.ReadUInt32("local header") == LocalSignature;
        cursor.Skip(2, "local header");
        ushort flags = cursor.ReadUInt16("local header");
        ushort method = cursor.ReadUInt16("local header");
        cursor.Skip(4, "local header");
        uint crc = cursor.ReadUInt32("local header");
        ulong packed = cursor.ReadUInt32("local header");
        ulong size = cursor.ReadUInt32("local header");
        int nameLength = cursor.ReadUInt16("local header");
        int extraLength = cursor.ReadUInt16("local header");
        bool sameName = isHeader && XxHash3.HashToUInt64(cursor.Take(nameLength, "local header")) == entry.NameHash;
        // With flag 3 the sizes follow the content; at their maximum they are in a zip64 field.
        bool isDeferred = (flags & 8) != 0;
        bool sameSizes = isDeferred || (crc == entry.Crc && (packed == entry.Packed || packed == 0xffff_ffff) && (size == entry.Size || size == 0xffff_ffff));
        if (!isHeader || !sameName || !sameSizes || flags != entry.Flags || method != entry.Method)
        {
            report.Add(
                HealthReasonKinds.Contradiction, (long)entry.HeaderAt, LocalSize, $"The local header of the archive's entry '{entry.Name}' is not what the directory says.");
            return null;
        }

        if (entry.Method is not (0 or 8) || (flags & 1) != 0 || (entry.Method == 0 && entry.Packed != entry.Size) || (entry.IsDirectory && entry.Size > 0) || entry.Size / MaxRatio > entry.Packed)
        {
            report.Add(HealthReasonKinds.Header, entry.DeclaredAt, null, $"The archive's entry '{entry.Name}' is encrypted, a directory with content, or stored in an unknown or contradictory way.");
            return null;
        }

        cursor.Skip((ulong)extraLength, "local header");
        if (entry.Packed > (ulong)cursor.Remaining)
        {
            report.Add(
                HealthReasonKinds.OutOfFile, entry.DeclaredAt, null,
                string.Create(CultureInfo.InvariantCulture, $"The archive's entry '{entry.Name}' has {entry.Packed:N0} bytes, and only {cursor.Remaining:N0} follow its header."));
            return null;
        }

        return cursor.Position;
    }

    // PyTorch 2 can leave checksums out.
    private static void CheckWithoutChecksum(ByteSource source, long content, ZipEntry entry)
    {
        if (entry is { Method: 0, Size: > 0 } && entry.LastName.EndsWith(".pkl", StringComparison.Ordinal))
        {
            using var cursor = new ByteCursor(source, content, content + (long)entry.Size);
            new PickleReader(cursor).Read();
        }
    }

    private static bool IsIntact(ByteSource source, long content, ZipEntry entry)
    {
        using Stream packed = new SourceStream(source, content, (long)entry.Packed);
        using var stream = entry.Method == 0 ? packed : new DeflateStream(packed, CompressionMode.Decompress);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var crc = new Crc32();
        try
        {
            ulong done = 0;
            for (int read; done <= entry.Size && (read = stream.Read(buffer)) > 0; done += (uint)read)
            {
                crc.Append(buffer.AsSpan(0, read));
            }

            return done == entry.Size && crc.GetCurrentHashAsUInt32() == entry.Crc;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
