using System.Globalization;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Wire;

/// <summary>Reads query parameters and collects every mistake. A parameter that is empty counts as absent.</summary>
internal sealed class QueryReader(HttpRequest request, TimeProvider time)
{
    private readonly List<ValidationError> _mistakes = [];

    /// <summary>The moment at which relative times are read.</summary>
    public DateTimeOffset Now { get; } = time.GetUtcNow();

    /// <summary>Whether every parameter so far was right.</summary>
    public bool IsValid => _mistakes.Count == 0;

    /// <summary>The answer to a request that is not right.</summary>
    public IResult Problem => Problems.Invalid(_mistakes);

    /// <summary>Adds a mistake of a parameter.</summary>
    public void AddError(string name, string detail) => _mistakes.Add(new(detail, "/" + name));

    /// <summary>A text of at most so many characters.</summary>
    public string? Text(string name, int max = 200)
    {
        var values = request.Query[name];
        if (values.Count > 1)
        {
            AddError(name, $"{name} is given {values.Count} times; once is taken.");
        }

        string? text = values.Count == 0 || string.IsNullOrEmpty(values[0]) ? null : values[0];
        if (text is { Length: var length } && length > max)
        {
            AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} has {length} characters; at most {max} are taken."));
            return null;
        }

        return text;
    }

    /// <summary>One of several words.</summary>
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

    /// <summary>A whole number between two bounds.</summary>
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

    /// <summary>A duration in seconds, at least 0.</summary>
    public TimeSpan? Seconds(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        double max = OperationLimits.MaxDuration.TotalSeconds;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds >= 0 && seconds <= max)
        {
            return Microseconds.FromSeconds(seconds);
        }

        AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be a number of seconds from 0 to {max}."));
        return null;
    }

    /// <summary>A metric type.</summary>
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

    /// <summary>The common filters: source, name, metric_type.</summary>
    public SeriesFilter Filter() => new()
    {
        Source = Text("source", OperationLimits.SourceCharacters),
        Name = Text("name", OperationLimits.NameCharacters),
        MetricType = MetricType(),
    };

    /// <summary>The range of the parameters <c>from</c>, <c>to</c>, <c>window</c> and <c>tz</c>, or of others that are named alike.</summary>
    public TimeRange Range(TimeSpan fallback, string prefix = "")
    {
        var asked = new RangeRequest(
            Text(prefix + "from", 60), Text(prefix + "to", 60), Text(prefix.Length == 0 ? "window" : prefix + "window", 20), Text("tz", 60));
        if (TimeRangeParser.TryParse(asked, Now, fallback, out var range, out var errors))
        {
            return range;
        }

        foreach (var error in errors)
        {
            string field = error.Field == "tz" ? "tz" : prefix + error.Field;
            AddError(field, error.Detail.StartsWith(error.Field, StringComparison.Ordinal) ? prefix + error.Detail : error.Detail);
        }

        return new(Now - fallback, Now);
    }
}
