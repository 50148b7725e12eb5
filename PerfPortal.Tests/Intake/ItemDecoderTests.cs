using System.Globalization;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;
using Xunit;

namespace PerfPortal.Tests.Intake;

/// <summary>The decoder reads an item as the document reader does, or declines it; both are checked by one validator.</summary>
public sealed class ItemDecoderTests
{
    private const string Usual =
        """{"id":"018f2f6e-7c1a-7000-8000-000000000001","metric_type":"model_operation","operation_name":"generate","source":"gpu-1","start_time":"2026-03-01T12:00:00.123456Z","duration_seconds":1.25,"success":true,"metadata":{"model":"llama","input_tokens":12,"output_tokens":1e2,"tokens_per_second":80.5,"cached":true,"note":null,"tags":["a",1],"who":{"x":"é"}},"resource_usage":{"start_cpu_percent":1.5},"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","parent_id":"b7ad6b7169203331","unknown":[{"a":1}]}""";

    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Members and values of which items are put together; good ones, odd ones and wrong ones.</summary>
    private static readonly (string Name, string[] Values)[] Members =
    [
        ("id", ["\"018f2f6e-7c1a-7000-8000-000000000001\"", "\" 018f2f6e-7c1a-7000-8000-000000000001\"", "null", "1", "\"x\"", "\"018f2f6e7c1a70008000000000000001\"", "\"018F2F6E7C1A70008000-00000000001\""]),
        ("metric_type", ["\"model_operation\"", "\"download_operation\"", "\"health_check\"", "\"fallback_strategy\"", "\"analytics_collection\"", "\"system_resource\"", "\"Model_operation\"", "\"model\\u005foperation\"", "null"]),
        ("operation_name", ["\"load\"", "\" \"", "\"\"", "\"a\\\"b\"", "\"caf\\u00e9\"", "\"日本\"", "7", "\"\\ud800\"", "\"\\ud83d\\ude00\""]),
        ("source", ["\"gpu-1\"", "\"perfportal\"", "\"\"", "\" \"", "null", "[]"]),
        ("start_time", ["\"2026-03-01T12:00:00Z\"", "\"2026-03-01T12:00:00.1234567+02:00\"", "\"2026-03-01 12:00:00z\"", "\"2026-03-01T12:00:00\"", "null", "17", "1772366400.25", "\"1772366400\"", "1772366400000", "1.7723664e9", "-1", "1e30", "1e-400", "\"1772366400.1234567\"", "\"1772366400 \"", "1772366400.99999999999999999999999999999999999999", "[1]"]),
        ("end_time", ["\"2026-03-01T12:00:01Z\"", "\"2026-03-01T11:00:00Z\"", "\"2026-09-01T12:00:00Z\"", "null", "\"\"", "\"2026-03-01T12:00:01.25Z\"", "1772366401", "\"1772366401250\"", "1e999999", "true"]),
        ("duration_seconds", ["NaN", "1", "1.0005", "0", "-0.0", "-1", "1e7", "10000000.1", "1e400", "\"1\"", "null", "1.25"]),
        ("success", ["true", "false", "null", "1", "\"true\""]),
        ("status", ["\"succeeded\"", "\"failed\"", "\"cancelled\"", "\"running\"", "\"abandoned\"", "null", "\"\""]),
        ("error_type", ["\"timeout\"", "null", "5"]),
        ("error_message", ["\"it broke\\nand again\"", "null", "\"\"", "{}"]),
        ("metadata", ["{}", "null", "[]", "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":null}", "{\"\":1}", "{\"a\":-0}", "{\"a\":1e999}", "{\"a\":9223372036854775808}", "{\"seed\":18446744073709551557,\"x\":-0.12345678901234567891,\"y\":1e-7}", "{\"input_tokens\":18446744073709551557}", "{\"a\":NaN}", "{\"a\":[1,-Infinity]}", "{\"a\":1.0,\"b\":[ 1 , {} ]}", "{\"input_tokens\":-1}", "{\"input_tokens\":1.5}", "{\"retry_count\":2,\"url\":\"u\"}", "{\"integrity_score\":1.1}", "{\"cache_hit\":1}", "{\"cache_hit\":null}", "{\"a\\n\":\"b\\t\"}", "{\"m\":\"\\udc00\"}", "{\"m\":[\"\\udc00\"]}", "{\"\\ud800\":1}", "{\"x\":{\"\\ud800\":1}}"]),
        ("progress", ["{\"done\":1,\"total\":2,\"unit\":\"files\"}", "{}", "null"]),
        ("resource_usage", ["{}", "{\"cpu\":1}", "{\"cpu\":null}", "{\"cpu\":1,\"cpu\":2}", "{\"cpu\":\"x\"}", "null"]),
        ("trace_id", ["\"0AF7651916cd43dd8448eb211c80319c\"", "\"00000000000000000000000000000000\"", "null", "\"\""]),
        ("span_id", ["\"b7ad6b7169203331\"", "\"b7ad6b71692033\"", "null"]),
        ("parent_id", ["\"b7ad6b7169203331\"", "\"018F2F6E-7c1a-7000-8000-000000000001\"", "\"me\"", "null"]),
        ("unknown", ["1", "{\"\\ud800\":1}", "[[{}]]", "\"\\ud800\"", "null"]),
        ("ID", ["1"]),
        ("i\\u0064", ["\"018f2f6e-7c1a-7000-8000-000000000002\""]),
    ];

