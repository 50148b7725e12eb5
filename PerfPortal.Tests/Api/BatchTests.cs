using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class BatchTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Path = "operations/batch";

    private PortalClient Client => portal.Client;

    [Fact]
    public async Task A_json_array_and_lines_both_land()
    {
        var items = Enumerable.Range(0, 4).Select(i => SampleReports.Ended("forms", ("duration_seconds", i + 0.25))).ToList();
        Count(await Client.PostAsync(Path, items.Take(2)), accepted: 2);
        string lines = string.Join("\r\n\n", items.Skip(2).Select(item => JsonSerializer.Serialize(item))) + "\n";
        Count(await Client.PostTextAsync(Path, lines, "application/x-ndjson"), accepted: 2);
        Assert.Equal([0.25, 1.25, 2.25, 3.25], (await StoredAsync("forms")).Select(item => item.GetProperty("duration_seconds").GetDouble()).Order());
    }

    [Theory]
    [InlineData(200_001, null)]
    [InlineData(250_000, null)]
    [InlineData(3_000_000, "gzip")]
    public async Task A_body_of_blank_lines_is_refused_with_the_limit_of_lines(int lines, string? encoding)
    {
        byte[] body = Encoding.UTF8.GetBytes(new string('\n', lines));
        var content = PortalClient.Bytes(encoding is null ? body : Pack(body, encoding), "application/x-ndjson", encoding);
        (await Client.SendAsync(HttpMethod.Post, Path, content)).ExpectProblem(413, "at most 200000 lines, including blank ones");
    }

    [Fact]
    public async Task Blank_lines_up_to_the_limit_are_skipped()
    {
        string body = JsonSerializer.Serialize(SampleReports.Ended("blank")) + new string('\n', 200_000);
        Count(await Client.PostTextAsync(Path, body, "application/x-ndjson"), accepted: 1);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_compressed_body_is_unpacked(string encoding)
    {
        byte[] body = Pack(JsonSerializer.SerializeToUtf8Bytes(new[] { SampleReports.Ended("packed-" + encoding) }), encoding);
        Count(await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(body, "application/json", encoding)), accepted: 1);
        Assert.Single(await StoredAsync("packed-" + encoding));

        (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes("[]"u8.ToArray(), "application/json", encoding))).ExpectProblem(400);
        (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(body, "application/json", "zstd"))).ExpectProblem(415, "gzip");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_compressed_body_that_breaks_off_is_refused_as_a_whole(string encoding)
    {
        string name = "broken-off-" + encoding;
        string lines = string.Join('\n', Enumerable.Range(0, 3_000).Select(_ => JsonSerializer.Serialize(SampleReports.Ended(name))));
        byte[] body = Pack(Encoding.UTF8.GetBytes(lines), encoding);
        (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(body[..(body.Length / 2)], "application/x-ndjson", encoding))).ExpectProblem(400, "is truncated");
        (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(body[..^1], "application/x-ndjson", encoding))).ExpectProblem(400, "is truncated");
        Assert.Empty(await StoredAsync(name));
        Count(await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(body, "application/x-ndjson", encoding)), accepted: 3_000);
    }

    [Fact]
    public async Task A_gzip_body_of_two_members_is_taken()
    {
        byte[] body = [.. Pack(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(SampleReports.Ended("members")) + "\n"), "gzip"), .. Pack(JsonSerializer.SerializeToUtf8Bytes(SampleReports.Ended("members")), "gzip")];
        Count(await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(body, "application/x-ndjson", "gzip")), accepted: 2);
    }

    [Fact]
    public async Task What_was_sent_before_or_twice_in_one_batch_counts_once_and_the_first_wins()
    {
        var first = SampleReports.Ended("resent");
        var second = SampleReports.Ended("resent", ("id", first.Id()), ("duration_seconds", 9.0), ("success", false));
        Count(await Client.PostAsync(Path, new[] { first, second }), accepted: 1, duplicates: 1);
        Count(await Client.PostAsync(Path, new[] { second }), duplicates: 1);
        Count(await Client.PostAsync(Path, new[] { first }), duplicates: 1);
        Assert.Equal(5, Assert.Single(await StoredAsync("resent")).GetProperty("duration_seconds").GetDouble());
    }

    [Fact]
    public async Task Good_items_land_though_others_are_bad()
    {
        object[] items = [SampleReports.Ended("mixed"), 17, SampleReports.Ended("mixed", ("metric_type", "walk")), SampleReports.Ended("mixed"), SampleReports.Ended("mixed", ("end_time", SampleReports.Text(SampleReports.Now.AddHours(1))), ("duration_seconds", null))];
        var answer = await Client.PostAsync(Path, items);
        Count(answer, accepted: 2, rejected: 3);
        Assert.Equal([1, 2, 4], answer["rejected"].EnumerateArray().Select(item => item.GetProperty("index").GetInt32()));
        Assert.Contains("metric_type", answer["rejected"][1].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, (await StoredAsync("mixed")).Count);
    }

    public static TheoryData<string, string, string> Errors => new()
    {
        { "end before start", """ "end_time": "2020-01-01T00:00:00Z", "duration_seconds": null """, "end_time" },
        { "long name", $""" "operation_name": "{new string('n', 201)}" """, "operation_name has 201 characters" },
        { "no name", """ "operation_name": " " """, "operation_name" },
        { "NaN text", """ "duration_seconds": "NaN" """, "duration_seconds" },
        { "negative", """ "duration_seconds": -1 """, "duration_seconds" },
        { "overflow", """ "duration_seconds": 1e400 """, "duration_seconds" },
        { "too long", """ "duration_seconds": 10000001 """, "duration_seconds" },
        { "disagreement", """ "end_time": "END", "duration_seconds": 5.002 """, "duration_seconds and end_time differ" },
        { "no end", """ "duration_seconds": null """, "end_time or duration_seconds" },
        { "future", """ "duration_seconds": 3600 """, "future" },
        { "too old", """ "start_time": "2020-01-01T00:00:00Z" """, "MetricsRetentionHours" },
        { "before 1970", """ "start_time": "1969-12-31T23:59:59Z" """, "start_time" },
        { "no zone", """ "start_time": "2026-01-01T00:00:00" """, "start_time" },
        { "number as time", """ "start_time": 17 """, "MetricsRetentionHours" },
        { "nanoseconds as time", """ "start_time": 1795960000000000000 """, "start_time" },
        { "flag as time", """ "start_time": true """, "start_time" },
        { "huge number", """ "metadata": { "m": 1e999999 } """, "m must be a finite number" },
        { "very long number", $$""" "metadata": { "m": {{new string('9', 100_000)}} } """, "m must be a finite number" },
        { "NaN", """ "duration_seconds": NaN """, "duration_seconds is NaN" },
        { "infinity in metadata", """ "metadata": { "loss": [1, -Infinity] } """, "-Infinity" },
        { "literal of Python", """ "error_type": None """, "error_type is None" },
        { "id", """ "id": 17 """, "id must be a UUID" },
        { "type", """ "metric_type": "Download_Operation" """, "metric_type" },
        { "flag", """ "success": "true" """, "success" },
        { "no outcome", """ "success": null """, "success or status" },
        { "contradiction", """ "status": "failed" """, "status" },
        { "running", """ "success": null, "status": "running" """, "status" },
        { "own source", """ "source": "perfportal" """, "source" },
        { "metadata", """ "metadata": [1] """, "metadata" },
        { "known fact", """ "metadata": { "input_tokens": "many" } """, "input_tokens" },
        { "many members", $$""" "metadata": { {{string.Join(",", Enumerable.Range(0, 65).Select(i => $"\"m{i}\": 1"))}} } """, "64 members" },
        { "large metadata", $$""" "metadata": { "m": "{{new string('m', 16 * 1024)}}" } """, "bytes; at most" },
        { "surrogate name", """ "operation_name": "\ud800" """, "operation_name is not valid Unicode" },
        { "surrogate in metadata", """ "metadata": { "m": "\udc00" } """, "m is not valid Unicode" },
        { "surrogate member", """ "metadata": { "\ud800": 1 } """, "Unicode" },
        { "surrogate member of the item", """ "\ud800": 1 """, "Unicode" },
        { "surrogate in usage", """ "resource_usage": { "\ud800": 1 } """, "Unicode" },
        { "usage", """ "resource_usage": { "cpu_percent": "much" } """, "cpu_percent" },
        { "progress", """ "progress": { "done": 1e999 } """, "done" },
        { "parent", """ "parent_id": "me" """, "parent_id" },
        { "span", """ "span_id": "0000000000000000" """, "span_id" },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public async Task A_mistake_is_rejected_by_name_and_nothing_is_stored(string error, string member, string named)
    {
        string name = "mistake " + error;
        var start = SampleReports.Now.AddMinutes(-1);
        member = member.Replace("END", SampleReports.Text(start.AddSeconds(5)), StringComparison.Ordinal);
        string item = $$"""
            { "metric_type": "model_operation", "operation_name": "{{name}}", "source": "test", "start_time": "{{SampleReports.Text(start)}}", "duration_seconds": 5, "success": true, {{member}} }
            """;
        foreach (var (body, mediaType) in new[] { ($"[{item}]", "application/json"), (item, "application/x-ndjson") })
        {
            var answer = await Client.PostTextAsync(Path, body, mediaType);
            Count(answer, rejected: 1);
            Assert.Contains(named, answer["rejected"][0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(await StoredAsync(name));
    }

    [Fact]
    public async Task End_and_duration_that_agree_to_a_millisecond_are_taken()
    {
        var end = SampleReports.Now.AddSeconds(-1);
        var item = SampleReports.Ended("agreeing", ("start_time", SampleReports.Text(end.AddSeconds(-5))), ("end_time", SampleReports.Text(end)), ("duration_seconds", 5.001));
        Count(await Client.PostAsync(Path, new[] { item }), accepted: 1);
    }

    [Fact]
    public async Task A_long_error_text_is_cut_and_marked()
    {
        var item = SampleReports.Ended("long-error", ("success", false), ("error_message", new string('é', 8 * 1024)));
        Count(await Client.PostAsync(Path, new[] { item }), accepted: 1);
        string error = Assert.Single(await StoredAsync("long-error")).GetProperty("error_message").GetString()!;
        Assert.EndsWith("[cut]", error, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(error), 8 * 1024 - 4, 8 * 1024);
    }

    [Theory]
    [InlineData("NaN", "[NaN]")]
    [InlineData("no JSON", "[{]")]
    [InlineData("an object", "{}")]
    [InlineData("a text", "\"x\"")]
    [InlineData("nothing", "")]
    [InlineData("a mark", "\ufeff[]x")]
    public async Task A_body_that_is_no_array_is_refused(string what, string body)
    {
        var answer = await Client.PostTextAsync(Path, body);
        answer.ExpectProblem(400, "errors");
        Assert.True(answer["detail"].GetString()!.StartsWith("The body", StringComparison.Ordinal), what);
    }

    [Fact]
    public async Task Nesting_without_end_and_bytes_that_are_no_text_are_refused()
    {
        (await Client.PostTextAsync(Path, new string('[', 100_000))).ExpectProblem(400);
        (await Client.PostTextAsync(Path, "[" + string.Concat(Enumerable.Repeat("{\"metadata\":", 5_000)))).ExpectProblem(400);
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(new[] { SampleReports.Ended("no-utf8-X") });
        bytes[bytes.AsSpan().IndexOf("X"u8)] = 0xFF;
        var array = await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(bytes, "application/json"));
        Assert.True(array.Code == 400 || array["rejected"].GetArrayLength() == 1, array.Text);
        var line = await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(bytes[1..^1], "application/x-ndjson"));
        Count(line, rejected: 1);
    }

    [Theory]
    [InlineData("\"metadata\":{\"X\":1}")]
    [InlineData("\"metadata\":{\"m\":\"X\"}")]
    [InlineData("\"metadata\":{\"m\":{\"X\":1}}")]
    [InlineData("\"resource_usage\":{\"X\":1}")]
    [InlineData("\"X\":1")]
    public async Task Bytes_that_are_no_utf8_are_refused_wherever_they_stand(string member)
    {
        string item = $$"""{"metric_type":"model_operation","operation_name":"bytes","start_time":"{{SampleReports.Text(SampleReports.Now.AddMinutes(-1))}}","duration_seconds":1,"success":true,{{member}}}""";
        byte[] bytes = Encoding.UTF8.GetBytes($"[{item}]");
        bytes[bytes.AsSpan().IndexOf("X"u8)] = 0xFF;
        Count(await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(bytes, "application/json")), rejected: 1);
        Count(await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(bytes[1..^1], "application/x-ndjson")), rejected: 1);
        (await Client.SendAsync(HttpMethod.Post, "operations", PortalClient.Bytes(bytes[1..^1], "application/json"))).ExpectProblem(400);
    }

    [Fact]
    public async Task A_line_that_is_no_json_is_rejected_alone()
    {
        string good = JsonSerializer.Serialize(SampleReports.Ended("lines"));
        var answer = await Client.PostTextAsync(Path, $"{good}\n{{\"duration_seconds\": NaN}}\n{new string('[', 5_000)}\n{JsonSerializer.Serialize(SampleReports.Ended("lines"))}", "application/x-ndjson");
        Count(answer, accepted: 2, rejected: 2);
        Assert.Equal([1, 2], answer["rejected"].EnumerateArray().Select(item => item.GetProperty("index").GetInt32()));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public async Task Another_media_type_is_refused(string mediaType) =>
        (await Client.PostTextAsync(Path, "[]", mediaType)).ExpectProblem(415, "application/x-ndjson");

    [Fact]
    public async Task A_body_over_16_MiB_is_refused_with_and_without_a_declared_length()
    {
        byte[] large = new byte[16 * 1024 * 1024 + 1];
        Array.Fill(large, (byte)' ');
        (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(large, "application/json"))).ExpectProblem(413, "16 MiB");
        using var undeclared = new StreamContent(new UnknownLength(large));
        undeclared.Headers.ContentType = new("application/json");
        (await Client.SendAsync(HttpMethod.Post, Path, undeclared)).ExpectProblem(413, "16 MiB");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_body_that_unpacks_to_more_than_64_MiB_is_refused(string encoding)
    {
        byte[] bomb = Pack(new byte[64 * 1024 * 1024 + 1], encoding);
        Assert.True(bomb.Length < 1024 * 1024);
        (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(bomb, "application/json", encoding))).ExpectProblem(413, "64 MiB");
    }

    private static void Count(Answer answer, int accepted = 0, int duplicates = 0, int rejected = 0)
    {
        answer.Expect(200);
        Assert.True(
            (accepted, duplicates, rejected) == (answer["accepted"].GetInt32(), answer["duplicates"].GetInt32(), answer["rejected"].GetArrayLength()), answer.Text);
    }

    private static byte[] Pack(byte[] bytes, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest) : new BrotliStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    private async Task<List<JsonElement>> StoredAsync(string name) =>
        [.. (await Client.GetAsync($"metrics/model_operation?name={Uri.EscapeDataString(name)}")).Expect(200)["items"].EnumerateArray()];

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
