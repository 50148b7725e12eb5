using System.Text.Json;

namespace PerfPortal.Tests.Api.OpenApi;

/// <summary>An operation of an OpenAPI document.</summary>
internal sealed record ContractOperation(string Method, string Path, JsonElement Json)
{
    public string Id => Json.GetProperty("operationId").GetString()!;

    public HttpMethod Verb => new(Method);

    public override string ToString() => $"{Method} {Path}";
}

/// <summary>An OpenAPI document, as far as tests look at it.</summary>
internal sealed class Contract(JsonElement root)
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

    public JsonElement Root => root;

    public IReadOnlyList<ContractOperation> Operations { get; } =
    [
        .. root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Where(member => Methods.Contains(member.Name))
            .Select(member => new ContractOperation(member.Name.ToUpperInvariant(), path.Name, member.Value))),
    ];

    public static Contract Parse(string json) => new(JsonDocument.Parse(json).RootElement);

    public static async Task<Contract> OfAsync(PortalFactory portal) => new((await portal.Client.GetAsync("/openapi/v1.json")).Expect(200).Json);

    public ContractOperation Operation(string id) => Operations.Single(operation => operation.Id == id);

    /// <summary>Follows a reference; its siblings are descriptions.</summary>
    public JsonElement Resolve(JsonElement element)
    {
        while (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("$ref", out var reference))
        {
            element = reference.GetString()!.TrimStart('#', '/').Split('/')
                .Aggregate(root, (at, name) => at.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)));
        }

        return element;
    }

    /// <summary>The members of an object by name, references followed; none when the member is missing.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out var members) && members.ValueKind == JsonValueKind.Object
            ? members.EnumerateObject().ToDictionary(member => member.Name, member => Resolve(member.Value), StringComparer.Ordinal)
            : new Dictionary<string, JsonElement>();

    /// <summary>The parameters of an operation, by place and name.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters(JsonElement operation) =>
        operation.TryGetProperty("parameters", out var parameters)
            ? parameters.EnumerateArray().Select(Resolve).ToDictionary(item => $"{item.GetProperty("in").GetString()} {item.GetProperty("name").GetString()}", StringComparer.Ordinal)
            : new Dictionary<string, JsonElement>();

    /// <summary>The types that a schema allows; empty when it allows any.</summary>
    public static IReadOnlyList<string> TypesOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(item => item.GetString()!)]
        : [type.GetString()!];
}