    private static readonly string[] Core =
        ["\"metric_type\":\"model_operation\"", "\"operation_name\":\"load\"", "\"start_time\":\"2026-03-01T12:00:00Z\"", "\"duration_seconds\":1.25", "\"success\":true"];

    [Fact]
    public void A_usual_item_is_taken_with_everything_that_it_says()
    {
        var operation = Fast(Usual)?.Operation;
        Assert.NotNull(operation);
        Assert.Equal("", Difference(operation, Slow(Usual)!.Operation!));
        Assert.Equal(["model", "input_tokens", "output_tokens", "tokens_per_second", "cached", "tags", "who"], operation.Metadata.Select(member => member.Key));
        Assert.Equal((Guid.Parse("018f2f6e-7c1a-7000-8000-000000000001"), TimeSpan.FromSeconds(1.25)), (operation.Id, operation.Duration!.Value));
    }

    [Property(MaxTest = 3_000)]
    public Property An_item_of_good_odd_and_wrong_members_is_read_alike() => Prop.ForAll(
        (from core in Gen.SubListOf(Core)
         from whole in Gen.Frequency((4, Gen.Constant(true)), (1, Gen.Constant(false)))
         from added in Gen.ListOf(from member in Gen.Elements(Members) from value in Gen.Elements(member.Values) select $"\"{member.Name}\":{value}")
         from shuffled in Gen.Shuffle((IEnumerable<string>)[.. whole ? Core.Where(text => !added.Take(3).Any(other => other.StartsWith(text.Split(':')[0], StringComparison.Ordinal))) : core, .. added.Take(3)])
         select "{" + string.Join(",", shuffled) + "}").ToArbitrary(),
        Agrees);

    [Property(MaxTest = 3_000)]
    public Property A_usual_item_with_bytes_changed_is_read_alike() => Prop.ForAll(
        (from changes in Gen.Choose(1, 3)
         from places in Gen.ArrayOf(Gen.Choose(0, Usual.Length - 1), changes)
         from letters in Gen.ArrayOf(Gen.Elements("0159-+.eE\"\\{}[],: \tuntZé".ToCharArray()), changes)
         select places.Zip(letters).Aggregate(Usual, (text, change) => text[..change.First] + change.Second + text[(change.First + 1)..])).ToArbitrary(),
        Agrees);

    [Fact]
    public void Every_bound_is_the_same_on_both_ways()
    {
        foreach (int length in new[] { 199, 200, 201 })
        {
            Assert.True(Agrees(With($"\"operation_name\":\"{new string('n', length)}\"")));
            Assert.True(Agrees(With($"\"source\":\"{new string('é', length)}\"")));
            Assert.True(Agrees(With($"\"error_type\":\"{new string('e', length)}\"")));
            Assert.True(Agrees(With($"\"metadata\":{{\"{new string('k', length)}\":1}}")));
            Assert.True(Agrees(With($"\"resource_usage\":{{\"{new string('k', length)}\":1}}")));
        }

        foreach (int count in new[] { 31, 32, 33, 63, 64, 65 })
        {
            string members = string.Join(",", Enumerable.Range(0, count).Select(i => $"\"m{i}\":{(i % 9 == 0 ? "null" : "1")}"));
            Assert.True(Agrees(With($"\"metadata\":{{{members}}}")));
            Assert.True(Agrees(With($"\"resource_usage\":{{{members.Replace("null", "2", StringComparison.Ordinal)}}}")));
        }

        foreach (int bytes in new[] { 16 * 1024 - 9, 16 * 1024 - 8, 16 * 1024 - 7, 16 * 1024 - 6 })
        {
            Assert.True(Agrees(With($"\"metadata\":{{\"m\":\"{new string('m', bytes)}\"}}")));
        }

        Assert.True(Agrees(With($"\"error_message\":\"{new string('é', 8 * 1024)}\"")));
    }

    [Fact]
    public void An_item_without_an_id_gets_one_of_the_millisecond_of_its_start()
    {
        var operation = Fast(With("\"source\":\"a\""))!.Operation!;
        Assert.Equal(7, operation.Id.Version);
        Assert.Equal(operation.StartTime.ToUnixTimeMilliseconds(), Convert.ToInt64(operation.Id.ToString("N")[..12], 16));
        Assert.NotEqual(operation.Id, Fast(With("\"source\":\"a\""))!.Operation!.Id);
    }

