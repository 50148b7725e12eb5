using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Reads the members of a JSON object and collects every mistake. Members that nobody asks for are ignored; a member that
/// is null counts as absent.
/// </summary>
internal sealed class MemberReader(JsonElement element, string pointer, List<ValidationError> errors)
{
    /// <summary>Whether no mistake was found so far, in this or any other object that shares the list.</summary>
    public bool IsValid => errors.Count == 0;

    /// <summary>Begins to read an object; what is none is a mistake.</summary>
    public static MemberReader? Begin(JsonElement element, string pointer, List<ValidationError> errors)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            return new(element, pointer, errors);
        }

        errors.Add(new((pointer.Length == 0 ? "The body" : pointer[(pointer.LastIndexOf('/') + 1)..]) + " must be a JSON object.", pointer));
        return null;
    }

    /// <summary>Adds a mistake of a member.</summary>
    public void AddError(string name, string detail) => errors.Add(new(detail, PointerOf(name)));

    /// <summary>Whether a member is there and not null.</summary>
    public bool Has(string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A text of at most so many characters.</summary>
    public string? Text(string name, int max, bool isRequired = false)
    {
        if (Find(name, isRequired) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            AddError(name, $"{name} must be a text.");
            return null;
        }

        if (!TryGetString(value, out string? text))
        {
            AddError(name, $"{name} is not valid Unicode.");
            return null;
        }

        if (isRequired && string.IsNullOrWhiteSpace(text))
        {
            AddError(name, $"{name} must not be empty.");
            return null;
        }

        if (text.Length > max)
        {
            AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} has {text.Length} characters; at most {max} are taken."));
            return null;
        }

        return text;
    }

    /// <summary>A text of any length up to a bound of the body; longer ones are cut by who stores them.</summary>
    public string? LongText(string name) => Text(name, int.MaxValue);

    /// <summary>A finite number between two bounds, inclusive.</summary>
    public double? Number(string name, double min = double.MinValue, double max = double.MaxValue, bool isRequired = false)
    {
        if (Find(name, isRequired) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out double number) || !double.IsFinite(number))
        {
            AddError(name, $"{name} must be a finite number.");
            return null;
        }

        if (number < min || number > max)
        {
            AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} is {number}; it must be {Bounds(min, max)}."));
            return null;
        }

        return number;
    }

    /// <summary>True or false.</summary>
    public bool? Flag(string name)
    {
        if (Find(name, isRequired: false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        AddError(name, $"{name} must be true or false.");
        return null;
    }

    /// <summary>An RFC 3339 time with a zone, cut to microseconds.</summary>
    public DateTimeOffset? Time(string name, bool isRequired = false)
    {
        if (Find(name, isRequired) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && TryGetString(value, out string? text) && Rfc3339.TryParse(text, out var time))
        {
            return time;
        }

        AddError(name, $"{name} must be an RFC 3339 time with a zone, such as 2026-01-31T12:00:00.000Z, from 1970 on.");
        return null;
    }

    /// <summary>A UUID.</summary>
    public Guid? Id(string name)
    {
        if (Find(name, isRequired: false) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && TryGetString(value, out string? text) && Guid.TryParseExact(text, "D", out var id))
        {
            return id;
        }

        AddError(name, $"{name} must be a UUID, such as 018f2f6e-7c1a-7000-8000-000000000001.");
        return null;
    }

    /// <summary>Lower-case hex digits of exactly this length, not all zero (W3C Trace Context, 3.2.2).</summary>
    public string? Hex(string name, int length)
    {
        string? text = Text(name, 200)?.ToLowerInvariant();
        if (text is null || (text.Length == length && text.All(char.IsAsciiHexDigit) && text.Any(digit => digit != '0')))
        {
            return text;
        }

        AddError(name, $"{name} must be {length} hex digits that are not all zero.");
        return null;
    }

    /// <summary>A metric type by its wire name.</summary>
    public MetricType? MetricType(string name)
    {
        if (Text(name, 200, isRequired: true) is not { } text)
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

    /// <summary>Begins to read an object member.</summary>
    public MemberReader? Object(string name) => Find(name, isRequired: false) is { } value ? Begin(value, PointerOf(name), errors) : null;

    /// <summary>UTF-8 bytes of this object as it was sent.</summary>
    public int ByteCount => System.Text.Encoding.UTF8.GetByteCount(element.GetRawText());

    /// <summary>The members of this object, as they are.</summary>
    public JsonElement.ObjectEnumerator Members => element.EnumerateObject();

    /// <summary>A member as it is.</summary>
    public JsonElement? Find(string name, bool isRequired)
    {
        if (element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null)
        {
            return value;
        }

        if (isRequired)
        {
            AddError(name, $"{name} is missing.");
        }

        return null;
    }

    /// <summary>The pointer of a member.</summary>
    public string PointerOf(string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The text of a JSON string; one with half a surrogate pair has none.</summary>
    public static bool TryGetString(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString() ?? "";
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static string Bounds(double min, double max) => (min > double.MinValue, max < double.MaxValue) switch
    {
        (true, true) => string.Create(CultureInfo.InvariantCulture, $"from {min} to {max}"),
        (true, false) => string.Create(CultureInfo.InvariantCulture, $"at least {min}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"at most {max}"),
    };
}
