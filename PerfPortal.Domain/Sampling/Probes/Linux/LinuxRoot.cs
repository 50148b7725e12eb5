namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Where a Linux system's <c>/proc</c> and <c>/sys</c> lie: at the top, or below a directory (a host's root mounted into a container, or a test's tree).</summary>
/// <param name="Prefix">What stands before <c>/proc</c> and <c>/sys</c>; empty for this system, else without a slash at the end.</param>
internal sealed record LinuxRoot(string Prefix)
{
    /// <summary>This system.</summary>
    public static LinuxRoot Host { get; } = new("");

    /// <summary>How the size of a file system is asked.</summary>
    public FileSystemSizeReader ReadSize { get; init; } = FileSystemSize.Of;

    /// <summary>The place of an absolute path of the system that is looked at.</summary>
    public string At(string absolutePath) => Prefix + absolutePath;

    /// <summary>A kernel file of that system, kept open.</summary>
    /// <param name="absolutePath">Its path.</param>
    /// <param name="longLines">Whether it may hold lines of thousands of bytes.</param>
    public KernelFile File(string absolutePath, bool longLines = false) => new(At(absolutePath), absolutePath, longLines);
}
