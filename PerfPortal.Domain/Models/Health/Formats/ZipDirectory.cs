using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The central directory of a zip archive (PKWARE APPNOTE 6.3, 4.3.12–4.3.16), zip64 included. Memory is bounded by the entries that are really there.</summary>
internal sealed class ZipDirectory
{
    private const int MaxEntries = 200_000;
    private const int EndSize = 22;
    private const uint DirectoryAttribute = 0x10;
    private const int MaxComment = 65_535;
    private const uint EndSignature = 0x06054b50;
    private const uint LocatorSignature = 0x07064b50;
    private const uint End64Signature = 0x06064b50;

    private ZipDirectory(List<ZipEntry> entries, long start) => (Entries, Start) = (entries, start);

    /// <summary>The entries, in the order of the directory.</summary>
    public IReadOnlyList<ZipEntry> Entries { get; }

    /// <summary>The byte at which the directory begins.</summary>
    public long Start { get; }

    /// <summary>Reads the directory.</summary>
    /// <exception cref="MalformedException">There is none, or it is not valid.</exception>
    public static ZipDirectory Read(ByteSource source)
    {
        long endAt = FindEnd(source);
        using var end = new ByteCursor(source, endAt + 4, source.Length);
        ushort disk = end.ReadUInt16("end record");
        ushort startDisk = end.ReadUInt16("end record");
        ulong here = end.ReadUInt16("end record");
        ulong count = end.ReadUInt16("end record");
        ulong size = end.ReadUInt32("end record");
        ulong start = end.ReadUInt32("end record");
        ushort comment = end.ReadUInt16("end record");
        long tail = endAt;
        if (ReadEnd64(source, endAt) is { } large)
        {
            // A field of the short record that is not at its maximum is valid itself, and must agree.
            if ((count != 0xffff && count != large.Count) || (size != 0xffff_ffff && size != large.Size) || (start != 0xffff_ffff && start != large.Start))
            {
                throw Refuse(HealthReasonKinds.Contradiction, endAt, "The end record and the zip64 end record of the archive contradict each other.");
            }

            (count, here, size, start, tail) = (large.Count, large.Count, large.Size, large.Start, large.At);
        }

        if (disk is not (0 or 0xffff) || startDisk is not (0 or 0xffff) || here != count || end.Remaining != comment)
        {
            throw Refuse(HealthReasonKinds.Header, endAt, "The end record of the archive is not valid.");
        }

        if (start > (ulong)tail || size != (ulong)tail - start)
        {
            throw Refuse(
                HealthReasonKinds.OutOfFile, endAt, string.Create(CultureInfo.InvariantCulture, $"The archive says that its directory has {size:N0} bytes from byte {start:N0}; it should end at byte {tail:N0}."));
        }

        if (count > size / ZipEntry.FixedSize || count > MaxEntries)
        {
            throw Refuse(HealthReasonKinds.Header, endAt, string.Create(CultureInfo.InvariantCulture, $"The archive says that it has {count:N0} entries, too many for a directory of {size:N0} bytes."));
        }

        return new(ReadEntries(source, (long)start, tail, (int)count), (long)start);
    }

    private static List<ZipEntry> ReadEntries(ByteSource source, long start, long end, int count)
    {
        List<ZipEntry> entries = [];
        using var cursor = new ByteCursor(source, start, end);
        for (int i = 0; i < count; i++)
        {
            entries.Add(ReadEntry(cursor));
        }

        return cursor.Remaining == 0
            ? entries
            : throw Refuse(HealthReasonKinds.Header, cursor.Position, string.Create(CultureInfo.InvariantCulture, $"The archive's directory has {cursor.Remaining:N0} bytes after its last entry."));
    }

    private static ZipEntry ReadEntry(ByteCursor cursor)
    {
        long at = cursor.Position;
        if (cursor.ReadUInt32("directory entry") != ZipEntry.Signature)
        {
            throw Refuse(HealthReasonKinds.Header, at, $"There is no directory entry of the archive at byte {Format.Count(at)}.");
        }

        cursor.Skip(4, "directory entry");
        ushort flags = cursor.ReadUInt16("directory entry");
        ushort method = cursor.ReadUInt16("directory entry");
        cursor.Skip(4, "directory entry");
        uint crc = cursor.ReadUInt32("directory entry");
        ulong packed = cursor.ReadUInt32("directory entry");
        ulong size = cursor.ReadUInt32("directory entry");
        int nameLength = cursor.ReadUInt16("directory entry");
        int extraLength = cursor.ReadUInt16("directory entry");
        int commentLength = cursor.ReadUInt16("directory entry");
        ushort disk = cursor.ReadUInt16("directory entry");
        cursor.Skip(2, "directory entry");
        bool isDirectory = (cursor.ReadUInt32("directory entry") & DirectoryAttribute) != 0;
        ulong headerAt = cursor.ReadUInt32("directory entry");
        if (nameLength == 0)
        {
            throw Refuse(HealthReasonKinds.Header, at, $"The directory entry of the archive at byte {Format.Count(at)} has no name.");
        }

        if (disk is not (0 or 0xffff))
        {
            throw Refuse(HealthReasonKinds.Header, at, $"The directory entry of the archive at byte {Format.Count(at)} refers to another archive.");
        }

        var name = cursor.Take(nameLength, "name of an entry");
        string shown = Names.Show(name);
        string last = name.Contains((byte)'/') ? Names.Show(name[(name.LastIndexOf((byte)'/') + 1)..]) : shown;
        ulong hash = XxHash3.HashToUInt64(name);
        ReadExtra(cursor.Take(extraLength, "extra field of an entry"), ref size, ref packed, ref headerAt, at);
        cursor.Skip((ulong)commentLength, "comment of an entry");
        return new(shown, last, hash, flags, method, crc, packed, size, isDirectory, headerAt, at);
    }

