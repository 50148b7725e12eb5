using System.Buffers;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Every rule that a reported operation must satisfy, however it was sent: a start, an update, a completion or an item of a batch.
/// Readers fill a <see cref="ReportDraft"/> and report values of the wrong type; everything else is refused here, all errors at once.
/// One rule follows later because it depends on settings: <see cref="OperationReports"/> refuses ends before the retention horizon.
/// Not safe for concurrent use.
/// </summary>
/// <param name="defaultSource">The source of operations that name none.</param>
/// <param name="now">The current time, UTC.</param>
internal sealed class OperationValidator(string defaultSource, DateTimeOffset now)
{
    private const int UnitCharacters = 40;
    private const int TraceIdLength = 32;
    private const int SpanIdLength = 16;
    private const int IdsAtOnce = 64;
    private static readonly TimeSpan AgreementTolerance = TimeSpan.FromMilliseconds(1);
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private IdBlock _ids;

    /// <summary>A start: an operation in progress, started now unless it names a time.</summary>
    /// <returns><see langword="null"/> when there are errors; so do the other methods.</returns>
    public Operation? Start(in ReportDraft draft, FieldErrors errors)
    {
        var start = errors.CheckTime("start_time", draft.StartTime);
        if (start > now + OperationLimits.FutureTolerance)
        {
            errors.Add("start_time", "start_time is more than 5 minutes in the future.");
        }

        return Make(in draft, OperationStatus.Running, start ?? now.ToWholeMicroseconds(), null, errors);
    }

    /// <summary>An item of a batch: an operation that has ended. It needs an outcome, a start, and an end or a duration.</summary>
    public Operation? Ended(in ReportDraft draft, FieldErrors errors)
    {
        var status = CheckOutcome(in draft, errors);
        var start = errors.CheckTime("start_time", draft.StartTime);
        if (draft.StartTime is null)
        {
            errors.AddMissing("start_time");
        }

        if (draft.EndTime is null && draft.DurationSeconds is null && !errors.Has("end_time") && !errors.Has("duration_seconds"))
        {
            errors.Add("end_time", "end_time or duration_seconds is missing.");
        }

        var end = CheckEnd(start, errors.CheckTime("end_time", draft.EndTime), CheckDuration(in draft, errors), errors);
        return Make(in draft, status ?? default, start ?? now, end, errors);
    }

    /// <summary>A completion. It needs an outcome; without end and duration the operation ends now.</summary>
    /// <param name="draft">What was reported.</param>
    /// <param name="known">The operation that it ends; <see langword="null"/> when there is none, which is for the caller to refuse.</param>
    /// <param name="errors">Where errors go.</param>
    public Ending? Completion(in ReportDraft draft, Operation? known, FieldErrors errors)
    {
        var status = CheckOutcome(in draft, errors);
        var end = errors.CheckTime("end_time", draft.EndTime);
        var duration = CheckDuration(in draft, errors);
        CheckEnd(known?.StartTime, end, duration, errors);
        errors.CheckLength("error_type", draft.ErrorType, OperationLimits.ErrorTypeCharacters);
        CheckMetadata(in draft, known?.MetricType, known, errors);
        CheckResourceUsage(in draft, errors);
        return !errors.IsEmpty
            ? null
            : new Ending
            {
                Status = status!.Value,
                EndTime = end,
                Duration = end is null ? duration : null,
                ErrorType = draft.ErrorType,
                ErrorMessage = draft.ErrorMessage,
                Metadata = draft.Metadata.ToArray(),
                ResourceUsage = draft.ResourceUsage,
            };
    }

    /// <summary>An update of progress and metadata; without either it is a heartbeat.</summary>
    /// <param name="draft">What was reported.</param>
    /// <param name="running">The operation in progress, if it is known.</param>
    /// <param name="errors">Where errors go.</param>
    public static OperationUpdate? Update(in ReportDraft draft, Operation? running, FieldErrors errors)
    {
        var progress = CheckProgress(in draft, errors);
        CheckMetadata(in draft, running?.MetricType, running, errors);
        return errors.IsEmpty ? new(progress, draft.Metadata.ToArray()) : null;
    }

