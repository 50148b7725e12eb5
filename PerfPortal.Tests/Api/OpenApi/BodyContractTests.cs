using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>Sends bodies at and beyond the limits that the document states: the validators and the document must agree.</summary>
public sealed class BodyContractTests
{
    [Fact]
    public async Task Every_documented_limit_of_a_body_is_the_one_that_is_checked()
    {
        // The examples are old, and old operations are rejected unless retention is long enough.
        await using var portal = await PortalFactory.StartAsync(("MetricsRetentionHours", "1000000"));
        var contract = await Contract.OfAsync(portal);
        var wrong = new List<string>();
        int tried = 0;
        foreach (var operation in contract.Operations.Where(operation => operation.Json.TryGetProperty("requestBody", out _)))
        {
            var media = contract.Members(operation.Json.GetProperty("requestBody"), "content")["application/json"];
            var schema = contract.Resolve(media.GetProperty("schema"));
            schema = schema.TryGetProperty("oneOf", out var choices) ? contract.Resolve(choices[0]) : schema;
            var example = media.GetProperty("example");
            bool isArray = schema.TryGetProperty("items", out var items);
            foreach (var variant in BodyVariants.Of(contract, isArray ? items : schema, example.ValueKind == JsonValueKind.Array ? example[0] : example))
            {
                tried++;
                bool isTaken = await IsTakenAsync(portal, operation, variant, isArray);
                if (isTaken != variant.IsGood && !DependsOnTime(operation, variant))
                {
                    wrong.Add($"{operation}: {variant.Pointer} {(variant.IsGood ? "refused" : "taken")}: {Short(variant.Body.ToJsonString())}");
                }
            }
        }

        Assert.True(tried > 300, $"{tried} bodies were tried.");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>An operation that has just started cannot have run for the longest duration.</summary>
    private static bool DependsOnTime(ContractOperation operation, BodyVariant variant) => operation.Id == "CompleteOperation" && variant.Pointer == "/duration_seconds" && variant.IsGood;

    private static async Task<bool> IsTakenAsync(PortalFactory portal, ContractOperation operation, BodyVariant variant, bool isArray)
    {
        string path = operation.Path;
        if (path.Contains("/operations/{id}", StringComparison.Ordinal))
        {
            var started = (await portal.Client.PostAsync("operations", new { metric_type = "model_operation", operation_name = "limits" })).Expect(201);
            path = path.Replace("{id}", started["id"].GetString(), StringComparison.Ordinal);
        }

        if (variant.Body is JsonObject body && body["id"] is JsonValue id && Guid.TryParse(id.ToString(), out _))
        {
            body["id"] = Guid.NewGuid().ToString();
        }

        (string, string)[] headers = operation.Id == "ChangeThresholds"
            ? [("If-Match", (await portal.Client.GetAsync("settings/thresholds")).Headers.ETag!.ToString())]
            : operation.Id is "ChangeReceiver" or "ChangeAlertRule" ? [("If-Match", "\"another\"")]
            : [];
        using var content = PortalClient.Json(isArray ? new JsonArray(variant.Body) : variant.Body);
        var answer = await portal.Client.SendAsync(operation.Verb, path.Replace("{id}", "none", StringComparison.Ordinal), content, headers);

        // A repository is asked for at a hub that is not there, once the body is found to be valid.
        Assert.True(answer.Code is < 300 or 400 or 404 || (answer.Code == 502 && operation.Id == "StartModelDownload"), $"{operation} {variant.Pointer}: {answer.Code} {answer.Text}");
        if (operation.Id is "AddReceiver" or "AddAlertRule" && answer.Code == 201)
        {
            // Names are unique, and there is a limit to their number.
            (await portal.Client.SendAsync(HttpMethod.Delete, $"{path}/{answer["id"].GetString()}", null)).Expect(204);
        }

        return operation.Id == "ReportOperations" ? answer["rejected"].GetArrayLength() == 0 : answer.Code != 400;
    }

    private static string Short(string text) => text.Length <= 300 ? text : text[..300] + "…";
}
