using System.Globalization;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Collects the validation errors of one object of a report, each with a JSON pointer (RFC 6901) to its member, and checks the rules
/// shared by operations and samples. <see langword="null"/> means missing and satisfies every rule.
/// </summary>
/// <param name="errors">The error list shared by all objects of the report.</param>
/// <param name="pointer">The pointer of the object; empty for the whole body.</param>
internal readonly struct FieldErrors(List<ValidationError> errors, string pointer = "")
{
    /// <summary>Whether the report has no error so far.</summary>
    public bool IsEmpty => errors.Count == 0;

    /// <summary>The pointer of the object.</summary>
    public string Pointer => pointer;

    /// <summary>Returns the errors of a nested object.</summary>
    public FieldErrors In(string name) => new(errors, PointerOf(name));

    /// <summary>Whether a member already has an error.</summary>
    public bool Has(string name)
    {
        string member = PointerOf(name);
        return errors.Exists(error => error.Pointer == member);
    }

    /// <summary>Whether a member, or one below it, already has an error.</summary>
    public bool HasBelow(string name)
    {
        string member = PointerOf(name);
        return errors.Exists(error => error.Pointer is { } known && (known == member || known.StartsWith(member + "/", StringComparison.Ordinal)));
    }

    /// <summary>Adds an error for a member.</summary>
    public void Add(string name, string detail) => errors.Add(new(detail, PointerOf(name)));

    /// <summary>Adds an error for the object itself.</summary>
    public void Add(string detail) => errors.Add(new(detail, pointer));

    /// <summary>Adds the error for a missing required member, unless its value already has an error because it could not be read.</summary>
    public void AddMissing(string name)
    {
        if (!Has(name))
        {
            Add(name, $"{name} is missing.");
        }
    }

    /// <summary>Checks that a text has at most <paramref name="max"/> characters.</summary>
    public void CheckLength(string name, string? text, int max)
    {
        if (text?.Length > max)
        {
            Add(name, string.Create(CultureInfo.InvariantCulture, $"{name} has {text.Length} characters; at most {max} are accepted."));
        }
    }

    /// <summary>Checks that a number is finite and between two inclusive bounds.</summary>
    public bool CheckNumber(string name, double? value, double min, double max)
    {
        if (value is not { } number || (number >= min && number <= max))
        {
            return true;
        }

        Add(name, double.IsFinite(number)
            ? string.Create(CultureInfo.InvariantCulture, $"{name} is {number}; it must be {Bounds(min, max)}.")
            : $"{name} must be a finite number.");
        return false;
    }

    /// <summary>Checks that a time is between 1970 and 2200.</summary>
    /// <returns>The time, truncated to microseconds; <see langword="null"/> when it is missing or invalid.</returns>
    public DateTimeOffset? CheckTime(string name, DateTimeOffset? time)
    {
        if (time is not { } value)
        {
            return null;
        }

        if (value >= OperationLimits.Earliest && value <= OperationLimits.Latest)
        {
            return value.UtcTicks % TimeSpan.TicksPerMicrosecond == 0 ? value : value.ToWholeMicroseconds();
        }

        Add(name, $"{name} is {WireJson.Text(value)}; it must lie between 1970 and 2200.");
        return null;
    }

    /// <summary>Adds the error for a time in another format.</summary>
    public void AddInvalidTime(string name) =>
        Add(name, $"{name} must be an RFC 3339 time with a time zone, such as 2026-01-31T12:00:00.000Z, or a Unix time in seconds (values from 100000000000 are milliseconds), between 1970 and 2200.");

    /// <summary>Checks that a source is not reserved for the portal and not too long.</summary>
    /// <returns>The source, or the default when it is blank or missing.</returns>
    public string CheckSource(string? source, string defaultSource)
    {
        CheckLength("source", source, OperationLimits.SourceCharacters);
        if (source == PortalSource.Name)
        {
            Add("source", $"The source {PortalSource.Name} is reserved for the portal.");
        }
        else if (source?.StartsWith(RemovedSource.Mark) == true)
        {
            Add("source", "A source must not begin with the control character U+0001.");
        }

        return string.IsNullOrWhiteSpace(source) ? defaultSource : source;
    }

    private static string Bounds(double min, double max) => max < double.MaxValue
        ? string.Create(CultureInfo.InvariantCulture, $"from {min} to {max}")
        : string.Create(CultureInfo.InvariantCulture, $"at least {min}");

    private string PointerOf(string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
