using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Models.Manifests;
using PerfPortal.Domain.Models.Repair;
using PerfPortal.Tests.Models.Files;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

/// <summary>Entries of a model's directory that are no files are told, and never waited for.</summary>
public sealed class OddEntryTests : IDisposable
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private readonly ModelFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public OddEntryTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has all of them.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_no_file_is_found_with_its_reason_and_makes_a_model_incomplete_if_it_needs_it()
    {
        new ModelManifest { Files = [new() { Path = "notes" }, new() { Path = "config.json" }] }.Write(Directory.CreateDirectory(At("")).FullName);
        _folder.Write("m/config.json", "{}");
        OddEntry.Pipes(At("model.safetensors"), At("control"), At("notes"));
        OddEntry.Socket(At("server"));
        Link("weights.gguf", "control");
        Link("tokenizer.json", "/dev/zero");
        Link("vocab.txt", "none");
        Link("a", "b");
        Link("b", "a");
        var health = await _folder.Monitor().CheckAsync("m", full: true, Token).WaitAsync(Hang, Token);
        Assert.Equal(
            [
                "a unreadable Warning This is a link that leads in a circle.",
                "b unreadable Warning This is a link that leads in a circle.",
                "control unreadable Warning This is a named pipe, not a file.",
                "model.safetensors missing Error This is a named pipe, not a file.",
                "notes missing Error This is a named pipe, not a file; the manifest says that it belongs to the model.",
                "server unreadable Warning This is a socket, not a file.",
                "tokenizer.json missing Error This is a device, not a file.",
                "vocab.txt missing Error This is a link to a file that does not exist.",
                "weights.gguf missing Error This is a named pipe, not a file.",
            ],
            health.Reasons.Select(reason => $"{reason.File} {reason.Kind} {reason.Severity} {reason.Sentence}").Order(StringComparer.Ordinal));
        Assert.Equal((HealthState.Incomplete, 1, 5), (health.State, health.Files, health.FilesMissing));
        Assert.Equal(5, health.Repair!.Steps.Count);

        foreach (string name in new[] { "model.safetensors", "notes", "tokenizer.json", "vocab.txt", "weights.gguf" })
        {
            File.Delete(At(name));
        }

        await File.WriteAllTextAsync(At("notes"), "x", Token);
        health = await _folder.Monitor().CheckAsync("m", full: true, Token).WaitAsync(Hang, Token);
        Assert.Equal((HealthState.Healthy, 1.0, 4), (health.State, health.IntegrityScore!.Value, health.Reasons.Count));
    }

    [Fact]
    public async Task Pipes_in_the_places_of_what_describes_models_hide_no_model()
    {
        _folder.Write("m/a.gguf", SmallFiles.Gguf());
        _folder.Write("n/b.gguf.part", "GGUF");
        string repository = Path.Combine(_folder.Models, "models--org--name");
        _folder.Write("models--org--name/snapshots/abc/config.json", "{}");
        OddEntry.Pipes(
            At(ModelManifest.RelativePath), At("SHA256SUMS"), At(".cache/huggingface/download/a.gguf.metadata"), Path.Combine(_folder.Models, "n", "b.gguf.part.json"), Path.Combine(repository, "refs", "main"));
        var models = await Task.Run(() => new ModelFinder(8, 100, 1_000).Find([_folder.Models], Token).Models, Token).WaitAsync(Hang, Token);
        Assert.Equal(["m", "n", "org/name"], models.Select(model => model.Name));
        var reason = Assert.Single(models[0].Reasons);
        Assert.Equal((ModelManifest.RelativePath, "This is a named pipe, not a file."), (reason.File, reason.Sentence));
        Assert.EndsWith("abc", models[2].Directory, StringComparison.Ordinal);
        await Task.Run(() => new FileOrigins(At(""), null), Token).WaitAsync(Hang, Token);
        Assert.Null(await Task.Run(() => PartJournal.Read(Path.Combine(_folder.Models, "n", "b.gguf"), null), Token).WaitAsync(Hang, Token));
    }

    [Fact]
    public async Task A_file_that_a_pipe_replaced_since_the_search_is_not_waited_for()
    {
        string file = _folder.WriteBlocks("m/model.bin", 2);
        var monitor = _folder.Monitor();
        await monitor.CheckAsync("m", full: true, Token);
        OddEntry.Pipes(file);
        var health = await monitor.Start("m", full: true, Token).Completion.WaitAsync(Hang, Token);
        Assert.Equal((HealthState.Unknown, "The file vanished while the model was checked."), (health.State, Assert.Single(health.Reasons).Sentence));
    }

    private string At(string name) => Path.Combine(_folder.Models, "m", name);

    private void Link(string name, string target) => File.CreateSymbolicLink(At(name), target);
}
