using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PerfPortal.Benchmarks.Faults;

/// <summary>A malformed or unusual request.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Body">The body, or <see langword="null"/> for a GET.</param>
/// <param name="MediaType">The body's type.</param>
/// <param name="IfMatch">The precondition, or <see langword="null"/>.</param>
/// <param name="Encoding">The declared compression of the body, or <see langword="null"/>.</param>
internal sealed record OddRequest(HttpMethod Method, string Target, byte[]? Body, string MediaType, string? IfMatch, string? Encoding = null);

/// <summary>Creates malformed or unusual requests, the same ones for the same seed: valid bodies with wrong values, truncated and mixed up, with arbitrary parameters. Not safe for concurrent use.</summary>
/// <param name="seed">Distinguishes one sequence from another.</param>
/// <param name="endpoints">Methods and path templates.</param>
/// <param name="ids">What stands for an id, beside some that are none.</param>
internal sealed class OddRequests(int seed, IReadOnlyList<(HttpMethod Method, string Path)> endpoints, IEnumerable<Guid> ids)
{
    private static readonly string[] Values =
    [
        "", "0", "-1", "1e400", "NaN", "9999999999999999999", "now-", "now-24h", "now/d", "now+1000000y", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        "%00", "%FF%FE", "%ED%A0%80", "%27%3B--", "%25_%5B", "model_operation", "perfportal", "Europe/Berlin", "../../etc", "previous", "pinned", "true", "-start_time",
        "AAAAAAAAAAAAAAAAAAAAAAA", "gX__________________9A", "1s", "999999999d", "%F0%9F%92%A9", "running", "operations,resources", "abandoned", "5000", "9223372036854775807",
        "1795960000", "1795960000.5", "1795960000000", "99999999999", "1e9", "1795960000%00", "018f2f6e7c1a70008000000000000001",
    ];

    private static readonly string[] Parameters =
    [
        "from", "to", "window", "tz", "source", "name", "metric_type", "status", "min_duration_seconds", "max_duration_seconds", "q", "sort", "limit", "cursor", "points",
        "baseline", "topics", "base_from", "base_to", "base_window", "state", "current", "format", "strict", "bom",
    ];

    private static readonly string Digits = new('7', 400);

    private static readonly string[] Tokens =
    [
        "null", "true", "[]", "{}", "\"\"", "-0", "1e400", "-1e-400", "\"\\ud800\"", "\"\\u0000\"", "NaN", "99999999999999999999999", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00Z\"",
        "Infinity", "-Infinity", "None", "undefined", "18446744073709551557", "-0.12345678901234567891234", "1e999999", "1e-999999", Digits, "0." + Digits,
        "1795960000", "1795960000.25", "\"1795960000\"", "1795960000000", "99999999999", "-1795960000", "\"018f2f6e7c1a70008000000000000001\"", "\"abandoned\"",
        "{\"a\":1,\"a\":2}", "{\"a\":{\"a\":NaN,\"a\":[]}}", Nest(62), Nest(63), Nest(64), Nest(5_000), "{\"\":" + Nest(60) + "}", "'x'", "\"\\x\"", "\"\t\"", "01", "1.", "+1", "\"\uFEFF\"",
        "{\"\\ud800\":1}", "[[[[[[[[]]]]]]]]", "\"2026-02-30T00:00:00Z\"", "0.1", "[null]", "[{}]", "[1e400]",
    ];

    private static readonly string[] Bodies =
    [
        """{"id":"018f2f6e-7c1a-7000-8000-000000000001","metric_type":"model_operation","operation_name":"n","source":"s","start_time":"2026-01-01T00:00:00Z","duration_seconds":1,"success":true,"metadata":{"a":1,"b":"x"},"progress":{"done":1,"total":2,"unit":"u"},"resource_usage":{"cpu_percent":1},"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","parent_id":"b7ad6b7169203331"}""",
        """{"success":false,"status":"failed","end_time":"2026-01-01T00:00:00Z","duration_seconds":1,"error_type":"e","error_message":"m"}""",
        """{"source":"h","sampled_at":"2026-01-01T00:00:00Z","covered_seconds":30,"cpu_percent":1,"cpu_cores":[1,2],"disks":[{"name":"/","total_gb":1}],"networks":[{"name":"n"}],"gpus":[{"index":0,"name":"g","memory_used_mb":1}]}""",
        """{"slow_operation_seconds":30,"failure_rate":0.1,"operation_timeout_seconds_health_check":60,"note":"why"}""",
    ];

