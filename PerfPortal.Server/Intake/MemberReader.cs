using System.Runtime.InteropServices;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Reads the members of a JSON object as typed values and collects an error for each value of the wrong type. Other members are
/// ignored unless <see cref="RejectOthers"/> is called; a member that is null counts as missing.
/// </summary>
internal sealed class MemberReader(JsonElement element, FieldErrors errors)
{
    private const int LongestNamed = 100;

    /// <summary>The maximum number of unknown members that are told.</summary>
    private const int MostUnknown = 10;

    /// <summary>Creates a reader for an object; any other value is an error.</summary>
    public static MemberReader? Begin(JsonElement element, string pointer, List<ValidationError> errors) => Begin(element, new FieldErrors(errors, pointer));

    /// <summary>Creates a reader for an object; any other value is an error.</summary>
    public static MemberReader? Begin(JsonElement element, FieldErrors errors)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            return new(element, errors);
        }

        string pointer = errors.Pointer;
        errors.Add((pointer.Length == 0 ? "The body" : pointer[(pointer.LastIndexOf('/') + 1)..]) + " must be a JSON object.");
        return null;
    }

    /// <summary>All members of the object.</summary>
    public JsonElement.ObjectEnumerator Members => element.EnumerateObject();

    /// <summary>The size of the object as sent, in UTF-8 bytes.</summary>
    public int ByteCount => JsonMarshal.GetRawUtf8Value(element).Length;

    /// <summary>Adds an error for a member.</summary>
    public void AddError(string name, string detail) => errors.Add(name, detail);

    /// <summary>Adds an error for each member that is not known, at most <see cref="MostUnknown"/>, for bodies in which a mistyped member must not be overlooked.</summary>
    /// <param name="known">The names of the known members.</param>
    /// <param name="unused">Names of members that are accepted and not read, such as those of an answer that is sent back.</param>
    /// <param name="elsewhere">Names that belong into an object of this one, such as <c>scope.source</c>.</param>
    /// <returns>The number of errors.</returns>
    public int RejectOthers(IReadOnlyList<string> known, IReadOnlyList<string>? unused = null, IReadOnlyList<string>? elsewhere = null)
    {
        int count = 0;
        string place = errors.Pointer.Length == 0 ? "There is" : errors.Pointer[1..].Replace('/', '.') + " has";
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name, StringComparer.Ordinal) && unused?.Contains(member.Name, StringComparer.Ordinal) != true && count < MostUnknown)
            {
                string hint = NearestName.Find(member.Name, [.. known, .. elsewhere ?? []]) is { } near ? $"did you mean {near}?" : $"the members are {string.Join(", ", known)}.";
                AddError(Shorten(member.Name), $"{place} no member {Shorten(member.Name)}; {hint}");
                count++;
            }
        }

        return count;
    }

    /// <summary>Returns a member that is present and not null.</summary>
    public JsonElement? Find(string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>Reads a string.</summary>
    public string? Text(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            AddError(name, $"{name} must be a string.");
            return null;
        }

        if (TryGetString(value, out string? text))
        {
            return text;
        }

        AddError(name, $"{name} is not valid Unicode.");
        return null;
    }

    /// <summary>Reads a string of at most <paramref name="max"/> characters.</summary>
    public string? Text(string name, int max)
    {
        string? text = Text(name);
        errors.CheckLength(name, text, max);
        return text;
    }

    /// <summary>Reads a finite number.</summary>
    public double? Number(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number))
        {
            return number;
        }

        AddError(name, $"{name} must be a finite number.");
        return null;
    }

    /// <summary>Reads a Boolean.</summary>
    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
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

    /// <summary>Reads a time, truncated to microseconds: RFC 3339 with a time zone, or <see cref="UnixTime"/> as a number or a string.</summary>
    public DateTimeOffset? Time(string name, bool isRequired = false)
    {
        if (Find(name) is not { } value)
        {
            if (isRequired)
            {
                errors.AddMissing(name);
            }

            return null;
        }

        if (TryGetTime(value, out var time))
        {
            return errors.CheckTime(name, time);
        }

        errors.AddInvalidTime(name);
        return null;
    }

    /// <summary>Reads a UUID.</summary>
    public Guid? Id(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && TryGetString(value, out string text) && OperationIds.TryParse(text, out var id))
        {
            return id;
        }

        AddError(name, $"{name} must be a UUID, such as 018f2f6e-7c1a-7000-8000-000000000001.");
        return null;
    }

    /// <summary>Reads a metric type by wire name.</summary>
    public MetricType? MetricType(string name)
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

    /// <summary>Creates a reader for an object member.</summary>
    public MemberReader? Object(string name) => Find(name) is { } value ? Begin(value, errors.In(name)) : null;

    private static string Shorten(string name) => name.Length <= LongestNamed ? name : name[..LongestNamed] + "…";

    /// <summary>Reads a JSON string; fails when it contains a lone surrogate.</summary>
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

    /// <summary>Reads a time: RFC 3339 with a time zone, or <see cref="UnixTime"/> as a number or a string.</summary>
    public static bool TryGetTime(JsonElement value, out DateTimeOffset time)
    {
        time = default;
        return value.ValueKind switch
        {
            JsonValueKind.String => TryGetString(value, out string text) && (Rfc3339.TryParse(text, out time) || UnixTime.TryParse(text, out time)),
            JsonValueKind.Number => UnixTime.TryParse(JsonMarshal.GetRawUtf8Value(value), out time),
            _ => false,
        };
    }
}
