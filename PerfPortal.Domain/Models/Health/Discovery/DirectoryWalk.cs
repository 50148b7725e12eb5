namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>One walk through directories, within bounds. Links to directories are not followed, so there are no circles.</summary>
/// <param name="maxDepth">The directories below each other that are looked into.</param>
/// <param name="maxFiles">The files of one model.</param>
/// <param name="list">Lists the entries of a directory; <see langword="null"/> for the disk's.</param>
/// <param name="mark">Reads the mark of a directory; <see langword="null"/> for the disk's.</param>
internal sealed class DirectoryWalk(int maxDepth, int maxFiles, Func<string, IEnumerable<FileSystemInfo>>? list = null, Func<string, DirectoryMark?>? mark = null)
{
    private const int MaxEntries = 100_000;

    // Of what is not accessible must be known that it was not seen.
    private static readonly EnumerationOptions Options = new() { IgnoreInaccessible = false, AttributesToSkip = 0 };

    private readonly Func<string, IEnumerable<FileSystemInfo>> _list = list ?? (directory => new DirectoryInfo(directory).EnumerateFileSystemInfos("*", Options));
    private readonly Func<string, DirectoryMark?> _mark = mark ?? DirectoryMark.Of;
    private readonly HashSet<string> _unseen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DirectoryMark?> _empty = new(StringComparer.Ordinal);

    /// <summary>The directories that were empty, with their marks; without one for what was another directory a moment later.</summary>
    public IReadOnlyDictionary<string, DirectoryMark?> Empty => _empty;

    /// <summary>The directories whose content the walk did not see: they could not be read or not wholly, or were missing.</summary>
    public IReadOnlySet<string> Unseen => _unseen;

    /// <summary>Notes a directory whose content is not seen.</summary>
    public void NoteUnseen(string directory) => _unseen.Add(Path.TrimEndingDirectorySeparator(directory));

    /// <summary>Directories and files of a directory, by name; empty when it cannot be read.</summary>
    public (IReadOnlyList<string> Directories, IReadOnlyList<string> Files) Entries(string directory)
    {
        List<string> directories = [];
        List<string> files = [];
        int entries = 0;
        try
        {
            foreach (var entry in _list(directory).Take(MaxEntries))
            {
                entries++;
                Add(entry, directories, files);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NoteUnseen(directory);
            return ([], []);
        }

        if (entries == MaxEntries)
        {
            NoteUnseen(directory);
        }
        else if (entries == 0)
        {
            NoteEmpty(directory);
        }

        directories.Sort(StringComparer.Ordinal);
        files.Sort(StringComparer.Ordinal);
        return (directories, files);
    }

    // The mark is that of the directory that was seen only if no disk was mounted there meanwhile.
    private void NoteEmpty(string directory)
    {
        try
        {
            var mark = _mark(directory);
            _empty[Path.TrimEndingDirectorySeparator(directory)] = _list(directory).Any() ? null : mark;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NoteUnseen(directory);
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

    // An entry that does not say what it is, such as the place of a disk that failed while it was mounted, hides none of the others.
    private void Add(FileSystemInfo entry, List<string> directories, List<string> files)
    {
        try
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            NoteUnseen(entry.FullName);
        }
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
