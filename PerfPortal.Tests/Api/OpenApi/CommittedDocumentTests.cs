using System.Text;
using System.Text.Json;
using PerfPortal.Tests.Architecture;
using Xunit;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>
/// <c>docs/openapi.json</c> is what the portal serves, and no change may break a client of <c>Baseline.json</c>, the contract as last released.
/// With <c>PERFPORTAL_WRITE_OPENAPI=1</c> the first test writes the document instead of comparing it.
/// </summary>
public sealed class CommittedDocumentTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Variable = "PERFPORTAL_WRITE_OPENAPI";

    private static string DocumentPath => Path.Combine(Repository.Root, "docs", "openapi.json");

    private static string BaselinePath => Path.Combine(Repository.Root, "PerfPortal.Tests", "Api", "OpenApi", "Baseline.json");

    [Fact]
    public async Task The_committed_document_is_the_served_one()
    {
        string served = await ServedAsync();
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            await File.WriteAllTextAsync(DocumentPath, served, new UTF8Encoding(false), TestContext.Current.CancellationToken);
        }

        string committed = File.Exists(DocumentPath) ? await File.ReadAllTextAsync(DocumentPath, TestContext.Current.CancellationToken) : "";
        Assert.True(served == committed, $"docs/openapi.json is not what the portal serves. Run this test with {Variable}=1 to write it, and read the difference.");
    }

    [Fact]
    public async Task No_change_breaks_a_client_of_the_baseline()
    {
        var before = Contract.Parse(await File.ReadAllTextAsync(BaselinePath, TestContext.Current.CancellationToken));
        var breaks = ContractComparer.Breaks(before, Contract.Parse(await ServedAsync()));
        Assert.True(breaks.Count == 0, $"The change breaks clients ({Path.GetFileName(BaselinePath)} is the contract that they were written for):\n{string.Join('\n', breaks)}");
    }

    /// <summary>The document as the default address serves it, without carriage returns.</summary>
    private async Task<string> ServedAsync()
    {
        var answer = await portal.Client.SendAsync(HttpMethod.Get, "/openapi/v1.json", null, ("Host", "localhost:5080"));
        return answer.Expect(200).Text.ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
