using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Wire;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Intake;

/// <summary>Reads operations out of request bodies; every mistake of a body is named at once.</summary>
internal static class OperationBodies
{
    private static readonly TimeSpan AgreementTolerance = TimeSpan.FromMilliseconds(1);

    /// <summary>The body of a start: an operation that runs.</summary>
    public static Operation? ReadStart(JsonElement body, string defaultSource, DateTimeOffset now, List<ValidationError> errors)
    {
        if (MemberReader.Begin(body, "", errors) is not { } members)
        {
            return null;
        }

        var start = members.Time("start_time");
        if (start > now + OperationLimits.FutureTolerance)
        {
            members.AddError("start_time", "start_time lies more than 5 minutes in the future.");
        }

        return ReadIdentity(members, defaultSource, OperationStatus.Running, start ?? now.ToWholeMicroseconds(), null);
    }

    /// <summary>The body of a PATCH.</summary>
    public static (Progress? Progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> Metadata) ReadUpdate(JsonElement body, MetricType? type, List<ValidationError> errors)
    {
        return MemberReader.Begin(body, "", errors) is { } members ? (ReadProgress(members), ReadMetadata(members, type)) : (null, []);
    }

    /// <summary>The body of a completion.</summary>
    public static Ending? ReadEnding(JsonElement body, MetricType? type, DateTimeOffset? start, List<ValidationError> errors)
    {
        if (MemberReader.Begin(body, "", errors) is not { } members)
        {
            return null;
        }

        var status = ReadOutcome(members);
        var end = members.Time("end_time");
        var duration = ReadDuration(members);
        if (start is { } began)
        {
            CheckEnd(members, began, end, duration);
        }

        var ending = new Ending
        {
            Status = status ?? default,
            EndTime = end,
            Duration = end is null ? duration : null,
            ErrorType = members.Text("error_type", OperationLimits.ErrorTypeCharacters),
            ErrorMessage = members.LongText("error_message"),
            Metadata = ReadMetadata(members, type),
            ResourceUsage = ReadResourceUsage(members),
        };
        return members.IsValid ? ending : null;
    }

    /// <summary>An item of a batch: an operation that has ended.</summary>
    public static Operation? ReadEnded(JsonElement item, string pointer, string defaultSource, DateTimeOffset now, List<ValidationError> errors)
    {
        if (MemberReader.Begin(item, pointer, errors) is not { } members)
        {
            return null;
        }

        var status = ReadOutcome(members);
        var start = members.Time("start_time", isRequired: true);
        var end = members.Time("end_time");
        var duration = ReadDuration(members);
        if (end is null && duration is null && !members.Has("end_time") && !members.Has("duration_seconds"))
        {
            members.AddError("end_time", "end_time or duration_seconds is missing.");
        }

        if (start is { } began)
        {
            CheckEnd(members, began, end, duration);
            try
            {
                end ??= began + duration;
            }
            catch (ArgumentOutOfRangeException)
            {
                members.AddError("duration_seconds", "duration_seconds leads beyond the year 9999.");
            }
        }

        return ReadIdentity(members, defaultSource, status ?? default, start ?? now, end);
    }

    private static Operation? ReadIdentity(MemberReader members, string defaultSource, OperationStatus status, DateTimeOffset start, DateTimeOffset? end)
    {
        var id = members.Id("id");
        var type = members.MetricType("metric_type");
        string? name = members.Text("operation_name", OperationLimits.NameCharacters, isRequired: true);
        string? source = members.Text("source", OperationLimits.SourceCharacters);
        if (source == PortalSource.Name)
        {
            members.AddError("source", $"source {PortalSource.Name} is the portal's own.");
        }

        var progress = ReadProgress(members);
        var metadata = ReadMetadata(members, type);
        string? errorType = members.Text("error_type", OperationLimits.ErrorTypeCharacters);
        string? error = members.LongText("error_message");
        var usage = ReadResourceUsage(members);
        string? trace = members.Hex("trace_id", 32);
        string? span = members.Hex("span_id", 16);
        string? parent = ReadParent(members);
        return !members.IsValid
            ? null
            : new Operation
            {
                Id = id ?? OperationIds.Next(start),
                MetricType = type!.Value,
                Name = name!,
                Source = string.IsNullOrWhiteSpace(source) ? defaultSource : source,
                Status = status,
                StartTime = start,
                EndTime = end,
                ErrorType = errorType,
                ErrorMessage = OperationLimits.CutError(error),
                Progress = progress,
                Metadata = Metadata.Of(metadata),
                ResourceUsage = usage,
                TraceId = trace,
                SpanId = span,
                ParentId = parent,
            };
    }

