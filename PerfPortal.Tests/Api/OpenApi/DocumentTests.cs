using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace PerfPortal.Tests.Api.OpenApi;

public sealed class DocumentTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    /// <summary>Routes for people and for other protocols, and second names of documented ones.</summary>
    private static readonly string[] NotDescribed =
        ["/alive", "/health", "/sign-in", "/sign-out", "/openapi/{documentName}.json", "/scalar", "/hubs", "/_blazor", "/_framework", "/_content"];

    [Fact]
    public async Task The_document_is_of_version_3_1_and_has_a_title_a_license_and_a_server_without_a_trailing_slash()
    {
        var root = (await Contract.OfAsync(portal)).Root;
        Assert.StartsWith("3.1", root.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var info = root.GetProperty("info");
        Assert.Equal("PerfPortal API", info.GetProperty("title").GetString());
        Assert.Equal("MIT", info.GetProperty("license").GetProperty("identifier").GetString());
        Assert.False(string.IsNullOrEmpty(info.GetProperty("contact").GetProperty("name").GetString()));
        Assert.Equal("http://localhost", Assert.Single(root.GetProperty("servers").EnumerateArray()).GetProperty("url").GetString());
    }

    [Fact]
    public async Task Every_route_that_is_not_for_people_is_described()
    {
        var described = (await Contract.OfAsync(portal)).Operations.Select(operation => operation.ToString()).ToHashSet(StringComparer.Ordinal);
        var mapped = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is null
                && endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is null)
            .Select(endpoint => (Path: "/" + endpoint.RoutePattern.RawText!.Trim('/'), Methods: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []))
            .Where(route => !route.Path.Contains("{**", StringComparison.Ordinal)
                && !NotDescribed.Any(other => route.Path == other || route.Path.StartsWith(other + "/", StringComparison.Ordinal)))
            .SelectMany(route => route.Methods.Select(method => $"{method} {route.Path}"))
            .ToList();
        Assert.NotEmpty(mapped);
        Assert.Empty(mapped.Except(described));
        Assert.Empty(described.Except(mapped));
    }

    [Fact]
    public async Task Every_operation_has_an_id_a_summary_a_described_tag_an_access_rule_and_described_parameters()
    {
        var contract = await Contract.OfAsync(portal);
        var tags = contract.Root.GetProperty("tags").EnumerateArray().ToDictionary(tag => tag.GetProperty("name").GetString()!, tag => tag.GetProperty("description").GetString());
        var schemes = contract.Root.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).ToHashSet();
        Assert.Equal(contract.Operations.Count, contract.Operations.Select(operation => operation.Id).Distinct(StringComparer.Ordinal).Count());
        foreach (var operation in contract.Operations)
        {
            Assert.True(operation.Json.GetProperty("summary").GetString() is { Length: > 0 } && operation.Json.GetProperty("description").GetString() is { Length: > 0 }, $"{operation} has a summary and a description");
            Assert.False(string.IsNullOrEmpty(tags[Assert.Single(operation.Json.GetProperty("tags").EnumerateArray()).GetString()!]));
            bool isOpen = operation.Path is "/livez" or "/readyz";
            var access = operation.Json.GetProperty("security").EnumerateArray().SelectMany(rule => rule.EnumerateObject()).ToList();
            Assert.Equal(isOpen ? [] : schemes.Order(), access.Select(rule => rule.Name).Distinct().Order());
            Assert.All(access, rule => Assert.NotEmpty(rule.Value.EnumerateArray()));
            foreach (var (place, parameter) in contract.Parameters(operation.Json))
            {
                Assert.True(parameter.GetProperty("description").GetString() is { Length: > 0 }, $"{operation}: {place} has a description");
                var schema = contract.Resolve(parameter.GetProperty("schema"));
                Assert.NotEmpty(Contract.TypesOf(schema));
                if (place.StartsWith("query", StringComparison.Ordinal))
                {
                    Assert.True(schema.GetRawText().Contains("max", StringComparison.Ordinal) || schema.TryGetProperty("enum", out _) || schema.TryGetProperty("items", out _)
                        || Contract.TypesOf(schema)[0] == "boolean", $"{operation}: {place} has bounds");
                }
            }
        }
    }

    [Fact]
    public async Task Every_body_has_a_schema_and_an_example_that_matches_it()
    {
        var contract = await Contract.OfAsync(portal);
        foreach (var operation in contract.Operations)
        {
            var bodies = contract.Members(operation.Json, "responses").Values.ToList();
            if (operation.Json.TryGetProperty("requestBody", out var request))
            {
                bodies.Add(request);
            }

            foreach (var (mediaType, media) in bodies.SelectMany(body => contract.Members(body, "content")))
            {
                Assert.True(media.TryGetProperty("schema", out var schema) && media.TryGetProperty("example", out _), $"{operation} {mediaType}: {media.GetRawText()}");
                var mistakes = SchemaCheck.Mistakes(contract, schema, media.GetProperty("example"));
                Assert.True(mistakes.Count == 0, $"{operation} {mediaType}: {string.Join("; ", mistakes)}");
            }
        }
    }

    [Fact]
    public async Task Every_error_is_a_problem_and_every_operation_names_its_errors()
    {
        var contract = await Contract.OfAsync(portal);
        foreach (var operation in contract.Operations)
        {
            var answers = contract.Members(operation.Json, "responses");
            Assert.Contains(answers.Keys, status => status[0] == '2');
            Assert.Contains("403", answers.Keys);
            foreach (var (status, answer) in answers.Where(answer => answer.Key[0] >= '4'))
            {
                // The gate's answer is the same table as that of 200: what fails is the deployment, not the request.
                if (status == "409" && operation.Path.EndsWith("/benchmarks", StringComparison.Ordinal) && operation.Method.Equals("get", StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }

                Assert.Equal(["application/problem+json"], contract.Members(answer, "content").Keys);
                Assert.Equal("#/components/schemas/Problem", answer.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString());
                Assert.False(string.IsNullOrEmpty(answer.GetProperty("description").GetString()));
                Assert.Equal(status is "429" or "503", contract.Members(answer, "headers").ContainsKey("Retry-After"));
            }
        }
    }

    [Fact]
    public async Task Every_member_of_a_schema_is_described()
    {
        var contract = await Contract.OfAsync(portal);
        var bare = contract.Members(contract.Root.GetProperty("components"), "schemas")
            .SelectMany(schema => schema.Value.TryGetProperty("properties", out var members) ? members.EnumerateObject().Select(member => (Name: $"{schema.Key}.{member.Name}", member.Value)) : [])
            .Where(member => !member.Value.GetRawText().Contains("\"description\"", StringComparison.Ordinal)
                && !(member.Value.TryGetProperty("oneOf", out var choices) && choices.EnumerateArray().Any(choice => contract.Resolve(choice).TryGetProperty("description", out _))))
            .Select(member => member.Name);
        Assert.Empty(bare);
    }

    [Fact]
    public async Task Formats_other_than_json_are_declared_with_their_media_types()
    {
        var contract = await Contract.OfAsync(portal);
        string[] Answers(string id) => [.. contract.Members(contract.Members(contract.Operation(id).Json, "responses")["200"], "content").Keys];
        Assert.Equal(["application/json", "text/csv", "text/html", "text/markdown"], Answers("GetReport"));
        Assert.Equal(["text/csv"], Answers("ExportOperationsCsv"));
        Assert.Equal(["text/event-stream"], Answers("StreamChanges"));
        Assert.Equal(["text/plain"], Answers("GetReadiness"));
        Assert.Equal(
            ["application/json", "application/x-ndjson"], contract.Members(contract.Operation("ReportOperations").Json.GetProperty("requestBody"), "content").Keys);
    }
}
