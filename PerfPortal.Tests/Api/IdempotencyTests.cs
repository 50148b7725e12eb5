using System.Text;
using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>A resend counts once even though the client sends no ids.</summary>
public sealed class IdempotencyTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Batch = "operations/batch";

    private PortalClient Client => portal.Client;

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task A_body_without_ids_that_is_sent_again_counts_once_and_a_bad_item_does_not_matter(string mediaType)
    {
        string name = "again-" + mediaType[^4..];
        var items = Enumerable.Range(0, 5).Select(_ => Ended(name)).Append(Ended("")).Append(Ended(name));
        string body = mediaType == "application/json" ? JsonSerializer.Serialize(items) : string.Join('\n', items.Select(item => JsonSerializer.Serialize(item)));
        Expect(await Client.PostTextAsync(Batch, body, mediaType), 6, 0, 1);
        Expect(await Client.PostTextAsync(Batch, body, mediaType), 0, 6, 1);

        // Another body is another report, even if its operations are equal.
        Expect(await Client.PostTextAsync(Batch, body + "\n", mediaType), 6, 0, 1);
    }

    [Fact]
    public async Task With_a_key_equal_bodies_are_two_reports_and_one_key_is_one_report()
    {
        string body = JsonSerializer.Serialize(new[] { Ended("keyed"), Ended("keyed") });
        Expect(await SendAsync(Batch, body, "k-1"), 2, 0, 0);
        Expect(await SendAsync(Batch, body, "k-2"), 2, 0, 0);
        Expect(await SendAsync(Batch, body, "\"k-1\""), 0, 2, 0);
        (await SendAsync(Batch, body + " ", "k-1")).ExpectProblem(422, "another body");
    }

    [Fact]
    public async Task A_start_without_a_time_is_recognised_by_its_key_also_after_its_end_and_not_without_a_key()
    {
        string body = JsonSerializer.Serialize(new { metric_type = "model_operation", operation_name = "keyed start" });
        var first = (await SendAsync("operations", body, "s-1")).Expect(201);
        Assert.Equal(first["id"].GetGuid(), (await SendAsync("operations", body, "s-1")).Expect(200)["id"].GetGuid());
        (await Client.PostAsync($"operations/{first["id"].GetGuid()}/complete", new { success = true })).Expect(200);
        Assert.Equal("succeeded", (await SendAsync("operations", body, "s-1")).Expect(200)["status"].GetString());
        Assert.NotEqual(first["id"].GetGuid(), (await SendAsync("operations", body, "s-2")).Expect(201)["id"].GetGuid());
        (await SendAsync("operations", body, null)).Expect(201);
        (await SendAsync("operations", body, null)).Expect(201);
    }

    [Fact]
    public async Task A_report_that_was_not_valid_does_not_use_up_its_key()
    {
        (await SendAsync("operations", """{"operation_name":"fixed"}""", "f-1")).ExpectProblem(400, "metric_type");
        (await SendAsync("operations", """{"operation_name":"fixed","metric_type":"model_operation"}""", "f-1")).Expect(201);
        (await SendAsync(Batch, "{}", "f-2")).ExpectProblem(400);
        Expect(await SendAsync(Batch, JsonSerializer.Serialize(new[] { Ended("fixed") }), "f-2"), 1, 0, 0);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("x256")]
    public async Task A_key_that_is_empty_or_too_long_is_refused(string key)
    {
        key = key == "x256" ? new string('x', 256) : key;
        (await SendAsync("operations", """{"operation_name":"a","metric_type":"model_operation"}""", key)).ExpectProblem(400, "Idempotency-Key");
        (await SendAsync(Batch, "[]", key)).ExpectProblem(400, "Idempotency-Key");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public async Task A_client_clock_that_is_off_by_a_minute_is_marked_and_the_duration_is_that_of_the_portal(int ahead)
    {
        string start = SampleReports.Text(SampleReports.Now.AddSeconds(ahead));
        var started = (await Client.PostAsync("operations", new { metric_type = "model_operation", operation_name = "skewed", start_time = start })).Expect(201);
        var ended = (await Client.PostAsync($"operations/{started["id"].GetGuid()}/complete", new { success = true })).Expect(200);
        Assert.InRange(ended["duration_seconds"].GetDouble(), 0, 30);
        Assert.Equal(ahead, ended["metadata"].GetProperty("clock_skew_seconds").GetDouble(), 20.0);
    }

    private static Dictionary<string, object?> Ended(string name)
    {
        var item = SampleReports.Ended(name);
        item.Remove("id");
        return item;
    }

    private static void Expect(Answer answer, int accepted, int duplicates, int rejected)
    {
        answer.Expect(200);
        Assert.Equal((accepted, duplicates, rejected), (answer["accepted"].GetInt32(), answer["duplicates"].GetInt32(), answer["rejected"].GetArrayLength()));
    }

    private Task<Answer> SendAsync(string path, string body, string? key)
    {
        var content = PortalClient.Bytes(Encoding.UTF8.GetBytes(body), "application/json");
        return key is null ? Client.SendAsync(HttpMethod.Post, path, content) : Client.SendAsync(HttpMethod.Post, path, content, ("Idempotency-Key", key));
    }
}