    private Operation? Make(in ReportDraft draft, OperationStatus status, DateTimeOffset start, DateTimeOffset? end, FieldErrors errors)
    {
        if (draft.MetricType is null)
        {
            errors.AddMissing("metric_type");
        }

        CheckName(draft.Name, errors);
        string source = errors.CheckSource(draft.Source, defaultSource);
        errors.CheckLength("error_type", draft.ErrorType, OperationLimits.ErrorTypeCharacters);
        var progress = CheckProgress(in draft, errors);
        CheckMetadata(in draft, draft.MetricType, null, errors);
        CheckResourceUsage(in draft, errors);
        string? trace = CheckHex("trace_id", draft.TraceId, TraceIdLength, errors);
        string? span = CheckHex("span_id", draft.SpanId, SpanIdLength, errors);
        string? parent = CheckParent(draft.ParentId, errors);
        return !errors.IsEmpty
            ? null
            : new Operation
            {
                Id = draft.Id ?? NextId(start),
                MetricType = draft.MetricType!.Value,
                Name = draft.Name!,
                Source = source,
                Status = status,
                StartTime = start,
                EndTime = end,
                ErrorType = draft.ErrorType,
                ErrorMessage = OperationLimits.CutError(draft.ErrorMessage),
                Progress = progress,
                Metadata = Metadata.Of(draft.Metadata.Span),
                ResourceUsage = draft.ResourceUsage,
                TraceId = trace,
                SpanId = span,
                ParentId = parent,
            };
    }

    /// <summary>The outcome that <c>success</c> and <c>status</c> agree on.</summary>
    private static OperationStatus? CheckOutcome(in ReportDraft draft, FieldErrors errors)
    {
        var byFlag = draft.Success is { } success ? (success ? OperationStatus.Succeeded : OperationStatus.Failed) : (OperationStatus?)null;
        if (draft.Status is not { } status)
        {
            if (byFlag is null && !errors.Has("success") && !errors.Has("status"))
            {
                errors.Add("success", "success or status is missing.");
            }

            return byFlag;
        }

        if (status is not (OperationStatus.Succeeded or OperationStatus.Failed or OperationStatus.Cancelled))
        {
            errors.Add("status", "status must be one of succeeded, failed, cancelled.");
        }
        else if (byFlag is { } other && other != status)
        {
            errors.Add("status", $"status {status.WireName()} contradicts success {(other == OperationStatus.Succeeded ? "true" : "false")}.");
        }

        return status;
    }

    private static TimeSpan? CheckDuration(in ReportDraft draft, FieldErrors errors) =>
        errors.CheckNumber("duration_seconds", draft.DurationSeconds, 0, OperationLimits.MaxDuration.TotalSeconds) && draft.DurationSeconds is { } seconds
            ? Microseconds.FromSeconds(seconds)
            : null;

    /// <summary>The end by time or duration, which must agree, follow the start, and be neither in the future nor too far from the start.</summary>
    private DateTimeOffset? CheckEnd(DateTimeOffset? start, DateTimeOffset? end, TimeSpan? duration, FieldErrors errors)
    {
        if (start is not { } began || (end ?? began + duration) is not { } ended)
        {
            return end;
        }

        if (ended < began)
        {
            errors.Add("end_time", "end_time is before start_time.");
        }
        else if (duration is { } lasted && (ended - began - lasted).Duration() > AgreementTolerance)
        {
            errors.Add("duration_seconds", "duration_seconds and end_time differ by more than 1 ms.");
        }
        else if (OperationLimits.CheckEnd(began, ended, now) is { } reason)
        {
            errors.Add("end_time", reason);
        }

        return ended;
    }

    private static void CheckName(string? name, FieldErrors errors)
    {
        if (name is null)
        {
            errors.AddMissing("operation_name");
        }
        else if (string.IsNullOrWhiteSpace(name))
        {
            errors.Add("operation_name", "operation_name must not be empty.");
        }

        errors.CheckLength("operation_name", name, OperationLimits.NameCharacters);
    }

