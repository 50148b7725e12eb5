using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Server.Intake;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Inputs as real clients send them.</summary>
public sealed class FieldInputTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Path = "operations/batch";
    private const string Lines = "application/x-ndjson";

    private PortalClient Client => portal.Client;

    [Fact]
    public async Task A_seed_beyond_double_precision_keeps_its_digits_through_every_way_in_and_out()
    {
        const string Metadata = """{"seed":18446744073709551557,"trace":5400121572116419001,"share":0.12345678901234567891,"list":[18446744073709551557]}""";
        string started = Guid.NewGuid().ToString("N");
        (await Client.PostTextAsync("operations", $$"""{"id":"{{started}}","metric_type":"model_operation","operation_name":"seed","metadata":{{Metadata}}}""")).Expect(201);
        Contains(Metadata, (await Client.GetAsync("operations/" + started)).Expect(200));
        (await Client.PostTextAsync($"operations/{started}/complete", """{"success":true}""")).Expect(200);
        Assert.Equal(1, (await Client.PostTextAsync(Path, $"[{Item("seed", $"\"metadata\":{Metadata}")}]")).Expect(200)["accepted"].GetInt32());
        Assert.Equal(1, (await Client.PostTextAsync(Path, Item("seed", $"\"metadata\":{Metadata}"), Lines)).Expect(200)["accepted"].GetInt32());

        var list = (await Client.GetAsync("metrics/model_operation?name=seed")).Expect(200);
        Assert.Equal(3, list["items"].GetArrayLength());
        Assert.All(list["items"].EnumerateArray(), stored => Assert.Equal(Metadata, stored.GetProperty("metadata").GetRawText()));
        Contains(Metadata, (await Client.GetAsync("/export/operations.ndjson?name=seed&window=1h")).Expect(200));
        Contains(Metadata.Replace("\"", "\"\"", StringComparison.Ordinal), (await Client.GetAsync("/export/operations.csv?name=seed&window=1h")).Expect(200));
    }

    [Fact]
    public async Task Numbers_keep_their_value_and_are_respelled_once_and_never_again()
    {
        const string Sent = """{"a":1.50,"b":1e3,"c":-0,"d":-0.0,"e":0.1,"f":123456789012345,"g":0.30000000000000004,"h":1e-7,"i":1.00000000000000000001,"j":[1.50,1e3]}""";
        const string Kept = """{"a":1.5,"b":1000,"c":-0,"d":-0,"e":0.1,"f":123456789012345,"g":0.30000000000000004,"h":1E-07,"i":1.00000000000000000001,"j":[1.50,1e3]}""";
        string started = Guid.NewGuid().ToString();
        Contains(Kept, (await Client.PostTextAsync("operations", $$"""{"id":"{{started}}","metric_type":"model_operation","operation_name":"spelled","metadata":{{Sent}}}""")).Expect(201));
        (await Client.PostTextAsync($"operations/{started}/complete", """{"success":true}""")).Expect(200);
        (await Client.PostTextAsync(Path, $"[{Item("spelled", $"\"metadata\":{Sent}")}]")).Expect(200);
        string export = (await Client.GetAsync("/export/operations.ndjson?name=spelled&window=1h")).Expect(200).Text;
        Assert.Equal(2, export.Split(Kept).Length - 1);

        // Under new ids and another name, so that the import is no resend.
        string moved = System.Text.RegularExpressions.Regex.Replace(export, "\"id\":\"[^\"]+\"", _ => $"\"id\":\"{Guid.NewGuid()}\"").Replace("\"spelled\"", "\"respelled\"", StringComparison.Ordinal);
        Assert.Equal(2, (await Client.PostTextAsync(Path, moved, Lines)).Expect(200)["accepted"].GetInt32());
        var list = (await Client.GetAsync("metrics/model_operation?name=respelled")).Expect(200);
        Assert.Equal([Kept, Kept], list["items"].EnumerateArray().Select(stored => stored.GetProperty("metadata").GetRawText()));
    }

    [Fact]
    public async Task One_item_with_NaN_is_rejected_by_name_and_the_others_of_its_array_land()
    {
        string name = "training";
        string[] items = [Item(name), Item(name, "\"metadata\":{\"loss\":NaN,\"steps\":[1,2]}"), Item(name), Item(name, "\"duration_seconds\":-Infinity"), Item(name)];
        var answer = (await Client.PostTextAsync(Path, $"[{string.Join(",\n", items)}]")).Expect(200);
        Assert.Equal((3, 2), (answer["accepted"].GetInt32(), answer["rejected"].GetArrayLength()));
        Assert.Equal([1, 3], answer["rejected"].EnumerateArray().Select(item => item.GetProperty("index").GetInt32()));
        Assert.Contains("loss is NaN, which JSON cannot express", answer["rejected"][0].GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Contains("duration_seconds is -Infinity", answer["rejected"][1].GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await Client.PostTextAsync("operations", """{"metric_type":"model_operation","operation_name":"n","metadata":{"loss":NaN}}""")).ExpectProblem(400, "loss is NaN", "line 1, byte 74");
        (await Client.PostTextAsync("resources", """[{"cpu_percent":NaN}]""")).ExpectProblem(400, "cpu_percent is NaN");
    }

    [Theory]
    [InlineData("a missing bracket", """[{"a":NaN,"b":[1},{"c":2}]""")]
    [InlineData("a missing quote", """[{"a":NaN,"b":"x},{"c":2}]""")]
    [InlineData("a missing comma", """[{"a":NaN}{"c":2}]""")]
    [InlineData("a missing end", """[{"a":NaN},{"c":2}""")]
    public async Task An_array_whose_items_cannot_be_told_apart_is_refused_as_a_whole(string what, string body) =>
        Assert.True((await Client.PostTextAsync(Path, body)).ExpectProblem(400)["detail"].GetString()!.StartsWith("The body is not valid JSON", StringComparison.Ordinal), what);

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    public async Task A_byte_order_mark_is_accepted_wherever_JSON_is(string encoding)
    {
        foreach (var (body, mediaType) in new[] { ($"[{Item("marked")}]", "application/json"), ($"{Item("marked")}\n\uFEFF{Item("marked")}", Lines) })
        {
            var answer = (await Client.SendAsync(HttpMethod.Post, Path, Bytes("\uFEFF" + body, mediaType, encoding))).Expect(200);
            Assert.Equal(0, answer["rejected"].GetArrayLength());
        }

        (await Client.SendAsync(HttpMethod.Post, "operations", Bytes("\uFEFF{\"metric_type\":\"model_operation\",\"operation_name\":\"marked\"}", "application/json", encoding))).Expect(201);
        (await Client.SendAsync(HttpMethod.Post, "resources", Bytes("\uFEFF[{\"source\":\"marked\",\"cpu_percent\":1}]", "application/json", encoding))).Expect(200);
    }

    [Fact]
    public async Task A_file_in_UTF16_is_told_so()
    {
        byte[] bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes($"[{Item("wide")}]")];
        (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(bytes, "application/json"))).ExpectProblem(400, "UTF-16");
        (await Client.SendAsync(HttpMethod.Post, "operations", PortalClient.Bytes(bytes, "application/json"))).ExpectProblem(400, "UTF-16");
    }

    [Fact]
    public async Task The_nesting_limit_is_the_same_for_every_way_in()
    {
        static string Nested(int levels) => $"\"metadata\":{{\"m\":{new string('[', levels)}{new string(']', levels)}}}";
        foreach (var (before, between, after, mediaType) in new[] { ("[", ",", "]", "application/json"), ("", "\n", "", Lines), ("{\"items\":[", ",", "]}", "application/json") })
        {
            string body = $"{before}{Item("nested", Nested(BodyReader.MaxDepth - 1))}{between}{Item("nested", Nested(BodyReader.MaxDepth - 2))}{after}";
            var answer = (await Client.PostTextAsync(Path, body, mediaType)).Expect(200);
            Assert.Equal(1, answer["accepted"].GetInt32());
            Assert.Contains("nested at most 64 levels", Assert.Single(answer["rejected"].EnumerateArray()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        string start = $$"""{"metric_type":"model_operation","operation_name":"nested",{{Nested(BodyReader.MaxDepth - 2)}}}""";
        (await Client.PostTextAsync("operations", start)).Expect(201);
        (await Client.PostTextAsync("operations", start.Replace("[]", "[[]]", StringComparison.Ordinal))).ExpectProblem(400, "nested at most 64 levels");
    }

    [Theory]
    [InlineData("\n", "application/x-ndjson", "one object per line")]
    [InlineData("", "--data-binary", "without its line breaks")]
    public async Task NDJSON_sent_as_JSON_is_told_how_to_send_it(string between, string remedy, string appearance) =>
        (await Client.PostTextAsync(Path, Item("lines") + between + Item("lines"))).ExpectProblem(400, "looks like NDJSON", remedy, appearance);

    [Fact]
    public async Task Lines_whose_ends_curl_removed_and_an_array_sent_as_lines_are_told_apart()
    {
        var answer = (await Client.PostTextAsync(Path, Item("joined") + Item("joined"), Lines)).Expect(200);
        Assert.Contains("--data-binary", Assert.Single(answer["rejected"].EnumerateArray()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        answer = (await Client.PostTextAsync(Path, $"[{Item("joined")}]", Lines)).Expect(200);
        Assert.Contains("Content-Type application/json", Assert.Single(answer["rejected"].EnumerateArray()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unix_times_and_ids_without_hyphens_are_taken_as_numbers_and_as_text()
    {
        double now = SampleReports.Now.ToUnixTimeMilliseconds() / 1000.0;
        string seconds = Math.Floor(now - 60).ToString("F0", CultureInfo.InvariantCulture);
        string[] starts = [$"{seconds}.5", $"\"{seconds}.5\"", $"{seconds}500", $"\"{seconds}500\""];
        var expected = DateTimeOffset.FromUnixTimeSeconds((long)(now - 60)).AddSeconds(0.5);
        foreach (string start in starts)
        {
            var id = Guid.NewGuid();
            string item = $$"""{"id":"{{id:N}}","metric_type":"model_operation","operation_name":"unix","start_time":{{start}},"end_time":{{start.Replace(".5", ".75", StringComparison.Ordinal)}},"success":true,"parent_id":"{{id:N}}"}""";
            Assert.Equal(1, (await Client.PostTextAsync(Path, $"[{item}]")).Expect(200)["accepted"].GetInt32());
            var stored = (await Client.GetAsync($"operations/{id:N}")).Expect(200);
            Assert.Equal((expected, id.ToString()), (stored["start_time"].GetDateTimeOffset(), stored["parent_id"].GetString()));
        }

        (await Client.PostTextAsync("resources", $$"""{"source":"unix-host","sampled_at":{{seconds}},"cpu_percent":1}""")).Expect(200);
        var running = Guid.NewGuid();
        (await Client.PostTextAsync("operations", $$"""{"id":"{{running:N}}","metric_type":"model_operation","operation_name":"unix","start_time":"{{seconds}}"}""")).Expect(201);
        (await Client.PatchAsync($"operations/{running:N}", new { })).Expect(200);
        (await Client.PostTextAsync($"operations/{running:N}/complete", $$"""{"success":true,"end_time":{{seconds}}.25}""")).Expect(200);
        Assert.Equal(5, (await Client.GetAsync($"metrics/model_operation?name=unix&from={seconds}&to={seconds}.9")).Expect(200)["statistics"].GetProperty("count").GetInt32());
        Assert.Equal(0, (await Client.GetAsync($"metrics/model_operation?name=unix&from={seconds}.95")).Expect(200)["statistics"].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_strict_batch_with_a_rejected_item_is_answered_422_and_the_others_are_stored()
    {
        Assert.Equal(1, (await Client.PostTextAsync(Path, $"[{Item("strict")},17]")).Expect(200)["accepted"].GetInt32());
        var answer = (await Client.PostTextAsync(Path + "?strict=true", $"[{Item("strict")},17]")).ExpectProblem(422, "1 of 2 items were rejected", "item 1");
        Assert.Equal((1, 0, 1), (answer["accepted"].GetInt32(), answer["duplicates"].GetInt32(), answer["rejected"].GetArrayLength()));
        Assert.Equal(2, (await Client.GetAsync("metrics/model_operation?name=strict")).Expect(200)["items"].GetArrayLength());
        (await Client.PostTextAsync(Path + "?strict=true", $"[{Item("strict")}]")).Expect(200);
        (await Client.PostTextAsync(Path + "?strict=perhaps", "[]")).ExpectProblem(400, "strict");
    }

    [Theory]
    [InlineData("json", "application/json")]
    [InlineData("ndjson", Lines)]
    public async Task An_export_is_taken_by_another_portal_whatever_it_contains(string ending, string mediaType)
    {
        // Doubles, private-use characters and line ends take more bytes when the portal writes them.
        string text = string.Concat(Enumerable.Repeat("\\n\uE000", 1_000));
        string longAgo = SampleReports.Text(SampleReports.Now.AddDays(-200));
        string[] items =
        [
            Item("exported", $"\"metadata\":{{\"seed\":18446744073709551557,\"text\":\"{text}\",\"deep\":{new string('[', 62)}{new string(']', 62)}}}"),
            Item("exported", "\"success\":null,\"status\":\"abandoned\""),
            Item("exported", $"\"success\":null,\"status\":\"abandoned\",\"start_time\":\"{longAgo}\",\"duration_seconds\":null,\"end_time\":\"{SampleReports.Text(SampleReports.Now.AddMinutes(-1))}\""),
            Item("exported", "\"success\":null,\"status\":\"cancelled\",\"progress\":{\"done\":1,\"total\":2}"),
            Item("exported", "\"success\":false,\"error_message\":\"" + new string('é', 8 * 1024) + "\""),
        ];
        Assert.Equal(0, (await Client.PostTextAsync(Path, string.Join('\n', items), Lines)).Expect(200)["rejected"].GetArrayLength());
        var export = (await Client.GetAsync($"/export/operations.{ending}?name=exported&window=1h&sort=start_time")).Expect(200);
        Assert.Equal(mediaType, export.MediaType);

        await using var other = await PortalFactory.StartAsync();
        var answer = (await other.Client.PostTextAsync(Path + "?strict=true", export.Text, mediaType)).Expect(200);
        Assert.True(answer["accepted"].GetInt32() >= items.Length, answer.Text);
        var again = (await other.Client.GetAsync($"/export/operations.{ending}?name=exported&window=1h&sort=start_time")).Expect(200);
        Assert.Equal(Metadata(export), Metadata(again));

        static string Metadata(Answer answer) => string.Join('\n', answer.Text.Split("\"metadata\":").Skip(1).Select(part => part.Split("\"events\"")[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Metadata_that_grows_beyond_its_limit_by_merging_is_refused()
    {
        var id = Guid.NewGuid();
        (await Client.PostAsync("operations", new { id, metric_type = "model_operation", operation_name = "grown", metadata = new { a = new string('a', 10_000) } })).Expect(201);
        (await Client.PatchAsync($"operations/{id}", new { metadata = new { b = new string('b', 10_000) } })).ExpectProblem(400, "metadata would have");
        (await Client.PatchAsync($"operations/{id}", new { metadata = new { a = (string?)null, b = new string('b', 10_000) } })).Expect(200);
        (await Client.PatchAsync($"operations/{id}", new { metadata = new { b = "short" } })).Expect(200);
    }

    [Fact]
    public async Task Thirty_million_items_in_a_small_gzip_body_are_refused_at_the_item_limit()
    {
        byte[] items = new byte[(60 * 1024 * 1024) + 1];
        for (int i = 1; i < items.Length; i += 2)
        {
            (items[i - 1], items[i]) = ((byte)',', (byte)'0');
        }

        (items[0], items[^1]) = ((byte)'[', (byte)']');
        byte[] packed = Pack(items);
        Assert.True(packed.Length < 400_000);
        (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(packed, "application/json", "gzip"))).ExpectProblem(413, "at most 100000 operations");
        (await Client.SendAsync(HttpMethod.Post, "resources", PortalClient.Bytes(packed, "application/json", "gzip"))).ExpectProblem(400);
        var one = await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(Pack([(byte)'[', .. items, (byte)']']), "application/json", "gzip"));
        Assert.Contains("bytes; at most", Assert.Single(one.Expect(200)["rejected"].EnumerateArray()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, portal.Services.GetRequiredService<BodyBudget>().Used);
    }

    [Theory]
    [InlineData("POST", "operations")]
    [InlineData("PATCH", "operations/018f2f6e-7c1a-7000-8000-000000000001")]
    [InlineData("POST", "operations/018f2f6e-7c1a-7000-8000-000000000001/complete")]
    [InlineData("POST", "resources")]
    [InlineData("POST", "settings/thresholds/preview")]
    [InlineData("PUT", "benchmarks/baseline")]
    [InlineData("POST", "recommendations/x/dismiss")]
    public async Task A_body_that_is_no_batch_ends_at_64_KiB_as_sent_and_unpacked(string method, string path)
    {
        byte[] body = Encoding.UTF8.GetBytes($"{{\"x\":\"{new string('x', 64 * 1024)}\"}}");
        (await Client.SendAsync(new(method), path, PortalClient.Bytes(body, "application/json"))).ExpectProblem(413, "64 KiB");
        (await Client.SendAsync(new(method), path, PortalClient.Bytes(Pack(body), "application/json", "gzip"))).ExpectProblem(413, "64 KiB");
    }

    [Fact]
    public async Task Large_batches_wait_while_the_memory_for_bodies_is_used_up_and_small_reports_do_not()
    {
        var budget = portal.Services.GetRequiredService<BodyBudget>();
        Assert.True(budget.TryTake(BodyBudget.PortalBytes));
        try
        {
            byte[] large = Encoding.UTF8.GetBytes("[" + new string(' ', 300_000) + "]");
            var answer = (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(Pack(large), "application/json", "gzip"))).ExpectProblem(503, "memory");
            Assert.NotNull(answer.Headers.RetryAfter);
            (await Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(large, "application/json"))).ExpectProblem(503, "memory");
            (await Client.PostTextAsync(Path, $"[{Item("small")}]")).Expect(200);
            (await Client.PostTextAsync("operations", $$"""{"metric_type":"model_operation","operation_name":"small","x":"{{new string('x', 65_000)}}"}""")).Expect(201);
        }
        finally
        {
            budget.Give(BodyBudget.PortalBytes);
        }

        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task Odd_gzip_bodies_are_taken_or_refused_for_what_they_are()
    {
        byte[] packed = Pack(Encoding.UTF8.GetBytes($"[{Item("members")}]"));
        byte[] empty = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        (await Send([.. packed, .. empty, .. empty])).Expect(200);
        (await Send([.. empty, .. packed])).Expect(200);
        (await Send([])).ExpectProblem(400, "gzip");
        (await Send(empty)).ExpectProblem(400, "The body is empty");
        (await Send(packed[..^3])).ExpectProblem(400, "truncated");
        (await Send([.. packed, .. empty[..10]])).ExpectProblem(400, "gzip");
        (await Send([.. packed, 1, 2, 3])).ExpectProblem(400, "gzip");
        (await Send([.. Enumerable.Repeat(empty, 20_000).SelectMany(bytes => bytes), .. packed])).Expect(200);

        Task<Answer> Send(byte[] bytes) => Client.SendAsync(HttpMethod.Post, Path, PortalClient.Bytes(bytes, "application/json", "gzip"));
    }

    private static void Contains(string text, Answer answer) => Assert.Contains(text, answer.Text, StringComparison.Ordinal);

    private static ByteArrayContent Bytes(string text, string mediaType, string encoding)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return encoding.Length == 0 ? PortalClient.Bytes(bytes, mediaType) : PortalClient.Bytes(Pack(bytes), mediaType, encoding);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>An item that ended a minute ago; the last of two members with one name counts.</summary>
    private static string Item(string name, string? member = null)
    {
        string json = JsonSerializer.Serialize(SampleReports.Ended(name));
        return member is null ? json : $"{json[..^1]},{member}}}";
    }
}