    private static void ReadExtra(ReadOnlySpan<byte> extra, ref ulong size, ref ulong packed, ref ulong headerAt, long at)
    {
        while (extra.Length >= 4)
        {
            ushort id = BinaryPrimitives.ReadUInt16LittleEndian(extra);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
            {
                throw Refuse(HealthReasonKinds.Header, at, $"An extra field of the archive's entry at byte {Format.Count(at)} is longer than its place.");
            }

            if (id == 1)
            {
                var values = extra.Slice(4, length);
                Enlarge(ref size, ref values, at);
                Enlarge(ref packed, ref values, at);
                Enlarge(ref headerAt, ref values, at);
            }

            extra = extra[(4 + length)..];
        }
    }

    private static void Enlarge(ref ulong field, ref ReadOnlySpan<byte> values, long at)
    {
        if (field != 0xffff_ffff)
        {
            return;
        }

        if (values.Length < 8)
        {
            throw Refuse(HealthReasonKinds.Header, at, $"The zip64 field of the archive's entry at byte {Format.Count(at)} is too short.");
        }

        field = BinaryPrimitives.ReadUInt64LittleEndian(values);
        values = values[8..];
    }

    private static (ulong Count, ulong Size, ulong Start, long At)? ReadEnd64(ByteSource source, long endAt)
    {
        const int LocatorSize = 20;
        const int End64Size = 56;
        if (endAt < LocatorSize + End64Size)
        {
            return null;
        }

        using var locator = new ByteCursor(source, endAt - LocatorSize, endAt);
        if (locator.ReadUInt32("zip64 locator") != LocatorSignature)
        {
            return null;
        }

        bool isOne = locator.ReadUInt32("zip64 locator") == 0;
        ulong at = locator.ReadUInt64("zip64 locator");
        if (!isOne || locator.ReadUInt32("zip64 locator") > 1)
        {
            throw Refuse(HealthReasonKinds.Header, endAt - LocatorSize, "The zip64 locator of the archive refers to other archives.");
        }

        if (at > (ulong)(endAt - LocatorSize - End64Size))
        {
            throw Refuse(HealthReasonKinds.OutOfFile, endAt - LocatorSize, "The zip64 locator of the archive points outside it.");
        }

        using var end = new ByteCursor(source, (long)at, endAt - LocatorSize);
        if (end.ReadUInt32("zip64 end record") != End64Signature || end.ReadUInt64("zip64 end record") != (ulong)(endAt - LocatorSize) - at - 12)
        {
            throw Refuse(HealthReasonKinds.Header, (long)at, $"There is no valid zip64 end record of the archive at byte {Format.Count(at)}.");
        }

        end.Skip(4, "zip64 end record");
        bool isAlone = end.ReadUInt64("zip64 end record") == 0;
        ulong here = end.ReadUInt64("zip64 end record");
        ulong count = end.ReadUInt64("zip64 end record");
        return isAlone && here == count
            ? (count, end.ReadUInt64("zip64 end record"), end.ReadUInt64("zip64 end record"), (long)at)
            : throw Refuse(HealthReasonKinds.Header, (long)at, "The zip64 end record of the archive is not valid.");
    }

    private static long FindEnd(ByteSource source)
    {
        long start = Math.Max(0, source.Length - EndSize - MaxComment);
        byte[] tail = new byte[source.Length - start];
        int read = source.Read(start, tail);
        for (int i = read - EndSize; i >= 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(i)) == EndSignature)
            {
                return start + i;
            }
        }

        throw new MalformedException(HealthReasonKinds.Truncated, source.Length, null, "The archive has no end record: the file was cut off or is damaged at its end.");
    }

    private static MalformedException Refuse(string kind, long at, string sentence) => new(kind, at, null, sentence);
}
