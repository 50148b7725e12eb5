using PerfPortal.Domain.Models.Manifests;

namespace PerfPortal.Domain.Models.Health.Discovery;

/// <summary>Finds the models below directories.</summary>
/// <param name="maxDepth">The directories below each other that are looked into, at least 0.</param>
/// <param name="maxModels">The models found at most.</param>
/// <param name="maxFiles">The files of one model at most.</param>
internal sealed class ModelFinder(int maxDepth, int maxModels, int maxFiles)
{
    private const int MaxDirectories = 100_000;

    private readonly DirectoryWalk _walk = new(maxDepth, maxFiles);

    /// <summary>Finds models. A directory that does not exist or cannot be read has none.</summary>
    /// <returns>The models by name, and whether a bound left some out.</returns>
    public (IReadOnlyList<ModelLocation> Models, bool IsBounded) Find(IEnumerable<string> directories, CancellationToken cancellationToken)
    {
        var search = new Search(cancellationToken);
        foreach (string directory in directories.Select(Path.GetFullPath).Distinct(StringComparer.Ordinal).Where(Directory.Exists))
        {
            Visit(search, directory, Path.GetFileName(Path.TrimEndingDirectorySeparator(directory)), "", 0);
        }

        return ([.. search.Models.Values.OrderBy(model => model.Name, StringComparer.Ordinal)], search.IsBounded);
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
            search.Add(HubCache.Read(directory, _walk));
            return;
        }

        var (directories, files) = DirectoryWalk.Entries(directory);
        var extent = ExtentOf(directory, files);
        if (extent != Extent.None)
        {
            var own = extent switch
            {
                Extent.Everything => _walk.FilesBelow(directory),
                Extent.UpToOtherModels => _walk.FilesBelow(directory, IsModelItself),
                _ => [.. files.Take(maxFiles)],
            };
            search.Add(PlainModel.Read(path.Length == 0 ? name : path, directory, own));
        }

        foreach (string below in directories.Where(below => extent != Extent.Everything && !FileKinds.IsSkipped(below)))
        {
            string full = Path.Combine(directory, below);
            if (extent == Extent.UpToOtherModels && !IsModelItself(full))
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

    private static bool IsModelItself(string directory)
    {
        var (_, files) = DirectoryWalk.Entries(directory);
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

    private sealed class Search(CancellationToken cancellationToken)
    {
        public CancellationToken CancellationToken { get; } = cancellationToken;

        public Dictionary<string, ModelLocation> Models { get; } = new(StringComparer.Ordinal);

        public int Directories { get; set; }

        public bool IsBounded { get; set; }

        // Two models of the same name are told apart by their directories.
        public void Add(ModelLocation model)
        {
            if (!Models.TryAdd(model.Name, model))
            {
                Models.TryAdd(model.Directory, model with { Name = model.Directory });
            }
        }
    }
}
