using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Models.Health;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Client;

/// <summary>The programs of the documents compile with the <c>using</c> lines that stand above them, and run from top to bottom.</summary>
public sealed class DocumentExamplesTests
{
    [Fact]
    public async Task The_programs_of_the_documents_run_in_order()
    {
        using var folder = new TemporaryFolder();
        string model = Path.Combine(folder.Path, "models", "org", "model");
        Directory.CreateDirectory(model);
        string data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(model, "m.gguf"), SmallFiles.Gguf(), TestContext.Current.CancellationToken);
        await using var portal = await PortalProcess.StartAsync(data);
        string address = portal.Client.Http.BaseAddress!.ToString();
        await HealthExample.RunAsync([address, Path.Combine(folder.Path, "models"), Path.Combine(folder.Path, "state"), "org/model"]);
        await AdviceExample.RunAsync([address]);
        var check = Assert.Single((await portal.Client.GetAsync("metrics/health_check?source=trainer-1")).Expect(200)["items"].EnumerateArray());
        Assert.Equal(("org/model", "full"), (check.GetProperty("operation_name").GetString(), check.GetProperty("metadata").GetProperty("check").GetString()));
        var download = Assert.Single((await portal.Client.GetAsync("metrics/download_operation?source=trainer-1")).Expect(200)["items"].EnumerateArray());
        Assert.Equal(("default", 4), (download.GetProperty("metadata").GetProperty("advice").GetString(), download.GetProperty("metadata").GetProperty("connections").GetInt32()));
    }

    [Theory]
    [InlineData("HealthExample.cs", "models/health.md")]
    [InlineData("AdviceExample.cs", "advice.md")]
    [InlineData("ExampleProgram.cs", "client.md")]
    public void The_document_shows_the_program_with_all_it_uses(string file, string document)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "PerfPortal.Tests", "Client", file));
        var usings = lines.Where(line => line.StartsWith("using ", StringComparison.Ordinal));
        var body = lines.SkipWhile(line => !line.EndsWith("// begin", StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.EndsWith("// end", StringComparison.Ordinal));
        string program = string.Join('\n', [.. usings, "", .. body.Select(line => line.Length > 8 ? line[8..] : "")]);
        Assert.Contains(
            "```csharp\n" + program + "\n```", File.ReadAllText(Path.Combine([Repository.Root, "docs", .. document.Split('/')])).ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
