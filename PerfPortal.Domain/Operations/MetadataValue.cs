using System.Globalization;
using System.Text.Json;

namespace PerfPortal.Domain.Operations;

/// <summary>What a metadata member holds.</summary>
public enum MetadataKind : byte
{
    /// <summary>Nothing.</summary>
    Null = 0,

    /// <summary>True or false.</summary>
    Boolean = 1,

    /// <summary>A whole number that fits 64 bits.</summary>
    Whole = 2,

    /// <summary>Any other finite number.</summary>
    Number = 3,

    /// <summary>A text.</summary>
    Text = 4,

    /// <summary>An array or object, kept as its JSON text.</summary>
    Json = 5,
}

/// <summary>One value of an operation's metadata.</summary>
public readonly struct MetadataValue : IEquatable<MetadataValue>
{
    private readonly long _bits;
    private readonly string? _text;

    private MetadataValue(MetadataKind kind, long bits, string? text)
    {
        Kind = kind;
        _bits = bits;
        _text = text;
    }

    /// <summary>What the value is.</summary>
    public MetadataKind Kind { get; }

    /// <summary>The text, or the JSON text of an array or object; else <see langword="null"/>.</summary>
    public string? Text => _text;

    /// <summary>The value's 64 bits: 0 or 1, the whole number, or those of the double (IEEE 754); 0 for the other kinds.</summary>
    public long Bits => _bits;

    /// <summary>The value as a number: a boolean as 0 or 1; <see langword="null"/> for the other kinds.</summary>
    public double? Numeric => Kind switch
    {
        MetadataKind.Boolean or MetadataKind.Whole => _bits,
        MetadataKind.Number => BitConverter.Int64BitsToDouble(_bits),
        _ => null,
    };

    /// <summary>Puts a boolean, whole number or number together of what <see cref="Bits"/> said.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is another one.</exception>
    public static MetadataValue FromBits(MetadataKind kind, long bits) => kind is MetadataKind.Boolean or MetadataKind.Whole or MetadataKind.Number
        ? new(kind, bits, null)
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only booleans and numbers are bits.");

    /// <summary>Makes a boolean.</summary>
    public static MetadataValue From(bool value) => new(MetadataKind.Boolean, value ? 1 : 0, null);

    /// <summary>Makes a whole number.</summary>
    public static MetadataValue From(long value) => new(MetadataKind.Whole, value, null);

    /// <summary>Makes a number; NaN and infinities, which JSON cannot say, become null.</summary>
    public static MetadataValue From(double value) =>
        double.IsFinite(value) ? new(MetadataKind.Number, BitConverter.DoubleToInt64Bits(value), null) : default;

    /// <summary>Makes a text, or null of a null.</summary>
    public static MetadataValue From(string? value) => value is null ? default : new(MetadataKind.Text, 0, value);

    /// <summary>Keeps an array or object as the JSON text that it is; the caller has checked it.</summary>
    public static MetadataValue FromJson(string json) => new(MetadataKind.Json, 0, json);

    /// <summary>Reads a JSON value; arrays and objects are kept as their text.</summary>
    public static MetadataValue From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => From(true),
        JsonValueKind.False => From(false),
        JsonValueKind.Number when element.TryGetInt64(out long whole) => From(whole),
        JsonValueKind.Number => From(element.GetDouble()),
        JsonValueKind.String => From(element.GetString()),
        JsonValueKind.Array or JsonValueKind.Object => new(MetadataKind.Json, 0, element.GetRawText()),
        _ => default,
    };

    /// <summary>Writes the value as JSON.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        switch (Kind)
        {
            case MetadataKind.Boolean: writer.WriteBooleanValue(_bits != 0); break;
            case MetadataKind.Whole: writer.WriteNumberValue(_bits); break;
            case MetadataKind.Number: writer.WriteNumberValue(BitConverter.Int64BitsToDouble(_bits)); break;
            case MetadataKind.Text: writer.WriteStringValue(_text); break;
            case MetadataKind.Json: writer.WriteRawValue(_text!); break;
            default: writer.WriteNullValue(); break;
        }
    }

    /// <inheritdoc/>
    public bool Equals(MetadataValue other) => Kind == other.Kind && _bits == other._bits && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MetadataValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Kind, _bits, _text);

    /// <summary>Equality by kind and value.</summary>
    public static bool operator ==(MetadataValue left, MetadataValue right) => left.Equals(right);

    /// <summary>Inequality by kind or value.</summary>
    public static bool operator !=(MetadataValue left, MetadataValue right) => !left.Equals(right);

    /// <summary>The value as text in invariant culture.</summary>
    public override string ToString() => Kind switch
    {
        MetadataKind.Boolean => _bits != 0 ? "true" : "false",
        MetadataKind.Whole => _bits.ToString(CultureInfo.InvariantCulture),
        MetadataKind.Number => BitConverter.Int64BitsToDouble(_bits).ToString(CultureInfo.InvariantCulture),
        MetadataKind.Null => "",
        _ => _text!,
    };
}
