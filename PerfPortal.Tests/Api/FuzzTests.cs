using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>2,000 requests that nobody would send, the same ones in each run.</summary>
public sealed class FuzzTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const int Requests = 2_000;

    private static readonly string[] Values =
    [
        "", "0", "-1", "1e400", "NaN", "9999999999999999999", "now-", "now-24h", "now/d", "now+1000000y", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "%00", "%FF%FE", "%ED%A0%80", "%27%3B--", "%25_%5B", "model_operation", "perfportal", "Europe/Berlin", "../../etc", "previous", "pinned", "true", "-start_time",
        "AAAAAAAAAAAAAAAAAAAAAAA", "gX__________________9A", "1s", "999999999d", "%F0%9F%92%A9", "running", "operations,resources", "abandoned", "5000", "9223372036854775807",
    ];

    private static readonly string[] Parameters =
    [
        "from", "to", "window", "tz", "source", "name", "metric_type", "status", "min_duration_seconds", "max_duration_seconds", "q", "sort", "limit", "cursor", "points",
        "baseline", "base_from", "base_to", "base_window", "state", "current", "format",
    ];

    private static readonly string[] Tokens =
    [
        "null", "true", "[]", "{}", "\"\"", "-0", "1e400", "-1e-400", "\"\\ud800\"", "\"\\u0000\"", "NaN", "99999999999999999999999", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00Z\"",
        "{\"\\ud800\":1}", "[[[[[[[[]]]]]]]]", "\"2026-02-30T00:00:00Z\"", "0.1", "[null]", "[{}]", "[1e400]",
    ];

    private static readonly string[] Bodies =
    [
        """{"id":"018f2f6e-7c1a-7000-8000-000000000001","metric_type":"model_operation","operation_name":"n","source":"s","start_time":"2026-01-01T00:00:00Z","duration_seconds":1,"success":true,"metadata":{"a":1,"b":"x"},"progress":{"done":1,"total":2,"unit":"u"},"resource_usage":{"cpu_percent":1},"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","parent_id":"b7ad6b7169203331"}""",
        """{"success":false,"status":"failed","end_time":"2026-01-01T00:00:00Z","duration_seconds":1,"error_type":"e","error_message":"m"}""",
        """{"source":"h","sampled_at":"2026-01-01T00:00:00Z","covered_seconds":30,"cpu_percent":1,"cpu_cores":[1,2],"disks":[{"name":"/","total_gb":1}],"networks":[{"name":"n"}],"gpus":[{"index":0,"name":"g","memory_used_mb":1}]}""",
        """{"slow_operation_seconds":30,"failure_rate":0.1,"operation_timeout_seconds_health_check":60,"note":"why"}""",
    ];

    [Fact]
    public async Task No_request_however_wrong_makes_the_portal_fail()
    {
        // The numbers have to be the same in each run, not hard to guess.
#pragma warning disable CA5394
        var random = new Random(20260101);
        var ids = new List<string> { Guid.NewGuid().ToString(), "x", "%FF", new('9', 300) };
        for (int i = 0; i < 3; i++)
        {
            string id = Guid.NewGuid().ToString();
            ids.Add(id);
            (await portal.Client.PostAsync("operations", new { id, metric_type = "model_operation", operation_name = "fuzzed" })).Expect(201);
        }

        var endpoints = portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal) || endpoint.RoutePattern.RawText.StartsWith("/openapi", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => (Method: new HttpMethod(method), Path: endpoint.RoutePattern.RawText!)) ?? [])
            .ToList();
        Assert.True(endpoints.Count > 15, "Endpoints were found.");
        var failed = new List<string>();
        for (int i = 0; i < Requests; i++)
        {
            var (method, path) = endpoints[random.Next(endpoints.Count)];
            // The test server itself refuses a null character in a path.
            path = path.Replace("{id}", ids[random.Next(ids.Count)], StringComparison.Ordinal)
                .Replace("{metricType}", random.Next(4) == 0 ? Values[random.Next(Values.Length)].Replace("%00", "%01", StringComparison.Ordinal) : "model_operation", StringComparison.Ordinal)
                .Replace("{documentName}", "v1", StringComparison.Ordinal);
            var query = Enumerable.Range(0, random.Next(4)).Select(_ => $"{Parameters[random.Next(Parameters.Length)]}={Values[random.Next(Values.Length)]}");
            string target = $"{path}?{string.Join('&', query)}";
            byte[] body = Spoil(Bodies[random.Next(Bodies.Length)], random);
            using var content = method == HttpMethod.Get ? null : PortalClient.Bytes(body, random.Next(20) == 0 ? "text/plain" : path.EndsWith("batch", StringComparison.Ordinal) && random.Next(2) == 0 ? "application/x-ndjson" : "application/json");
            var answer = await portal.Client.SendAsync(method, target, content, method == HttpMethod.Put ? [("If-Match", $"\"thresholds-{random.Next(3)}\"")] : []);
            if (answer.Code >= 500) failed.Add($"{answer.Code} {method} {target} {Encoding.UTF8.GetString(body)}");
            else if (answer.Code >= 400 && answer.MediaType != "application/problem+json") failed.Add($"{answer.Code} is no problem: {method} {target} {answer.Text}");
        }
#pragma warning restore CA5394

        Assert.True(failed.Count == 0, $"{failed.Count} failed:\n{string.Join('\n', failed.Take(10))}");
        (await portal.Client.GetAsync("/readyz")).Expect(200);
        (await portal.Client.GetAsync("resources/current")).Expect(200);
        (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("after") })).Expect(200);
    }

#pragma warning disable CA5394
    private static byte[] Spoil(string body, Random random)
    {
        int rounds = 1 + random.Next(3);
        for (int i = 0; i < rounds && body.Length > 2; i++)
        {
            int place = random.Next(body.Length);
            body = random.Next(6) switch
            {
                0 => body[..place],
                1 => body.Insert(place, Tokens[random.Next(Tokens.Length)]),
                2 => "[" + body + "]",
                _ => Swap(body, random),
            };
        }

        byte[] bytes = Encoding.UTF8.GetBytes(body);
        if (bytes.Length > 0 && random.Next(8) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    /// <summary>Puts another value in the place of one member's, so that the text stays JSON.</summary>
    private static string Swap(string body, Random random)
    {
        try
        {
            if (System.Text.Json.Nodes.JsonNode.Parse(body) is not System.Text.Json.Nodes.JsonObject { Count: > 0 } node) return body;
            string name = node.ElementAt(random.Next(node.Count)).Key;
            string mark = Guid.NewGuid().ToString();
            node[name] = mark;
            return node.ToJsonString().Replace($"\"{mark}\"", Tokens[random.Next(Tokens.Length)], StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return body;
        }
    }
#pragma warning restore CA5394
}
