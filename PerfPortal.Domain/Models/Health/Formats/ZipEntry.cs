namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>An entry of a zip archive's central directory.</summary>
/// <param name="Name">The name, at most 80 characters.</param>
/// <param name="LastName">The name without directories, at most 80 characters.</param>
/// <param name="NameHash">The hash of the whole name.</param>
/// <param name="Flags">The general-purpose flags.</param>
/// <param name="Method">The compression: 0 stored, 8 deflated.</param>
/// <param name="Crc">The CRC-32 of the content.</param>
/// <param name="Packed">The bytes in the archive.</param>
/// <param name="Size">The bytes of the content.</param>
/// <param name="IsDirectory">Whether its attributes say that it is a directory.</param>
/// <param name="HeaderAt">The byte at which its local header begins.</param>
/// <param name="DeclaredAt">The byte of the central directory that declares it.</param>
internal readonly record struct ZipEntry(string Name, string LastName, ulong NameHash, ushort Flags, ushort Method, uint Crc, ulong Packed, ulong Size, bool IsDirectory, ulong HeaderAt, long DeclaredAt)
{
    /// <summary>The signature of an entry of the central directory.</summary>
    public const uint Signature = 0x02014b50;

    /// <summary>The size of such an entry without its variable parts.</summary>
    public const int FixedSize = 46;
}
