namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>The location of <c>/proc</c> and <c>/sys</c>: at the root, or below a directory (the root of a host mounted into a container, or a test directory).</summary>
/// <param name="Prefix">The path before <c>/proc</c> and <c>/sys</c>, without a trailing slash; empty for this system.</param>
internal sealed record LinuxRoot(string Prefix)
{
    /// <summary>This system.</summary>
    public static LinuxRoot Host { get; } = new("");

    /// <summary>Reads the size of a file system.</summary>
    public FileSystemSizeReader ReadSize { get; init; } = FileSystemSize.Of;

    /// <summary>Returns the actual path of an absolute path of the observed system.</summary>
    public string At(string absolutePath) => Prefix + absolutePath;

    /// <summary>Creates a kernel file of the observed system.</summary>
    /// <param name="absolutePath">The path on the observed system.</param>
    /// <param name="longLines">Whether it can contain lines of thousands of bytes.</param>
    public KernelFile File(string absolutePath, bool longLines = false) => new(At(absolutePath), absolutePath, longLines);
}
