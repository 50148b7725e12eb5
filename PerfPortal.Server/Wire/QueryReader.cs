using System.Globalization;
using Microsoft.Extensions.Primitives;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Wire;

/// <summary>
/// Reads the query parameters of a request or a page URL and collects every error. An empty parameter counts as missing.
/// </summary>
internal sealed class QueryReader(Func<string, StringValues> read, TimeProvider time)
{
    /// <summary>The default maximum length of a parameter.</summary>
    public const int MaxTextLength = 200;

    private readonly List<(string Name, string Detail)> _errors = [];

    /// <summary>Creates a reader for the query of a request.</summary>
    public QueryReader(HttpRequest request, TimeProvider time)
        : this(name => request.Query[name], time)
    {
    }

    /// <summary>The time that relative times refer to.</summary>
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>Whether every parameter so far was valid.</summary>
    public bool IsValid => _errors.Count == 0;

    /// <summary>The 400 response, which lists every error.</summary>
    public IResult Problem => Problems.Invalid([.. _errors.Select(error => new ValidationError(error.Detail, "/" + error.Name))]);

    /// <summary>The first error of each parameter.</summary>
    public IReadOnlyDictionary<string, string> Errors =>
        _errors.DistinctBy(error => error.Name).ToDictionary(error => error.Name, error => error.Detail, StringComparer.Ordinal);

    /// <summary>Adds an error for a parameter.</summary>
    /// <param name="name">The parameter name.</param>
    /// <param name="detail">A sentence that names the limit.</param>
    public void AddError(string name, string detail)
    {
        if (!_errors.Contains((name, detail)))
        {
            _errors.Add((name, detail));
        }
    }

    /// <summary>Reads a text parameter.</summary>
    public string? Text(string name, int max = MaxTextLength)
    {
        var values = read(name);
        if (values.Count > 1)
        {
            AddError(name, $"{name} is specified {values.Count} times; it can be specified only once.");
        }

        string? text = values.Count == 0 || string.IsNullOrEmpty(values[0]) ? null : values[0];
        if (text is { Length: var length } && length > max)
        {
            AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} has {length} characters; the maximum is {max}."));
            return null;
        }

        return text;
    }

    /// <summary>Reads a parameter that must be one of <paramref name="choices"/>.</summary>
    public string? Choice(string name, params ReadOnlySpan<string> choices)
    {
        string? text = Text(name);
        if (text is null || choices.Contains(text))
        {
            return text;
        }

        AddError(name, $"{name} must be one of {string.Join(", ", choices.ToArray())}.");
        return null;
    }

    /// <summary>Reads a whole number between two inclusive bounds.</summary>
    public int Whole(string name, int fallback, int min, int max)
    {
        if (Text(name) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
        {
            return number;
        }

        AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from {min} to {max}."));
        return fallback;
    }

    /// <summary>Reads a duration in seconds, from 0 to the maximum duration of an operation.</summary>
    public double? Seconds(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        double max = OperationLimits.MaxDuration.TotalSeconds;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds >= 0 && seconds <= max)
        {
            return seconds;
        }

        AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be a duration in seconds from 0 to {max:#,0}."));
        return null;
    }

    /// <summary>Reads a metric type.</summary>
    public MetricType? MetricType(string name = "metric_type")
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (MetricTypes.TryParse(text, out var type))
        {
            return type;
        }

        AddError(name, $"{name} must be one of {string.Join(", ", MetricTypes.WireNames)}.");
        return null;
    }

    /// <summary>Reads the outcome of completed operations.</summary>
    public OperationStatus? Outcome(string name = "status") =>
        Choice(name, [.. OperationStatuses.Outcomes.Select(outcome => outcome.WireName())]) is { } text && OperationStatuses.TryParse(text, out var status) ? status : null;

    /// <summary>Reads the common filters: source, name, metric_type.</summary>
    public SeriesFilter Filter() => new()
    {
        Source = Text("source", OperationLimits.SourceCharacters),
        Name = Text("name", OperationLimits.NameCharacters),
        MetricType = MetricType(),
    };

    /// <summary>Reads a time range from <c>from</c>, <c>to</c> and <c>window</c>, each with an optional prefix, and <c>tz</c>.</summary>
    public TimeRange Range(TimeSpan fallback, string prefix = "")
    {
        var asked = new RangeRequest(Text(prefix + "from", 60), Text(prefix + "to", 60), Text(prefix + "window", 20), Text("tz", 60));
        if (TimeRangeParser.TryParse(asked, Now, fallback, out var range, out var errors))
        {
            return range;
        }

        foreach (var error in errors)
        {
            string field = error.Field == "tz" ? "tz" : prefix + error.Field;
            AddError(field, error.Detail.StartsWith(error.Field, StringComparison.Ordinal) ? prefix + error.Detail : $"{field}: {error.Detail}");
        }

        return new(Now - fallback, Now);
    }
}