    [Fact]
    public void A_batch_keeps_the_order_of_good_odd_and_wrong_items()
    {
        string[] items = [With("\"source\":\"fast\""), "17", With("\"progress\":{\"done\":1}"), "{\"success\":[{\"a\":[]}]}", "[[]]", With("\"operation_name\":\"\\ud83d\\ude00\""), "{\"\\ud800\":1}", "\"x\"", With("\"source\":\"last\"")];
        string body = "[" + string.Join(" ,\n", items) + "]";
        var (batch, _) = BatchReader.ReadArray(Encoding.UTF8.GetBytes(body), "key", Now);
        var (lines, _) = BatchReader.ReadLines(Encoding.UTF8.GetBytes(string.Join("\r\n", items)), "key", Now);
        foreach (var read in new[] { batch!, lines! })
        {
            Assert.Equal(items.Length, read.Count);
            Assert.Equal([0, 2, 5, 8], read.Places);
            Assert.Equal(["fast", "key", "key", "last"], read.Operations.Select(operation => operation.Source));
            Assert.Equal([1, 3, 4, 6, 7], read.Rejected.Select(item => item.Index));
        }
    }

    private static string With(string member)
    {
        string name = member.Split(':')[0];
        return "{" + string.Join(",", Core.Where(text => !text.StartsWith(name, StringComparison.Ordinal)).Append(member)) + "}";
    }

    /// <summary>What the decoder reads, it reads as the document reader does: one operation or the same errors. A batch gives what the document reader gives.</summary>
    private static bool Agrees(string item)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(item);
        var slow = Slow(item);
        if (Fast(item) is { } fast)
        {
            Assert.NotNull(slow);
            Assert.True(fast.Errors.Order(StringComparer.Ordinal).SequenceEqual(slow.Errors.Order(StringComparer.Ordinal)), $"{item}: {string.Join(' ', fast.Errors)} / {string.Join(' ', slow.Errors)}");
            Assert.True(fast.Operation is null || Difference(fast.Operation, slow.Operation!).Length == 0, item);
        }

        var (lines, _) = BatchReader.ReadLines(bytes, "key", Now);
        if (!item.Contains('\n', StringComparison.Ordinal))
        {
            Assert.True((slow?.Operation is null ? 0 : 1) == lines!.Operations.Count, item);
        }

        var (batch, problem) = BatchReader.ReadArray(Encoding.UTF8.GetBytes($"[{item},{item}]"), "key", Now);
        Assert.True(problem is not null || batch!.Operations.Count == (slow?.Operation is null ? 0 : 2), item);
        return true;
    }

    /// <summary>By the decoder and the validator; <see langword="null"/> when the decoder declines.</summary>
    private static Result? Fast(string item)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(item);
        if (PerfPortal.Server.Intake.MemberNames.MayContainLoneSurrogate(bytes))
        {
            return null;
        }

        var reader = new Utf8JsonReader(bytes);
        try
        {
            return reader.Read() && new ItemDecoder().TryRead(ref reader, bytes, out var draft) && !reader.Read() ? Validate(in draft, []) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>By a document and the validator; <see langword="null"/> when it is not JSON, or a member has no valid name.</summary>
    private static Result? Slow(string item)
    {
        var errors = new List<ValidationError>();
        try
        {
            using var document = JsonDocument.Parse(item);
            return !PerfPortal.Server.Intake.MemberNames.AreValid(document.RootElement) ? null
                : OperationBodies.TryReadEnded(document.RootElement, new(errors), out var draft) ? Validate(in draft, errors)
                : new(null, [.. errors.Select(error => error.ToString())]);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Result Validate(in ReportDraft draft, List<ValidationError> errors)
    {
        var operation = new OperationValidator("key", Now).Ended(in draft, new(errors));
        return new(operation, [.. errors.Select(error => error.ToString())]);
    }

    private sealed record Result(Operation? Operation, List<string> Errors);

    /// <summary>Where two operations differ; ids that the portal made are not compared.</summary>
    private static string Difference(Operation left, Operation right) => string.Join(", ", Facts(left).Zip(Facts(right)).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.First} / {pair.Second}"));

    private static IEnumerable<string> Facts(Operation operation) =>
    [
        operation.Id.ToString().StartsWith("018f2f6e", StringComparison.Ordinal) ? operation.Id.ToString() : "made", operation.MetricType.ToString(), operation.Name, operation.Source, operation.Status.ToString(),
        operation.StartTime.ToString("O", CultureInfo.InvariantCulture), operation.EndTime?.ToString("O", CultureInfo.InvariantCulture) ?? "", operation.ErrorType ?? "-", operation.ErrorMessage ?? "-",
        operation.Progress?.ToString() ?? "-", string.Join(";", operation.Metadata.Select(member => $"{member.Key}={member.Value.Kind} {member.Value}")),
        operation.ResourceUsage is { } usage ? string.Join(";", usage.Select(member => $"{member.Key}={member.Value.ToString(CultureInfo.InvariantCulture)}")) : "-",
        operation.TraceId ?? "-", operation.SpanId ?? "-", operation.ParentId ?? "-", operation.Events.Count.ToString(CultureInfo.InvariantCulture),
    ];
}
