using System.Globalization;
using System.Text;
using Xunit;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>Calls every documented operation with the documented example and compares the answer with the documented schema.</summary>
public sealed class AnswerContractTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Id = "018f2f6e-7c1a-7000-8000-000000000001";

    // What the portal finds, and what has a random id, is not there; the tests of those endpoints read them.
    private static readonly string[] MayBeMissing = ["recommendations/{id}", "findings/{id}", "alerts/{id}", "silences/{id}", "markers/{id}", "receivers/{id}", "rules/{id}", "downloads/{id}", "models/downloads", "models/checks", "models/repairs"];

    [Fact]
    public async Task Every_answer_has_the_documented_status_media_type_headers_and_members()
    {
        var contract = await Contract.OfAsync(portal);
        await FillAsync();
        var wrong = new List<string>();

        // Everything that is read at the end was reported before, and removed last.
        foreach (var operation in contract.Operations.OrderBy(operation => operation.Id switch { "StartOperation" => 0, "UpdateOperation" => 1, "GetOperation" => 2, "RemoveSource" => 4, _ => 3 })
            .Where(operation => operation.Id != "StreamChanges"))
        {
            wrong.AddRange((await CallAsync(contract, operation, operation.Path)).Select(mistake => $"{operation}: {mistake}"));
        }

        foreach (string format in new[] { "csv", "html", "markdown" })
        {
            wrong.AddRange((await CallAsync(contract, contract.Operation("GetReport"), contract.Operation("GetReport").Path + "?format=" + format)).Select(mistake => $"{format}: {mistake}"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Enough operations, failures and samples that lists, findings and statistics are not empty.</summary>
    private async Task FillAsync()
    {
        var ended = Enumerable.Range(0, 60).Select(i => SampleReports.Ended(
            "filled", ("duration_seconds", 40 + i), ("success", i % 3 != 0), ("error_type", i % 3 == 0 ? "timeout" : null), ("error_message", i % 3 == 0 ? "It took too long." : null)));
        (await portal.Client.PostAsync("operations/batch", ended.ToArray())).Expect(200);
        (await portal.Client.PostAsync("resources", new { source = "gpu-1", cpu_percent = 99.5, memory_percent = 40, disk_free_gb = 1 })).Expect(200);
    }

    private async Task<IReadOnlyList<string>> CallAsync(Contract contract, ContractOperation operation, string path)
    {
        path = path.Replace("{metric_type}", "model_operation", StringComparison.Ordinal).Replace("{id}", Id, StringComparison.Ordinal).Replace("{source}", "gpu-1", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(operation.Verb, path);
        if (operation.Json.TryGetProperty("requestBody", out var body))
        {
            request.Content = PortalClient.Bytes(Encoding.UTF8.GetBytes(contract.Members(body, "content")["application/json"].GetProperty("example").GetRawText()), "application/json");
        }

        if (contract.Parameters(operation.Json).ContainsKey("header If-Match"))
        {
            request.Headers.TryAddWithoutValidation("If-Match", "\"thresholds-0\"");
        }

        using var response = await portal.Client.Http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!contract.Members(operation.Json, "responses").TryGetValue(status, out var answer))
        {
            return [$"{status} is not documented: {text}"];
        }

        bool mayFail = MayBeMissing.Any(part => operation.Path.Contains(part, StringComparison.Ordinal));
        string mediaType = response.Content.Headers.ContentType?.MediaType ?? "";
        if (status[0] != '2' && !mayFail)
        {
            return [$"{status}: {text}"];
        }

        if (!contract.Members(answer, "content").TryGetValue(mediaType, out var media))
        {
            return [$"{status} is not documented as {mediaType}"];
        }

        var sent = response.Headers.Concat(response.Content.Headers).Select(header => header.Key);
        var missing = contract.Members(answer, "headers").Keys.Where(header => header != "Link").Except(sent);
        using var value = mediaType.EndsWith("/json", StringComparison.Ordinal) || mediaType.EndsWith("+json", StringComparison.Ordinal) ? System.Text.Json.JsonDocument.Parse(text) : System.Text.Json.JsonSerializer.SerializeToDocument(text);
        return [.. missing.Select(header => $"{header} is missing"), .. SchemaCheck.Mistakes(contract, media.GetProperty("schema"), value.RootElement)];
    }
}
