using System.Text.Json;
using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Reads operation reports from JSON documents. Each method adds an error for every value of the wrong type and leaves validation
/// to <see cref="OperationValidator"/>; it returns <see langword="false"/> when the value is not an object.
/// </summary>
internal static class OperationBodies
{
    /// <summary>Reads the body of a start.</summary>
    public static bool TryReadStart(JsonElement body, FieldErrors errors, out ReportDraft draft)
    {
        draft = default;
        if (MemberReader.Begin(body, errors) is not { } members)
        {
            return false;
        }

        draft.StartTime = members.Time("start_time");
        ReadIdentity(members, ref draft);
        draft.Progress = ReadProgress(members);
        ReadMetadata(members, ref draft);
        RejectOutcome(members);
        return true;
    }

    /// <summary>Reads the body of a PATCH.</summary>
    public static bool TryReadUpdate(JsonElement body, FieldErrors errors, out ReportDraft draft)
    {
        draft = default;
        if (MemberReader.Begin(body, errors) is not { } members)
        {
            return false;
        }

        draft.Progress = ReadProgress(members);
        ReadMetadata(members, ref draft);
        return true;
    }

    /// <summary>Reads the body of a completion.</summary>
    public static bool TryReadCompletion(JsonElement body, FieldErrors errors, out ReportDraft draft)
    {
        draft = default;
        if (MemberReader.Begin(body, errors) is not { } members)
        {
            return false;
        }

        ReadOutcome(members, ref draft);
        ReadMetadata(members, ref draft);
        return true;
    }

    /// <summary>Reads an item of a batch: a completed operation.</summary>
    public static bool TryReadEnded(JsonElement item, FieldErrors errors, out ReportDraft draft)
    {
        draft = default;
        if (MemberReader.Begin(item, errors) is not { } members)
        {
            return false;
        }

        draft.StartTime = members.Time("start_time");
        ReadOutcome(members, ref draft);
        ReadIdentity(members, ref draft);
        draft.Progress = ReadProgress(members);
        ReadMetadata(members, ref draft);
        return true;
    }

    private static void ReadIdentity(MemberReader members, ref ReportDraft draft)
    {
        draft.Id = members.Id("id");
        draft.MetricType = members.MetricType("metric_type");
        draft.Name = members.Text("operation_name");
        draft.Source = members.Text("source");
        draft.TraceId = members.Text("trace_id");
        draft.SpanId = members.Text("span_id");
        draft.ParentId = members.Text("parent_id");
    }

    private static void ReadOutcome(MemberReader members, ref ReportDraft draft)
    {
        draft.Success = members.Flag("success");
        draft.Status = ReadStatus(members);
        draft.EndTime = members.Time("end_time");
        draft.DurationSeconds = members.Number("duration_seconds");
        draft.ErrorType = members.Text("error_type");
        draft.ErrorMessage = members.Text("error_message");
        draft.ResourceUsage = ReadResourceUsage(members);
    }

    /// <summary>Rejects the outcome of an operation in its start: ignored, it would leave an operation in progress that has ended.</summary>
    private static void RejectOutcome(MemberReader members)
    {
        foreach (string name in (ReadOnlySpan<string>)["success", "status", "end_time", "duration_seconds"])
        {
            if (members.Find(name) is { } value && !(name == "status" && value.ValueKind == JsonValueKind.String && value.ValueEquals("running"u8)))
            {
                members.AddError(name, $"{name} cannot be part of a start. Report an operation that has ended with POST /operations/batch, or end this one with POST /operations/{{id}}/complete.");
            }
        }
    }

    /// <summary>Reads the status; an unknown status is mapped to one that is not allowed in a report.</summary>
    private static OperationStatus? ReadStatus(MemberReader members) => members.Text("status") is not { } text ? null
        : OperationStatuses.TryParse(text, out var status) ? status
        : OperationStatus.Running;

    private static ProgressDraft? ReadProgress(MemberReader members) =>
        members.Object("progress") is { } progress ? new(progress.Number("done"), progress.Number("total"), progress.Text("unit")) : null;

    /// <summary>Reads the metadata.</summary>
    public static void ReadMetadata(MemberReader members, ref ReportDraft draft)
    {
        if (members.Object("metadata") is not { } metadata)
        {
            return;
        }

        var read = new List<KeyValuePair<string, MetadataValue>>();
        foreach (var member in metadata.Members)
        {
            // One excess member is sufficient for the validator to reject the metadata.
            if (read.Count > OperationLimits.MetadataMembers)
            {
                break;
            }

            if (member.Value.ValueKind == JsonValueKind.String && !MemberReader.TryGetString(member.Value, out _))
            {
                metadata.AddError(member.Name, $"{member.Name} is not valid Unicode.");
            }
            else if (member.Value.ValueKind == JsonValueKind.Number && !double.IsFinite(member.Value.GetDouble()))
            {
                metadata.AddError(member.Name, $"{member.Name} must be a finite number.");
            }
            else
            {
                read.Add(new(member.Name, MetadataValue.From(member.Value)));
            }
        }

        draft.Metadata = read.ToArray();
        draft.MetadataBytes = metadata.ByteCount;
    }

    private static Dictionary<string, double>? ReadResourceUsage(MemberReader members)
    {
        if (members.Object("resource_usage") is not { } usage)
        {
            return null;
        }

        var read = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var member in usage.Members)
        {
            if (read.Count > OperationLimits.ResourceUsageMembers)
            {
                break;
            }

            if (usage.Number(member.Name) is { } value)
            {
                read[member.Name] = value;
            }
        }

        return read.Count == 0 ? null : read;
    }
}
