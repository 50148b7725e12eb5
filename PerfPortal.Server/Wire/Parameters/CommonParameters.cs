using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Wire.Parameters;

/// <summary>The query parameters that several endpoints share.</summary>
internal static class CommonParameters
{
    /// <summary>A source.</summary>
    public static readonly TextParameter Source = new("source", OperationLimits.SourceCharacters)
    {
        Description = "Only this source: a host, a service or an access key's name. All sources when missing.",
        Example = "gpu-1",
    };

    /// <summary>An operation name.</summary>
    public static readonly TextParameter Name = new("name", OperationLimits.NameCharacters)
    {
        Description = "Only operations with exactly this name.",
        Example = "llama-3-8b",
    };

    /// <summary>A metric type.</summary>
    public static readonly ChoiceParameter<MetricType?> MetricType = new("metric_type", nameof(Domain.Operations.MetricType), MetricTypes.All.Select(type => (type.WireName(), (MetricType?)type)), null)
    {
        Description = "Only operations of this metric type.",
        Example = "model_operation",
    };

    /// <summary>The outcome of completed operations.</summary>
    public static readonly ChoiceParameter<OperationStatus?> Outcome =
        new("status", "OperationOutcome", OperationStatuses.Outcomes.Select(status => (status.WireName(), (OperationStatus?)status)), null)
        {
            Description = "Only operations that ended with this status.",
            Example = "failed",
        };

    /// <summary>The minimum duration.</summary>
    public static readonly SecondsParameter MinDuration = new("min_duration_seconds", OperationLimits.MaxDuration)
    {
        Description = "Only operations that took at least this many seconds.",
        Example = "1.5",
    };

    /// <summary>The maximum duration.</summary>
    public static readonly SecondsParameter MaxDuration = new("max_duration_seconds", OperationLimits.MaxDuration)
    {
        Description = "Only operations that took at most this many seconds; not less than min_duration_seconds.",
        Example = "60",
    };

    /// <summary>A text to search for.</summary>
    public static readonly TextParameter Search = new("q")
    {
        Description = "Only operations whose name, error type or error message contains this text.",
        Example = "timeout",
    };

    /// <summary>Whether a CSV file starts with a byte order mark.</summary>
    public static readonly FlagParameter ByteOrderMark = new("bom", false)
    {
        Description = "Whether a CSV file starts with a byte order mark, which Excel needs to recognise UTF-8. Other formats ignore it.",
        Example = "true",
    };

    /// <summary>The order of operations.</summary>
    public static readonly ChoiceParameter<OperationOrder> Sort = new(
        "sort",
        nameof(OperationOrder),
        [
            ("-start_time", OperationOrder.StartDescending), ("start_time", OperationOrder.StartAscending),
            ("-duration_seconds", OperationOrder.DurationDescending), ("duration_seconds", OperationOrder.DurationAscending),
        ],
        OperationOrder.StartDescending)
    {
        Description = "The sort order; a leading - sorts in descending order.",
        Example = "-duration_seconds",
    };
}

/// <summary>The filters that select a series of operations: <c>source</c>, <c>name</c> and <c>metric_type</c>.</summary>
internal sealed class SeriesParameters : IParameters
{
    /// <summary>The filters.</summary>
    public static readonly SeriesParameters All = new();

    private SeriesParameters()
    {
    }

    IEnumerable<Parameter> IParameters.Parameters => [CommonParameters.Source, CommonParameters.Name, CommonParameters.MetricType];
}
