using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Client;

public sealed class ExampleTests
{
    [Fact]
    public async Task The_program_of_the_document_reports_an_operation()
    {
        using var folder = new TemporaryFolder();
        await using var portal = await PortalProcess.StartAsync(folder.Path);
        await ExampleProgram.RunAsync([portal.Client.Http.BaseAddress!.ToString()]);
        var answer = (await portal.Client.GetAsync("metrics/download_operation?source=trainer-1")).Expect(200);
        var operation = Assert.Single(answer["items"].EnumerateArray());
        Assert.Equal(("my-model", "succeeded", 100), (operation.GetProperty("operation_name").GetString(), operation.GetProperty("status").GetString(), operation.GetProperty("progress").GetProperty("done").GetInt32()));
    }

    [Fact]
    public void The_document_shows_the_program_that_is_tested()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, "PerfPortal.Tests", "Client", "ExampleProgram.cs"));
        var body = lines.SkipWhile(line => !line.EndsWith("// begin", StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.EndsWith("// end", StringComparison.Ordinal));
        string program = string.Join('\n', body.Select(line => line.Length > 8 ? line[8..] : ""));
        string document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "client.md")).ReplaceLineEndings("\n");
        Assert.Contains(program, document, StringComparison.Ordinal);
        Assert.InRange(program.Split('\n').Count(line => line.Length > 0), 5, 15);
    }
}