    private static OperationStatus? ReadOutcome(MemberReader members)
    {
        bool? success = members.Flag("success");
        string? text = members.Text("status", 40);
        OperationStatus? status = success is { } well ? (well ? OperationStatus.Succeeded : OperationStatus.Failed) : null;
        if (text is null)
        {
            if (success is null && !members.Has("success") && !members.Has("status"))
            {
                members.AddError("success", "success or status is missing.");
            }

            return status;
        }

        if (!OperationStatuses.TryParse(text, out var named) || named is OperationStatus.Running or OperationStatus.Abandoned)
        {
            members.AddError("status", "status must be one of succeeded, failed, cancelled.");
            return status;
        }

        if (status is { } said && said != named)
        {
            members.AddError("status", $"status {text} contradicts success {(success!.Value ? "true" : "false")}.");
        }

        return named;
    }

    private static TimeSpan? ReadDuration(MemberReader members) =>
        members.Number("duration_seconds", 0, OperationLimits.MaxDuration.TotalSeconds) is { } seconds ? Microseconds.FromSeconds(seconds) : null;

    private static void CheckEnd(MemberReader members, DateTimeOffset start, DateTimeOffset? end, TimeSpan? duration)
    {
        if (end < start)
        {
            members.AddError("end_time", "end_time lies before start_time.");
        }
        else if (end is { } ended && duration is { } lasted && (ended - start - lasted).Duration() > AgreementTolerance)
        {
            members.AddError("duration_seconds", "duration_seconds and end_time differ by more than 1 ms.");
        }
        else if (end - start > OperationLimits.MaxDuration)
        {
            members.AddError("end_time", "end_time lies more than 10,000,000 seconds after start_time, the longest duration that is taken.");
        }
    }

    private static Progress? ReadProgress(MemberReader members)
    {
        if (!members.Has("progress") || members.Object("progress") is not { } progress)
        {
            return null;
        }

        double? done = progress.Number("done", 0, isRequired: true);
        double? total = progress.Number("total", 0);
        string? unit = progress.Text("unit", 40);
        return done is { } part ? new Progress(part, total, unit) : null;
    }

    private static List<KeyValuePair<string, MetadataValue>> ReadMetadata(MemberReader members, MetricType? type)
    {
        if (!members.Has("metadata") || members.Object("metadata") is not { } metadata)
        {
            return [];
        }

        var read = new List<KeyValuePair<string, MetadataValue>>();
        foreach (var member in metadata.Members)
        {
            if (read.Count == OperationLimits.MetadataMembers)
            {
                members.AddError("metadata", string.Create(CultureInfo.InvariantCulture, $"metadata has more than {OperationLimits.MetadataMembers} members."));
                return [];
            }

            if (member.Name.Length is 0 or > OperationLimits.MetadataKeyCharacters)
            {
                members.AddError("metadata", string.Create(
                    CultureInfo.InvariantCulture, $"The name of a metadata member has {member.Name.Length} characters; 1 to {OperationLimits.MetadataKeyCharacters} are taken."));
                continue;
            }

            if (member.Value.ValueKind == JsonValueKind.String && !MemberReader.TryGetString(member.Value, out _))
            {
                metadata.AddError(member.Name, $"{member.Name} is not valid Unicode.");
                continue;
            }

            if (member.Value.ValueKind == JsonValueKind.Number && !double.IsFinite(member.Value.GetDouble()))
            {
                metadata.AddError(member.Name, $"{member.Name} must be a finite number.");
                continue;
            }

            var value = MetadataValue.From(member.Value);
            if (type is { } known && KnownFacts.Check(known, member.Name, value) is { } error)
            {
                metadata.AddError(member.Name, error + ".");
                continue;
            }

            read.Add(new(member.Name, value));
        }

        if (metadata.ByteCount > OperationLimits.MetadataBytes)
        {
            members.AddError("metadata", string.Create(
                CultureInfo.InvariantCulture, $"metadata takes {metadata.ByteCount} bytes; at most {OperationLimits.MetadataBytes} are taken."));
        }

        return read;
    }

    private static Dictionary<string, double>? ReadResourceUsage(MemberReader members)
    {
        if (!members.Has("resource_usage") || members.Object("resource_usage") is not { } usage)
        {
            return null;
        }

        var read = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var member in usage.Members)
        {
            if (read.Count == OperationLimits.ResourceUsageMembers || member.Name.Length > OperationLimits.MetadataKeyCharacters)
            {
                members.AddError("resource_usage", string.Create(
                    CultureInfo.InvariantCulture,
                    $"resource_usage takes at most {OperationLimits.ResourceUsageMembers} members with names of at most {OperationLimits.MetadataKeyCharacters} characters."));
                break;
            }

            if (usage.Number(member.Name) is { } value)
            {
                read[member.Name] = value;
            }
        }

        return read.Count == 0 ? null : read;
    }

    private static string? ReadParent(MemberReader members)
    {
        string? text = members.Text("parent_id", 40)?.ToLowerInvariant();
        if (text is null || Guid.TryParseExact(text, "D", out _) || (text.Length == 16 && text.All(char.IsAsciiHexDigit)))
        {
            return text;
        }

        members.AddError("parent_id", "parent_id must be the UUID of an operation or a span id of 16 hex digits.");
        return null;
    }
}
