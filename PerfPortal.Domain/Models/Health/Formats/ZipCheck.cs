using System.Globalization;
using System.IO.Compression;
using System.IO.Hashing;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>Examines a zip archive: the directory, the local header of every entry, that entries lie one behind the other, and the checksum of small ones. Nothing is unpickled.</summary>
internal static class ZipCheck
{
    private const uint LocalSignature = 0x04034b50;
    private const int LocalSize = 30;
    private const int SmallEntry = 1024 * 1024;
    private const long MaxUnpacked = 256L * 1024 * 1024;

    /// <summary>Examines an archive.</summary>
    /// <param name="source">The file.</param>
    /// <param name="report">Gets what is found.</param>
    /// <param name="needed">The end of a name of which one entry must be there; <see langword="null"/> for none.</param>
    public static void Run(ByteSource source, StructureReport report, string? needed)
    {
        var directory = ZipDirectory.Read(source);
        long unpacked = 0;
        List<ZipEntry> wrong = [];
        bool hasChecksums = false;
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

            if ((long)entry.HeaderAt < last)
            {
                report.Add(HealthReasonKinds.Overlap, (long)entry.HeaderAt, null, $"The archive's entry '{entry.Name}' begins inside the one before it.");
            }

            last = Math.Max(last, content + (long)entry.Packed);
            if (entry.Size > 0 && entry.Size <= SmallEntry && (unpacked += (long)entry.Size) <= MaxUnpacked)
            {
                hasChecksums |= entry.Crc != 0;
                if (!IsIntact(source, content, entry))
                {
                    wrong.Add(entry);
                }
            }
        }

        if (hasChecksums)
        {
            wrong.ForEach(entry => report.Add(
                HealthReasonKinds.Checksum, (long)entry.HeaderAt, (long)entry.Packed, $"The content of the archive's entry '{entry.Name}' does not match its checksum."));
        }

        if (needed is not null && !directory.Entries.Any(entry => entry.Name.EndsWith(needed, StringComparison.Ordinal)))
        {
            report.Add(HealthReasonKinds.Missing, directory.Start, null, $"The archive has no entry '{needed}'.");
        }
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

        if (entry.Method is not (0 or 8) || (flags & 1) != 0 || (entry.Method == 0 && entry.Packed != entry.Size))
        {
            report.Add(HealthReasonKinds.Header, entry.DeclaredAt, null, $"The archive's entry '{entry.Name}' is encrypted, or stored in an unknown or contradictory way.");
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

    private static bool IsIntact(ByteSource source, long content, ZipEntry entry)
    {
        byte[] packed = new byte[(int)Math.Min(entry.Packed, SmallEntry * 2)];
        if ((ulong)packed.Length < entry.Packed)
        {
            return false;
        }

        source.Read(content, packed);
        if (entry.Method == 0)
        {
            return Crc32.HashToUInt32(packed) == entry.Crc;
        }

        try
        {
            byte[] size = new byte[(int)entry.Size + 1];
            using var stream = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
            int read = stream.ReadAtLeast(size, size.Length, throwOnEndOfStream: false);
            return read == (int)entry.Size && Crc32.HashToUInt32(size.AsSpan(0, read)) == entry.Crc;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
