using PerfPortal.Benchmarks.Workload.Models;
using PerfPortal.Benchmarks.Workload.Server;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>The programs of <c>docs/models/downloads.md</c> compile as they are, and do what the page says.</summary>
public sealed class DownloadDocumentTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "models", "downloads.md")).ReplaceLineEndings("\n");

    [Fact]
    public async Task The_example_of_a_file_loads_it()
    {
        byte[] content = DownloadBench.Random(10_000);
        await using var server = new OddServer(content);
        await using var bench = new DownloadBench();
        await DownloadExamples.LoadFileAsync([server.Url().ToString(), DownloadBench.Sha256(content), bench.Target]);
        Assert.Equal(content, await File.ReadAllBytesAsync(bench.PathOf("model.gguf"), DownloadBench.Token));
    }

    [Fact]
    public async Task The_example_of_a_repository_loads_it_and_reports_to_a_portal()
    {
        await using var hub = await LocalModelServer.StartAsync(
            new() { Models = [new("org/tiny", ModelFormat.Safetensors, 1)] }, DownloadBench.Token);
        await using var bench = new DownloadBench();
        await DownloadExamples.LoadRepositoryAsync(["http://127.0.0.1:9/", hub.Address.ToString(), "org/tiny", bench.Target]);
        string snapshot = Path.Join(bench.Target, "models--org--tiny", "snapshots", hub.CommitOf("org/tiny").Sha);
        Assert.All(hub.CommitOf("org/tiny").Files.Values, file => Assert.True(File.Exists(Path.Join(snapshot, file.Path))));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("repository")]
    public void The_page_has_the_programs_as_they_run_with_what_they_use(string name)
    {
        string source = File.ReadAllText(Path.Combine(Repository.Root, "PerfPortal.Tests", "Models", "Downloads", "DownloadExamples.cs")).ReplaceLineEndings("\n");
        string body = source.Split($"// begin {name}\n")[1].Split($"// end {name}")[0];
        string program = string.Join('\n', body.TrimEnd().Split('\n').Select(line => line.Length > 8 ? line[8..] : ""));
        string snippet = Assert.Single(Page.Split("```csharp\n").Skip(1).Select(part => part.Split("\n```")[0]), part => part.EndsWith(program, StringComparison.Ordinal));
        string[] usings = snippet[..^program.Length].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(usings, line => Assert.Contains("\n" + line + "\n", "\n" + source));

        // The namespaces of what the program names, which its project does not import by itself.
        (string Type, string Namespace)[] needed =
        [
            ("SafeDefaults", "Advice"), ("PortalClient", "Client"), ("ModelDownloader", "Models.Downloads"), ("DownloadException", "Models.Downloads.Errors"),
            ("HuggingFaceLayout", "Models.Downloads.Hub"), ("PerformanceTracker", "Tracking"),
        ];
        Assert.Equal(
            needed.Where(one => program.Contains(one.Type, StringComparison.Ordinal)).Select(one => $"using PerfPortal.Domain.{one.Namespace};"), usings);
    }
}
