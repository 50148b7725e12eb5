using System.Globalization;
using System.Text;
using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>Sends parameter values that the document allows, and values that it excludes: the readers and the document must agree.</summary>
public sealed class ParameterContractTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public async Task Every_documented_parameter_is_read_within_its_documented_bounds()
    {
        (await portal.Client.SendAsync(HttpMethod.Put, "benchmarks/baseline", PortalClient.Json(new { from = "2026-01-01T00:00:00Z", to = "2026-01-02T00:00:00Z" }))).Expect(200);
        var contract = await Contract.OfAsync(portal);
        var wrong = new List<string>();
        foreach (var operation in contract.Operations)
        {
            foreach (var parameter in contract.Parameters(operation.Json).Where(item => item.Key.StartsWith("query", StringComparison.Ordinal)).Select(item => item.Value))
            {
                string name = parameter.GetProperty("name").GetString()!;
                var (good, bad) = Values(contract, parameter);
                Assert.NotEmpty(bad);
                foreach (string value in good)
                {
                    var answer = await SendAsync(contract, operation, name, value, isHead: operation.Id == "StreamChanges");

                    // The example of a batch is too old to be stored, which only a strict request reports in its status.
                    if (answer.Code >= 400 && !(name == "strict" && answer.Code == 422))
                    {
                        wrong.Add($"{operation} refuses {name}={value}: {answer.Text}");
                    }
                }

                foreach (string value in bad)
                {
                    var answer = await SendAsync(contract, operation, name, value, isHead: false);
                    if (answer.Code != 400 || !answer.Text.Contains($"\"/{name}\"", StringComparison.Ordinal))
                    {
                        wrong.Add($"{operation} takes {name}={value[..Math.Min(value.Length, 40)]}: {answer.Code}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task An_unknown_parameter_is_ignored() => (await portal.Client.GetAsync("dashboard?utm_source=x")).Expect(200);

    private static (IReadOnlyList<string> Good, IReadOnlyList<string> Bad) Values(Contract contract, JsonElement parameter)
    {
        var schema = contract.Resolve(parameter.GetProperty("schema"));
        List<string> good = parameter.TryGetProperty("example", out var example)
            ? [example.ValueKind == JsonValueKind.Array ? string.Join(',', example.EnumerateArray()) : example.ValueKind == JsonValueKind.String ? example.GetString()! : example.GetRawText()]
            : [];
        List<string> bad = [];
        if (schema.TryGetProperty("items", out var items))
        {
            schema = contract.Resolve(items);
            bad.Add(",");
        }

        if (schema.TryGetProperty("enum", out var names))
        {
            good.AddRange(names.EnumerateArray().Select(name => name.GetString()!));
            bad.Add("nonsense");
        }

        foreach (var (limit, beyond) in new[] { ("minimum", -1), ("maximum", 1) })
        {
            if (schema.TryGetProperty(limit, out var number))
            {
                good.Add(number.GetRawText());
                bad.Add((number.GetDouble() + beyond).ToString(CultureInfo.InvariantCulture));
            }
        }

        if (schema.TryGetProperty("maxLength", out var length))
        {
            bad.Add(new string('x', length.GetInt32() + 1));
        }

        if (Contract.TypesOf(schema)[0] == "boolean")
        {
            good.AddRange(["true", "false"]);
            bad.Add("yes");
        }

        return (good, bad);
    }

    private async Task<Answer> SendAsync(Contract contract, ContractOperation operation, string name, string value, bool isHead)
    {
        string path = operation.Path.Replace("{metric_type}", "model_operation", StringComparison.Ordinal) + $"?{name}={Uri.EscapeDataString(value)}";
        using var content = operation.Json.TryGetProperty("requestBody", out var body)
            ? PortalClient.Bytes(Encoding.UTF8.GetBytes(contract.Members(body, "content")["application/json"].GetProperty("example").GetRawText()), "application/json")
            : null;
        return await portal.Client.SendAsync(isHead ? HttpMethod.Head : operation.Verb, path, content);
    }
}
