namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>Lists directories within bounds. Links to directories are not followed, so there are no circles.</summary>
/// <param name="maxDepth">The directories below each other that are looked into.</param>
/// <param name="maxFiles">The files of one model.</param>
internal sealed class DirectoryWalk(int maxDepth, int maxFiles)
{
    private const int MaxEntries = 100_000;

    private static readonly EnumerationOptions Options = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    /// <summary>Directories and files of a directory, by name; empty when it cannot be read.</summary>
    public static (IReadOnlyList<string> Directories, IReadOnlyList<string> Files) Entries(string directory)
    {
        List<string> directories = [];
        List<string> files = [];
        try
        {
            foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", Options).Take(MaxEntries))
            {
                bool isLink = entry.LinkTarget is not null;
                if (!entry.Attributes.HasFlag(FileAttributes.Directory) || (isLink && File.Exists(entry.FullName)))
                {
                    files.Add(entry.Name);
                }
                else if (!isLink)
                {
                    directories.Add(entry.Name);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ([], []);
        }

        directories.Sort(StringComparer.Ordinal);
        files.Sort(StringComparer.Ordinal);
        return (directories, files);
    }

    /// <summary>Whether there is a file, behind any links.</summary>
    public static bool Exists(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.Exists ?? File.Exists(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The files below a directory, as paths with <c>/</c>, at most so many as a model may have.</summary>
    /// <param name="root">The directory.</param>
    /// <param name="isLeftOut">Whether a directory below it is left out.</param>
    public IReadOnlyList<string> FilesBelow(string root, Func<string, bool>? isLeftOut = null)
    {
        List<string> found = [];
        Add(root, "", 0, isLeftOut, found);
        return found;
    }

    private void Add(string root, string path, int depth, Func<string, bool>? isLeftOut, List<string> found)
    {
        var (directories, files) = Entries(Path.Combine(root, path));
        found.AddRange(files.Select(name => path + name).Take(maxFiles - found.Count));
        foreach (string name in directories.Where(name => !FileKinds.IsSkipped(name)))
        {
            if (depth < maxDepth && found.Count < maxFiles && isLeftOut?.Invoke(Path.Combine(root, path + name)) != true)
            {
                Add(root, path + name + "/", depth + 1, isLeftOut, found);
            }
        }
    }
}
