using System.Globalization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views.Operations;

/// <summary>
/// Which ended operations somebody looks at and in which order, as an address says it. What cannot be read is left out and named in
/// <see cref="Errors"/>.
/// </summary>
public sealed record OperationView
{
    /// <summary>The query parameters of a filter, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> FilterKeys { get; } = ["metric_type", "status", "name", "q", "min_duration_seconds", "max_duration_seconds"];

    /// <summary>The longest name and text that are taken.</summary>
    public const int MaxTextLength = 200;

    private static readonly string[] Sorts = ["-start_time", "start_time", "-duration_seconds", "duration_seconds"];

    /// <summary>No mistakes.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>Only this metric type.</summary>
    public MetricType? MetricType { get; init; }

    /// <summary>Only this outcome.</summary>
    public OperationStatus? Status { get; init; }

    /// <summary>Only this operation name.</summary>
    public string? Name { get; init; }

    /// <summary>A text in the name or the error.</summary>
    public string? Text { get; init; }

    /// <summary>The shortest duration, seconds.</summary>
    public double? MinSeconds { get; init; }

    /// <summary>The longest duration, seconds.</summary>
    public double? MaxSeconds { get; init; }

    /// <summary>The order.</summary>
    public OperationOrder Order { get; init; }

    /// <summary>What could not be read: a sentence for each parameter.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = None;

    /// <summary>Whether anything but the order is asked for.</summary>
    public bool IsFiltered => MetricType is not null || Status is not null || Name is not null || Text is not null || MinSeconds is not null || MaxSeconds is not null;

    /// <summary>The order as the API writes it.</summary>
    public string Sort => Sorts[(int)Order];

    /// <summary>Reads the parameters of an address.</summary>
    /// <param name="get">The value of a parameter, or <see langword="null"/> when it is not there.</param>
    public static OperationView Read(Func<string, string?> get)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        string? Value(string key) => get(key)?.Trim() is { Length: > 0 } text ? text : null;
        string? Short(string key)
        {
            string? text = Value(key);
            return text is null || text.Length <= MaxTextLength ? text : Refuse(errors, key, $"At most {MaxTextLength} characters.");
        }

        double? min = Seconds(errors, "min_duration_seconds", Value("min_duration_seconds"));
        double? max = Seconds(errors, "max_duration_seconds", Value("max_duration_seconds"));
        if (min > max)
        {
            errors["max_duration_seconds"] = "The longest duration must not lie below the shortest.";
            max = null;
        }

        return new()
        {
            MetricType = ReadType(errors, Value("metric_type")),
            Status = ReadStatus(errors, Value("status")),
            Name = Short("name"),
            Text = Short("q"),
            MinSeconds = min,
            MaxSeconds = max,
            Order = ReadOrder(errors, Value("sort")),
            Errors = errors,
        };
    }

    /// <summary>The filter, of one source or of all.</summary>
    public OperationFilter ToFilter(string? source) => new()
    {
        Series = new() { MetricType = MetricType, Status = Status, Name = Name, Source = source },
        Text = Text,
        MinDuration = MinSeconds is { } min ? Microseconds.FromSeconds(min) : null,
        MaxDuration = MaxSeconds is { } max ? Microseconds.FromSeconds(max) : null,
    };

    /// <summary>The parameters that say this view; those at their default are <see langword="null"/>.</summary>
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

    private static MetricType? ReadType(Dictionary<string, string> errors, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (MetricTypes.TryParse(text, out var type))
        {
            return type;
        }

        Refuse(errors, "metric_type", $"One of {string.Join(", ", MetricTypes.WireNames)}.");
        return null;
    }

    private static OperationStatus? ReadStatus(Dictionary<string, string> errors, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (OperationStatuses.TryParse(text, out var status) && status != OperationStatus.Running)
        {
            return status;
        }

        Refuse(errors, "status", "One of succeeded, failed, cancelled, abandoned; running operations are on the page Live.");
        return null;
    }

    private static OperationOrder ReadOrder(Dictionary<string, string> errors, string? text)
    {
        int order = text is null ? 0 : Array.IndexOf(Sorts, text);
        if (order < 0)
        {
            Refuse(errors, "sort", "One of start_time, duration_seconds; a leading - means descending.");
        }

        return (OperationOrder)Math.Max(order, 0);
    }

    private static double? Seconds(Dictionary<string, string> errors, string key, string? text)
    {
        if (text is null)
        {
            return null;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and <= 1e7)
        {
            return seconds;
        }

        Refuse(errors, key, "A number of seconds from 0 to 10,000,000.");
        return null;
    }

    private static string? Refuse(Dictionary<string, string> errors, string key, string detail)
    {
        errors[key] = detail;
        return null;
    }
}