    private static Progress? CheckProgress(in ReportDraft draft, FieldErrors errors)
    {
        if (draft.Progress is not { } progress)
        {
            return null;
        }

        var inner = errors.In("progress");
        if (progress.Done is null)
        {
            inner.AddMissing("done");
        }

        inner.CheckNumber("done", progress.Done, 0, double.MaxValue);
        inner.CheckNumber("total", progress.Total, 0, double.MaxValue);
        inner.CheckLength("unit", progress.Unit, UnitCharacters);
        return new(progress.Done.GetValueOrDefault(), progress.Total, progress.Unit);
    }

    /// <summary>Metadata is bounded, also together with what the operation has, and the facts that the portal knows of its type have theirs.</summary>
    private static void CheckMetadata(in ReportDraft draft, MetricType? type, Operation? known, FieldErrors errors)
    {
        var members = draft.Metadata.Span;
        if (members.Length > OperationLimits.MetadataMembers)
        {
            errors.Add("metadata", $"metadata has more than {OperationLimits.MetadataMembers} members.");
            return;
        }

        foreach (ref readonly var member in members)
        {
            if (member.Key.Length is 0 or > OperationLimits.MetadataKeyCharacters)
            {
                errors.Add("metadata", $"The name of a metadata member has {member.Key.Length} characters; 1 to {OperationLimits.MetadataKeyCharacters} are accepted.");
            }
            else if (type is { } metric && KnownFacts.Check(metric, member.Key, member.Value) is { } reason)
            {
                errors.In("metadata").Add(member.Key, reason + ".");
            }
        }

        if (draft.MetadataBytes > OperationLimits.MetadataBytes)
        {
            errors.Add("metadata", $"metadata takes {draft.MetadataBytes} bytes; at most {OperationLimits.MetadataBytes} are accepted.");
        }

        if (known is not null && !members.IsEmpty && known.Metadata.With(draft.Metadata.ToArray()).Count > OperationLimits.MetadataMembers)
        {
            errors.Add("metadata", $"metadata would have more than {OperationLimits.MetadataMembers} members.");
        }
    }

    private static void CheckResourceUsage(in ReportDraft draft, FieldErrors errors)
    {
        if (draft.ResourceUsage is not { } usage)
        {
            return;
        }

        bool isTooMuch = usage.Count > OperationLimits.ResourceUsageMembers;
        foreach (var (name, value) in usage)
        {
            isTooMuch |= name.Length > OperationLimits.MetadataKeyCharacters;
            if (!double.IsFinite(value))
            {
                errors.In("resource_usage").Add(name, $"{name} must be a finite number.");
            }
        }

        if (isTooMuch)
        {
            errors.Add(
                "resource_usage",
                $"resource_usage takes at most {OperationLimits.ResourceUsageMembers} members with names of at most {OperationLimits.MetadataKeyCharacters} characters.");
        }
    }

    /// <summary>Hex digits of exactly this length, not all zero (W3C Trace Context, 3.2.2), in lower case.</summary>
    private static string? CheckHex(string name, string? text, int length, FieldErrors errors)
    {
        if (text is null || (text.Length == length && IsHex(text) && text.AsSpan().ContainsAnyExcept('0')))
        {
            return text?.ToLowerInvariant();
        }

        errors.Add(name, $"{name} must be {length} hex digits that are not all zero.");
        return null;
    }

    /// <summary>The id of an operation or of a span, in lower case.</summary>
    private static string? CheckParent(string? text, FieldErrors errors)
    {
        if (text is null || (text.Length == SpanIdLength && IsHex(text)) || Guid.TryParseExact(text, "D", out _))
        {
            return text?.ToLowerInvariant();
        }

        errors.Add("parent_id", "parent_id must be the UUID of an operation or a span id of 16 hex digits.");
        return null;
    }

    private static bool IsHex(string text) => !text.AsSpan().ContainsAnyExcept(HexDigits);

    private Guid NextId(DateTimeOffset start)
    {
        if (_ids.IsEmpty)
        {
            _ids = OperationIds.Reserve(IdsAtOnce);
        }

        return _ids.Next(start);
    }
}
