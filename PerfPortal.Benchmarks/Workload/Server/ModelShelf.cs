using System.Collections.Concurrent;
using PerfPortal.Benchmarks.Workload.Models;

namespace PerfPortal.Benchmarks.Workload.Server;

/// <summary>The versions of the models that are served. Older ones can still be downloaded by their commit. Thread-safe.</summary>
internal sealed class ModelShelf(int seed)
{
    /// <summary>The branch that has the newest version.</summary>
    public const string Main = "main";

    private readonly ConcurrentDictionary<string, ModelCommit> _main = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Repository, string Sha), ModelCommit> _commits = [];
    private readonly ConcurrentDictionary<string, ModelFile> _large = new(StringComparer.Ordinal);

    /// <summary>Generates a version and makes it the newest of its repository.</summary>
    public ModelCommit Publish(ServedModel model)
    {
        var commit = ModelCommit.Generate(model, seed);
        foreach (var file in commit.Files.Values.Where(file => file.IsLarge))
        {
            _large[file.Sha256] = file;
        }

        _commits[(model.Repository, commit.Sha)] = commit;
        _main[model.Repository] = commit;
        return commit;
    }

    /// <summary>Returns a version by branch or commit.</summary>
    public ModelCommit? Find(string repository, string revision) =>
        revision == Main ? _main.GetValueOrDefault(repository) : _commits.GetValueOrDefault((repository, revision));

    /// <summary>Returns a large file by its SHA-256.</summary>
    public ModelFile? FindLarge(string oid) => _large.GetValueOrDefault(oid);
}
