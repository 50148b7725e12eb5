using PerfPortal.Domain.Operations;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;
using Xunit;

namespace PerfPortal.Tests.Intake;

/// <summary>The rules on values that never were JSON, as another receiver sends them.</summary>
public sealed class OperationValidatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private static ReportDraft Good => new()
    {
        MetricType = MetricType.ModelOperation,
        Name = "generate",
        StartTime = Now.AddSeconds(-10),
        EndTime = Now,
        Status = OperationStatus.Succeeded,
    };

    [Fact]
    public void Values_become_an_operation_with_times_in_microseconds_and_hex_in_lower_case()
    {
        var draft = Good;
        draft.StartTime = Now.AddSeconds(-1).AddTicks(7);
        draft.TraceId = "0AF7651916cd43dd8448eb211c80319C";
        draft.SpanId = "B7ad6b7169203331";
        draft.ParentId = "018F2F6E-7c1a-7000-8000-00000000000A";
        draft.Metadata = new KeyValuePair<string, MetadataValue>[] { new("model", MetadataValue.From("a")), new("x", MetadataValue.From(1L)), new("model", MetadataValue.From("b")), new("x", default) };
        var operation = Validate(draft).Operation!;
        Assert.Equal((Now.AddSeconds(-1), Now, "receiver"), (operation.StartTime, operation.EndTime, operation.Source));
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "018f2f6e-7c1a-7000-8000-00000000000a"), (operation.TraceId, operation.SpanId, operation.ParentId));
        Assert.Equal([new("model", MetadataValue.From("b"))], operation.Metadata);
        Assert.Equal(7, operation.Id.Version);
    }

    [Fact]
    public void Nothing_at_all_is_refused_for_everything_that_is_required()
    {
        Assert.Equal(["/success", "/start_time", "/end_time", "/metric_type", "/operation_name"], Validate(default).Errors.Select(error => error.Pointer));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "name", "/operation_name" }, { "blank name", "/operation_name" }, { "source", "/source" }, { "own source", "/source" }, { "error type", "/error_type" },
        { "early", "/start_time" }, { "late", "/end_time" }, { "future", "/end_time" }, { "before", "/end_time" }, { "long", "/end_time" }, { "NaN", "/duration_seconds" },
        { "negative", "/duration_seconds" }, { "disagreement", "/duration_seconds" }, { "running", "/status" }, { "contradiction", "/status" },
        { "progress", "/progress/done" }, { "total", "/progress/total" }, { "unit", "/progress/unit" }, { "members", "/metadata" }, { "key", "/metadata" }, { "bytes", "/metadata" },
        { "fact", "/metadata/input_tokens" }, { "usage", "/resource_usage/a~1b" }, { "usages", "/resource_usage" }, { "trace", "/trace_id" }, { "span", "/span_id" }, { "zero span", "/span_id" }, { "parent", "/parent_id" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_that_breaks_a_rule_is_refused_at_its_pointer(string what, string pointer)
    {
        var draft = Good;
        switch (what)
        {
            case "name": draft.Name = new('n', 201); break;
            case "blank name": draft.Name = " "; break;
            case "source": draft.Source = new('s', 201); break;
            case "own source": draft.Source = "perfportal"; break;
            case "error type": draft.ErrorType = new('e', 201); break;
            case "early": draft.StartTime = new(1969, 12, 31, 23, 59, 59, TimeSpan.Zero); break;
            case "late": draft.EndTime = new(2201, 1, 1, 0, 0, 0, TimeSpan.Zero); break;
            case "future": draft.EndTime = Now.AddSeconds(301); break;
            case "before": draft.EndTime = Now.AddSeconds(-11); break;
            case "long": draft.StartTime = Now.AddSeconds(-10_000_001); break;
            case "NaN": draft.DurationSeconds = double.NaN; break;
            case "negative": draft.DurationSeconds = -1; break;
            case "disagreement": draft.DurationSeconds = 10.0011; break;
            case "running": draft.Status = OperationStatus.Running; break;
            case "contradiction": draft.Success = false; break;
            case "progress": draft.Progress = new(null, 1, null); break;
            case "total": draft.Progress = new(1, double.PositiveInfinity, null); break;
            case "unit": draft.Progress = new(1, 1, new('u', 41)); break;
            case "members": draft.Metadata = Enumerable.Range(0, 65).Select(i => KeyValuePair.Create($"m{i}", MetadataValue.From(1L))).ToArray(); break;
            case "key": draft.Metadata = new KeyValuePair<string, MetadataValue>[] { new("", MetadataValue.From(1L)) }; break;
            case "bytes": draft.MetadataBytes = OperationLimits.MetadataBytes + 1; break;
            case "fact": draft.Metadata = new KeyValuePair<string, MetadataValue>[] { new("input_tokens", MetadataValue.From("many")) }; break;
            case "usage": draft.ResourceUsage = new() { ["a/b"] = double.NaN }; break;
            case "usages": draft.ResourceUsage = Enumerable.Range(0, 33).ToDictionary(i => $"u{i}", _ => 1d); break;
            case "trace": draft.TraceId = "0af7651916cd43dd8448eb211c80319g"; break;
            case "span": draft.SpanId = "b7ad6b71692033"; break;
            case "zero span": draft.SpanId = "0000000000000000"; break;
            case "parent": draft.ParentId = "me"; break;
        }

        var (operation, errors) = Validate(draft);
        Assert.Null(operation);
        Assert.Equal(pointer, Assert.Single(errors).Pointer);
    }

    [Fact]
    public void What_is_just_within_its_limit_is_accepted()
    {
        var draft = Good;
        draft.Name = new('n', 200);
        draft.EndTime = Now.AddMinutes(5);
        draft.DurationSeconds = 310.001;
        draft.Metadata = Enumerable.Range(0, 64).Select(i => KeyValuePair.Create($"m{i}", MetadataValue.From(1L))).ToArray();
        draft.MetadataBytes = OperationLimits.MetadataBytes;
        draft.ResourceUsage = Enumerable.Range(0, 32).ToDictionary(i => $"u{i}", _ => 1d);
        Assert.Empty(Validate(draft).Errors);
    }

    [Fact]
    public void An_update_and_a_completion_count_the_metadata_that_the_operation_has()
    {
        var running = Validate(Good).Operation! with { EndTime = null, Metadata = Metadata.Of([.. Enumerable.Range(0, 64).Select(i => KeyValuePair.Create($"m{i}", MetadataValue.From(1L)))]) };
        var draft = new ReportDraft { Success = true, Metadata = new KeyValuePair<string, MetadataValue>[] { new("one more", MetadataValue.From(1L)) } };
        var errors = new List<ValidationError>();
        Assert.Null(OperationValidator.Update(in draft, running, new(errors)));
        Assert.Null(new OperationValidator("receiver", Now).Completion(in draft, running, new(errors)));
        Assert.All(errors, error => Assert.Equal("/metadata", error.Pointer));
        Assert.NotNull(OperationValidator.Update(in draft, null, new([])));
    }

    [Fact]
    public void A_completion_is_checked_against_its_start_if_that_is_known()
    {
        var validator = new OperationValidator("receiver", Now);
        var draft = new ReportDraft { Success = true, EndTime = Now.AddSeconds(-20) };
        var errors = new List<ValidationError>();
        Assert.Equal(draft.EndTime, validator.Completion(in draft, null, new(errors))!.EndTime);
        Assert.Null(validator.Completion(in draft, Validate(Good).Operation, new(errors)));
        Assert.Equal("/end_time", Assert.Single(errors).Pointer);
    }

    private static (Operation? Operation, List<ValidationError> Errors) Validate(ReportDraft draft)
    {
        var errors = new List<ValidationError>();
        return (new OperationValidator("receiver", Now).Ended(in draft, new(errors)), errors);
    }
}