    private readonly Random _random = new(seed);
    private readonly OddPacking _packing = new(seed);
    private readonly string[] _ids = [.. ids.Select(id => id.ToString()), Guid.Empty.ToString(), "x", "%FF", new('9', 300)];

    /// <summary>The next one.</summary>
    public OddRequest Next()
    {
        var (method, path) = endpoints[_random.Next(endpoints.Count)];

        // The tests' server itself refuses a null character in a path.
        path = path.Replace("{id}", Any(_ids), StringComparison.Ordinal)
            .Replace("{metric_type}", _random.Next(4) == 0 ? Any(Values).Replace("%00", "%01", StringComparison.Ordinal) : "model_operation", StringComparison.Ordinal)
            .Replace("{documentName}", "v1", StringComparison.Ordinal);
        var query = Enumerable.Range(0, _random.Next(4)).Select(_ => $"{Any(Parameters)}={Any(Values)}");
        string mediaType = _random.Next(20) == 0 ? "text/plain"
            : path.EndsWith("batch", StringComparison.Ordinal) && _random.Next(2) == 0 ? "application/x-ndjson" : "application/json";
        byte[]? body = method == HttpMethod.Get ? null : Spoil(Any(Bodies));
        var (packed, encoding) = body is not null && _random.Next(8) == 0 ? _packing.Next(body) : (body, null);
        return new(
            method, $"{path}?{string.Join('&', query)}", packed, mediaType, method == HttpMethod.Put ? $"\"thresholds-{_random.Next(3)}\"" : null, encoding);
    }

    /// <summary>A text that was JSON once.</summary>
    public byte[] Spoilt() => Spoil(Any(Bodies));

    private string Any(string[] of) => of[_random.Next(of.Length)];

    private byte[] Spoil(string body)
    {
        int rounds = 1 + _random.Next(3);
        for (int i = 0; i < rounds && body.Length > 2; i++)
        {
            int place = _random.Next(body.Length);
            body = _random.Next(6) switch
            {
                0 => body[..place],
                1 => body.Insert(place, Any(Tokens)),
                2 => Wrap(body),
                _ => Swap(body),
            };
        }

        byte[] bytes = (_random.Next(40) == 0 ? Encoding.Unicode : Encoding.UTF8).GetBytes(body);
        if (bytes.Length > 0 && _random.Next(8) == 0)
        {
            bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        }

        return bytes;
    }

    /// <summary>Puts the text among others, as a batch, an export, lines or a marked file does, or among too many.</summary>
    private string Wrap(string body) => _random.Next(8) switch
    {
        0 => body + body,
        1 => body + "\n" + body,
        2 => "\uFEFF" + body,
        3 => $"[{body},{body}]",
        4 => $"{{\"items\":[{body}],\"truncated\":false}}",
        5 => $"[{body}{string.Concat(Enumerable.Repeat(",0", _random.Next(2_000)))}]",
        6 => $"[{string.Concat(Enumerable.Repeat("[[{}]],", 20))}{body}]",
        _ => $"[{body}]",
    };

    private static string Nest(int levels) => new string('[', levels) + new string(']', levels);

    /// <summary>Puts another value in the place of one member's, so that the text stays JSON.</summary>
    private string Swap(string body)
    {
        try
        {
            if (JsonNode.Parse(body) is not JsonObject { Count: > 0 } node)
            {
                return body;
            }

            string mark = Guid.NewGuid().ToString();
            node[node.ElementAt(_random.Next(node.Count)).Key] = mark;
            return node.ToJsonString().Replace($"\"{mark}\"", Any(Tokens), StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return body;
        }
    }
}
