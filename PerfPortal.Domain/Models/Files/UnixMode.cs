namespace PerfPortal.Domain.Models.Files;

/// <summary>The mode of an entry as Unix systems state it.</summary>
internal static class UnixMode
{
    /// <summary>What the type bits of a mode mean.</summary>
    public static EntryKind KindOf(ushort mode) => (mode & 0xf000) switch
    {
        0x8000 => EntryKind.File,
        0x4000 => EntryKind.Directory,
        0x1000 => EntryKind.Pipe,
        0xc000 => EntryKind.Socket,
        0x2000 or 0x6000 => EntryKind.Device,
        _ => EntryKind.Unknown,
    };
}
