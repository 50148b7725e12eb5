using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Validates reported operations: starts, updates, completions and batch items.
/// Readers fill a <see cref="ReportDraft"/> and report values of the wrong type; this class checks all other rules and reports all errors at once.
/// What depends on settings or on earlier reports is checked later: <see cref="OperationReports"/> rejects end times before the retention horizon and metadata that exceeds its limits once it is merged.
/// Not thread-safe.
/// </summary>
/// <param name="defaultSource">The source of operations without one.</param>
/// <param name="now">The current time, UTC.</param>
/// <param name="newId">Returns the id of an operation without one, from its start time.</param>
internal sealed class OperationValidator(string defaultSource, DateTimeOffset now, Func<DateTimeOffset, Guid>? newId = null)
{
    /// <summary>The maximum length of a unit of progress.</summary>
    public const int UnitCharacters = 40;

    // Written by the portal, metadata takes at most four times the bytes that it was sent with (a double such as 1e14, a private-use character).
    private const int UncountedBytes = OperationLimits.MetadataBytes / 4;
    // The duration of an abandoned operation counts nowhere, so it needs no limit of its own.
    private static readonly TimeSpan LongestAbandoned = OperationLimits.Latest - OperationLimits.Earliest;
    private static readonly TimeSpan AgreementTolerance = TimeSpan.FromMilliseconds(1);

    private readonly Func<DateTimeOffset, Guid> _newId = newId ?? OperationIds.Next;

    /// <summary>Validates a start. Without a start time the operation starts now.</summary>
    /// <returns>The operation, or <see langword="null"/> when there are errors; the same applies to the other methods.</returns>
    public Operation? Start(in ReportDraft draft, FieldErrors errors)
    {
        var start = errors.CheckTime("start_time", draft.StartTime);
        if (start > now + OperationLimits.FutureTolerance)
        {
            errors.Add("start_time", "start_time is more than 5 minutes in the future.");
        }

        return Make(in draft, OperationStatus.Running, start ?? now.ToWholeMicroseconds(), null, errors);
    }

    /// <summary>
    /// Validates a batch item, a completed operation. It requires an outcome, a start time, and an end time or a duration. Unlike a completion it can be abandoned,
    /// because exports contain such operations.
    /// </summary>
    public Operation? Ended(in ReportDraft draft, FieldErrors errors)
    {
        var status = CheckOutcome(in draft, canBeAbandoned: true, errors);
        var start = errors.CheckTime("start_time", draft.StartTime);
        if (draft.StartTime is null)
        {
            errors.AddMissing("start_time");
        }

        if (draft.EndTime is null && draft.DurationSeconds is null && !errors.Has("end_time") && !errors.Has("duration_seconds"))
        {
            errors.Add("end_time", "end_time or duration_seconds is missing.");
        }

        bool isAbandoned = status == OperationStatus.Abandoned;
        var duration = CheckDuration(in draft, isAbandoned ? LongestAbandoned : OperationLimits.MaxDuration, errors);
        var end = CheckEnd(start, errors.CheckTime("end_time", draft.EndTime), duration, isAbandoned, errors);
        return Make(in draft, status ?? default, start ?? now, end, errors);
    }

    /// <summary>Validates a completion. It requires an outcome; without end time and duration the operation ends now.</summary>
    /// <param name="draft">The report.</param>
    /// <param name="known">The operation to complete; <see langword="null"/> when it is unknown, which the caller rejects.</param>
    /// <param name="errors">Collects the errors.</param>
    public Ending? Completion(in ReportDraft draft, Operation? known, FieldErrors errors)
    {
        var status = CheckOutcome(in draft, canBeAbandoned: false, errors);
        var end = errors.CheckTime("end_time", draft.EndTime);
        var duration = CheckDuration(in draft, OperationLimits.MaxDuration, errors);
        CheckEnd(known?.StartTime, end, duration, isAbandoned: false, errors);
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

    /// <summary>Validates an update of progress and metadata; an update without either is a heartbeat.</summary>
    /// <param name="draft">The report.</param>
    /// <param name="running">The running operation, if it is known.</param>
    /// <param name="errors">Collects the errors.</param>
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
        string? trace = Checked("trace_id", LinkIds.Trace("trace_id", draft.TraceId, out string? wrongTrace), wrongTrace);
        string? span = Checked("span_id", LinkIds.Span("span_id", draft.SpanId, out string? wrongSpan), wrongSpan);
        string? parent = Checked("parent_id", LinkIds.Parent("parent_id", draft.ParentId, out string? wrongParent), wrongParent);
        return !errors.IsEmpty
            ? null
            : new Operation
            {
                Id = draft.Id ?? _newId(start),
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

        string? Checked(string name, string? id, string? wrong)
        {
            if (wrong is not null)
            {
                errors.Add(name, wrong);
            }

            return id;
        }
    }

    /// <summary>Determines the outcome from <c>success</c> and <c>status</c>, which must agree.</summary>
    private static OperationStatus? CheckOutcome(in ReportDraft draft, bool canBeAbandoned, FieldErrors errors)
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

        if (status == OperationStatus.Running || (status == OperationStatus.Abandoned && !canBeAbandoned))
        {
            errors.Add("status", canBeAbandoned ? "status must be one of succeeded, failed, cancelled, abandoned." : "status must be one of succeeded, failed, cancelled.");
        }
        else if (byFlag is { } other && other != status)
        {
            errors.Add("status", $"status {status.WireName()} contradicts success {(other == OperationStatus.Succeeded ? "true" : "false")}.");
        }

        return status;
    }

    private static TimeSpan? CheckDuration(in ReportDraft draft, TimeSpan max, FieldErrors errors) =>
        errors.CheckNumber("duration_seconds", draft.DurationSeconds, 0, max.TotalSeconds) && draft.DurationSeconds is { } seconds
            ? Microseconds.FromSeconds(seconds)
            : null;

    /// <summary>Determines the end from end time and duration, which must agree. The end must follow the start, not be in the future and not exceed the maximum duration.</summary>
    private DateTimeOffset? CheckEnd(DateTimeOffset? start, DateTimeOffset? end, TimeSpan? duration, bool isAbandoned, FieldErrors errors)
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
        else if (OperationLimits.CheckEnd(isAbandoned ? ended : began, ended, now) is { } reason)
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

    /// <summary>Checks the limits of the metadata, including existing metadata of the operation, and the ranges of the well-known members of its type.</summary>
    public static void CheckMetadata(in ReportDraft draft, MetricType? type, Operation? known, FieldErrors errors)
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
                errors.Add("metadata", $"The name of a metadata member has {member.Key.Length} characters; it must have 1 to {OperationLimits.MetadataKeyCharacters}.");
            }
            else if (type is { } metric && KnownFacts.Check(metric, member.Key, member.Value) is { } reason)
            {
                errors.In("metadata").Add(member.Key, reason + ".");
            }
        }

        long bytes = Math.Max(draft.MetadataBytes, draft.MetadataBytes > UncountedBytes ? MetadataSize.Of(Metadata.Of(members)) : 0);
        if (bytes > OperationLimits.MetadataBytes)
        {
            errors.Add("metadata", $"metadata has {bytes} bytes; at most {OperationLimits.MetadataBytes} are accepted.");
        }

        if (known is null || members.IsEmpty)
        {
            return;
        }

        if (MetadataSize.Check(known.Metadata.With(draft.Metadata.ToArray())) is { } excess)
        {
            errors.Add("metadata", excess);
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
                $"resource_usage can have at most {OperationLimits.ResourceUsageMembers} members with names of at most {OperationLimits.MetadataKeyCharacters} characters.");
        }
    }
}
