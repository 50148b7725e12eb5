namespace PerfPortal.Domain.Models.Files;

/// <summary>What a path leads to, behind any links.</summary>
internal enum EntryKind
{
    /// <summary>Nothing.</summary>
    Missing,

    /// <summary>A regular file, which can be read to its end.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A named pipe: opening it blocks until another process opens the other end.</summary>
    Pipe,

    /// <summary>A socket.</summary>
    Socket,

    /// <summary>A device.</summary>
    Device,

    /// <summary>A link whose target does not exist.</summary>
    BrokenLink,

    /// <summary>A link that leads back to itself.</summary>
    CircularLink,

    /// <summary>The system does not say, mostly because a directory above may not be entered.</summary>
    Unknown,
}
