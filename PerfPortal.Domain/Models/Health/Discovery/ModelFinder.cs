using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;

namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>Finds the models below directories.</summary>
/// <param name="maxDepth">The directories below each other that are looked into, at least 0.</param>
/// <param name="maxModels">The models found at most.</param>
/// <param name="maxFiles">The files of one model at most.</param>
/// <param name="list">Lists the entries of a directory; <see langword="null"/> for the disk's.</param>
/// <param name="mark">Reads the mark of a directory; <see langword="null"/> for the disk's.</param>
internal sealed class ModelFinder(int maxDepth, int maxModels, int maxFiles, Func<string, IEnumerable<FileSystemInfo>>? list = null, Func<string, DirectoryMark?>? mark = null)
{
    private const int MaxDirectories = 100_000;

    private readonly Func<string, DirectoryMark?> _mark = mark ?? DirectoryMark.Of;

    /// <summary>Finds models. A directory that does not exist or cannot be read has none, and is among the unseen ones.</summary>
    public FoundModels Find(IEnumerable<string> directories, CancellationToken cancellationToken)
    {
        var search = new Search(new(maxDepth, maxFiles, list, mark), cancellationToken);
        foreach (string directory in directories.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal))
        {
            search.Root = Path.TrimEndingDirectorySeparator(directory);
            if (Directory.Exists(directory))
            {
                Visit(search, directory, Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)), "", 0);
            }
            else
            {
                search.Walk.NoteUnseen(directory);
            }
        }

        return new([.. search.Models.Values.OrderBy(model => model.Name, StringComparer.Ordinal)], search.IsBounded, search.Walk.Unseen, search.Failures) { Empty = search.Walk.Empty };
    }

    private void Visit(Search search, string directory, string name, string path, int depth)
    {
        search.CancellationToken.ThrowIfCancellationRequested();
        if (search.Models.Count >= maxModels || ++search.Directories > MaxDirectories)
        {
            search.IsBounded = true;
            return;
        }

        if (HubCache.Is(directory))
        {
            search.Describe(directory, () => Marked(HubCache.Read(directory, search.Walk), search.Root));
            return;
        }

        var (directories, files) = search.Walk.Entries(directory);
        var extent = ExtentOf(directory, files);
        if (extent != Extent.None)
        {
            var own = extent switch
            {
                Extent.Everything => search.Walk.FilesBelow(directory),
                Extent.UpToOtherModels => search.Walk.FilesBelow(directory, below => IsModelItself(search, below)),
                _ => [.. files.Take(maxFiles)],
            };
            search.Describe(directory, () => Marked(PlainModel.Read(path.Length == 0 ? name : path, directory, own), search.Root));
        }

        foreach (string below in directories.Where(below => extent != Extent.Everything && !FileKinds.IsSkipped(below)))
        {
            string full = Path.Combine(directory, below);
            if (extent == Extent.UpToOtherModels && !IsModelItself(search, full))
            {
                continue;
            }

            if (depth < maxDepth)
            {
                Visit(search, full, below, path.Length == 0 ? below : path + "/" + below, depth + 1);
            }
            else
            {
                search.IsBounded = true;
            }
        }
    }

    private ModelLocation Marked(ModelLocation model, string root) => model with { Marks = MarkedDirectory.Between(model.Directory, root, _mark) };

    private static bool IsModelItself(Search search, string directory)
    {
        var (_, files) = search.Walk.Entries(directory);
        return HubCache.Is(directory) || (files.Contains("config.json") && files.Any(FileKinds.IsWeights)) || ExtentOf(directory, files) == Extent.Everything;
    }

    private static Extent ExtentOf(string directory, IReadOnlyList<string> files)
    {
        if (files.Any(name => name != "manifest.json" && FileKinds.IsIndex(name)) || File.Exists(Path.Combine(directory, ModelManifest.RelativePath)))
        {
            return Extent.Everything;
        }

        if (files.Contains("config.json"))
        {
            return Extent.UpToOtherModels;
        }

        return files.Any(name => FileKinds.IsWeights(FileKinds.FinalOf(name) ?? name)) ? Extent.OwnFiles : Extent.None;
    }

    /// <summary>How far a model reaches below its directory.</summary>
    private enum Extent
    {
        /// <summary>There is no model.</summary>
        None,

        /// <summary>Weights alone: only the files of the directory itself.</summary>
        OwnFiles,

        /// <summary>A configuration: everything except directories that are models themselves.</summary>
        UpToOtherModels,

        /// <summary>A manifest or an index of parts: everything.</summary>
        Everything,
    }

    private sealed class Search(DirectoryWalk walk, CancellationToken cancellationToken)
    {
        public DirectoryWalk Walk { get; } = walk;

        public string Root { get; set; } = "";

        public List<(string Directory, Exception Reason)> Failures { get; } = [];

        public CancellationToken CancellationToken { get; } = cancellationToken;

        public Dictionary<string, ModelLocation> Models { get; } = new(StringComparer.Ordinal);

        public int Directories { get; set; }

        public bool IsBounded { get; set; }

        // One model that cannot be described, for whatever lies in its directory, must not hide the others.
        public void Describe(string directory, Func<ModelLocation> read)
        {
            try
            {
                var model = read();
                if (model.Reasons.Any(reason => reason is { File: ModelManifest.RelativePath, Kind: HealthReasonKinds.Unreadable }))
                {
                    // Without its manifest it may go by another name.
                    Walk.NoteUnseen(directory);
                }

                Add(model);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Walk.NoteUnseen(directory);
                Failures.Add((directory, exception));
            }
        }

        // Two models of the same name are told apart by their directories.
        private void Add(ModelLocation model)
        {
            if (!Models.TryAdd(model.Name, model))
            {
                Models.TryAdd(model.Directory, model with { Name = model.Directory });
            }
        }
    }
}
