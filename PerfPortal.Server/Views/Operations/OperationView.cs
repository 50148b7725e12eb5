using System.Globalization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Views.Operations;

/// <summary>
/// The filter and the sort order of completed operations, from the query parameters of the explorer, the export and <c>GET /metrics/{type}</c>.
/// An invalid parameter is ignored and listed in <see cref="Errors"/>.
/// </summary>
public sealed record OperationView
{
    /// <summary>The query parameters of a filter, in display order.</summary>
    public static IReadOnlyList<string> FilterKeys { get; } = ["metric_type", "status", "name", "q", "min_duration_seconds", "max_duration_seconds"];

    /// <summary>The maximum length of a name and of a search text.</summary>
    public const int MaxTextLength = QueryReader.MaxTextLength;

    /// <summary>An empty dictionary of errors.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>The metric type; <see langword="null"/> for all.</summary>
    public MetricType? MetricType { get; init; }

    /// <summary>The outcome; <see langword="null"/> for all.</summary>
    public OperationStatus? Status { get; init; }

    /// <summary>The operation name; <see langword="null"/> for all.</summary>
    public string? Name { get; init; }

    /// <summary>A text that the name or the error must contain.</summary>
    public string? Text { get; init; }

    /// <summary>The minimum duration in seconds.</summary>
    public double? MinSeconds { get; init; }

    /// <summary>The maximum duration in seconds.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>The sort order.</summary>
    public OperationOrder Order { get; init; }

    /// <summary>One sentence for each invalid parameter.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = None;

    /// <summary>Whether any filter is set.</summary>
    public bool IsFiltered => MetricType is not null || Status is not null || Name is not null || Text is not null || MinSeconds is not null || MaxSeconds is not null;

    /// <summary>The sort order in the format of the API.</summary>
    public string Sort => CommonParameters.Sort.NameOf(Order)!;

    /// <summary>The query parameters of a view, except the metric type, which some endpoints have in their path.</summary>
    internal static IParameters Filters { get; } = new FilterParameters();

    /// <summary>Parses the parameters of a URL.</summary>
    /// <param name="get">Returns the value of a parameter, or <see langword="null"/> when it is missing.</param>
    public static OperationView Read(Func<string, string?> get)
    {
        var query = new QueryReader(key => get(key), TimeProvider.System);
        var view = Read(query, query.Read(CommonParameters.MetricType));
        return view with { Errors = query.Errors };
    }

    /// <summary>Parses the parameters in <see cref="Filters"/>; errors are added to the reader.</summary>
    internal static OperationView Read(QueryReader query, MetricType? type)
    {
        double? min = query.Read(CommonParameters.MinDuration);
        double? max = query.Read(CommonParameters.MaxDuration);
        if (min > max)
        {
            query.AddError(CommonParameters.MaxDuration, "max_duration_seconds is less than min_duration_seconds.");
            max = null;
        }

        return new()
        {
            MetricType = type,
            Status = query.Read(CommonParameters.Outcome),
            Name = query.Read(CommonParameters.Name),
            Text = query.Read(CommonParameters.Search),
            MinSeconds = min,
            MaxSeconds = max,
            Order = query.Read(CommonParameters.Sort),
        };
    }

    /// <summary>Returns the filter for one source or all sources.</summary>
    public OperationFilter ToFilter(string? source) => new()
    {
        Series = new() { MetricType = MetricType, Status = Status, Name = Name, Source = source },
        Text = Text,
        MinDuration = MinSeconds is { } min ? Microseconds.FromSeconds(min) : null,
        MaxDuration = MaxSeconds is { } max ? Microseconds.FromSeconds(max) : null,
    };

    /// <summary>Returns the parameters that produce this view; defaults are <see langword="null"/>.</summary>
    public IEnumerable<KeyValuePair<string, string?>> ToParameters() =>
    [
        new("metric_type", MetricType?.WireName()),
        new("status", Status?.WireName()),
        new("name", Name),
        new("q", Text),
        new("min_duration_seconds", MinSeconds?.ToString(CultureInfo.InvariantCulture)),
        new("max_duration_seconds", MaxSeconds?.ToString(CultureInfo.InvariantCulture)),
        new("sort", Order == OperationOrder.StartDescending ? null : Sort),
    ];

    private sealed class FilterParameters : IParameters
    {
        public IEnumerable<Parameter> Parameters =>
        [
            CommonParameters.Outcome, CommonParameters.Name, CommonParameters.Search, CommonParameters.MinDuration, CommonParameters.MaxDuration, CommonParameters.Sort,
        ];
    }
}
