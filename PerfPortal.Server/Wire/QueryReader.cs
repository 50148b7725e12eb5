using System.Globalization;
using Microsoft.Extensions.Primitives;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Wire;

/// <summary>
/// Reads the query parameters of a request or a page URL by their declarations and collects every error. An empty parameter counts as missing.
/// </summary>
internal sealed class QueryReader
{
    /// <summary>The default maximum length of a parameter.</summary>
    public const int MaxTextLength = 200;

    private readonly List<(string Name, string Detail)> _errors = [];
    private readonly Func<string, StringValues> _read;
    private readonly Endpoint? _endpoint;
    private readonly IReadOnlyList<ParameterMetadata> _declared = [];

    /// <summary>Creates a reader for a URL whose parameters are not declared, such as that of a page.</summary>
    /// <param name="read">Returns the values of a parameter.</param>
    /// <param name="time">The clock that relative times refer to.</param>
    public QueryReader(Func<string, StringValues> read, TimeProvider time) => (_read, Now) = (read, time.GetUtcNow());

    /// <summary>Creates a reader for the parameters that the endpoint of a request declares.</summary>
    /// <exception cref="InvalidOperationException">The request has no endpoint.</exception>
    public QueryReader(HttpContext context, TimeProvider time)
        : this(name => context.Request.Query[name], time)
    {
        _endpoint = context.GetEndpoint() ?? throw new InvalidOperationException("Only an endpoint can read declared parameters.");
        _declared = _endpoint.Metadata.GetOrderedMetadata<ParameterMetadata>();
    }

    /// <summary>The time that relative times refer to.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Whether every parameter so far was valid.</summary>
    public bool IsValid => _errors.Count == 0;

    /// <summary>The 400 response, which lists every error.</summary>
    public IResult Problem => Problems.Invalid([.. _errors.Select(error => new ValidationError(error.Detail, "/" + error.Name))]);

    /// <summary>The first error of each parameter.</summary>
    public IReadOnlyDictionary<string, string> Errors =>
        _errors.DistinctBy(error => error.Name).ToDictionary(error => error.Name, error => error.Detail, StringComparer.Ordinal);

    /// <summary>Adds an error for a parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="detail">A sentence that names the limit.</param>
    public void AddError(Parameter parameter, string detail) => AddError(parameter.Name, detail);

    /// <summary>Reads a parameter; its fallback when it is missing or invalid.</summary>
    /// <exception cref="InvalidOperationException">The endpoint does not declare the parameter.</exception>
    public T Read<T>(QueryParameter<T> parameter)
    {
        if (TextOf(parameter) is not { } text)
        {
            return parameter.Fallback;
        }

        if (text.Length > parameter.MaxLength)
        {
            AddError(parameter, string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} has {text.Length} characters; the maximum is {parameter.MaxLength}."));
            return parameter.Fallback;
        }

        if (parameter.TryParse(text, out var value))
        {
            return value;
        }

        AddError(parameter, $"{parameter.Name} {parameter.Requirement}.");
        return parameter.Fallback;
    }

    /// <summary>Reads the filters that select a series of operations.</summary>
    public SeriesFilter Read(SeriesParameters _) => new()
    {
        Source = Read(CommonParameters.Source),
        Name = Read(CommonParameters.Name),
        MetricType = Read(CommonParameters.MetricType),
    };

    /// <summary>Reads a time range.</summary>
    public TimeRange Read(RangeParameters range)
    {
        var asked = new RangeRequest(Read(range.From), Read(range.To), Read(range.Window), Read(RangeParameters.TimeZone));
        if (TimeRangeParser.TryParse(asked, Now, range.Length, out var parsed, out var errors))
        {
            return parsed;
        }

        foreach (var error in errors)
        {
            string field = error.Field == RangeParameters.TimeZone.Name ? error.Field : range.Prefix + error.Field;
            AddError(field, error.Detail.StartsWith(error.Field, StringComparison.Ordinal) ? range.Prefix + error.Detail : $"{field}: {error.Detail}");
        }

        return new(Now - range.Length, Now);
    }

    /// <summary>Reads a time range, or <paramref name="fallback"/> when none of its parameters is given.</summary>
    public TimeRange Read(RangeParameters range, TimeRange fallback) =>
        TextOf(range.From) is null && TextOf(range.To) is null && TextOf(range.Window) is null ? fallback : Read(range);

    private string? TextOf(Parameter parameter)
    {
        if (_endpoint is not null && !_declared.Any(item => item.Parameters.Contains(parameter)))
        {
            throw new InvalidOperationException($"{_endpoint.DisplayName} reads the parameter {parameter.Name}, which it does not declare.");
        }

        var values = _read(parameter.Name);
        if (values.Count > 1)
        {
            AddError(parameter.Name, $"{parameter.Name} is specified {values.Count} times; it can be specified only once.");
        }

        return values.Count == 0 || string.IsNullOrEmpty(values[0]) ? null : values[0];
    }

    private void AddError(string name, string detail)
    {
        if (!_errors.Contains((name, detail)))
        {
            _errors.Add((name, detail));
        }
    }
}
