using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace PerfPortal.Domain.Operations;

/// <summary>The kind of a metadata value.</summary>
public enum MetadataKind : byte
{
    /// <summary>No value.</summary>
    Null = 0,

    /// <summary>A boolean.</summary>
    Boolean = 1,

    /// <summary>A 64-bit integer.</summary>
    Whole = 2,

    /// <summary>Any other finite number.</summary>
    Number = 3,

    /// <summary>A string.</summary>
    Text = 4,

    /// <summary>An array or object, stored as JSON text.</summary>
    Json = 5,

    /// <summary>A number with more digits than a 64-bit integer or a double holds, stored as the text that was reported.</summary>
    Digits = 6,
}

/// <summary>One value of an operation's metadata.</summary>
public readonly struct MetadataValue : IEquatable<MetadataValue>
{
    // Every double has a decimal form of at most 17 significant digits (IEEE 754, 5.12.2).
    private const int ExactDigits = 17;

    private readonly long _bits;
    private readonly string? _text;

    private MetadataValue(MetadataKind kind, long bits, string? text)
    {
        Kind = kind;
        _bits = bits;
        _text = text;
    }

    /// <summary>The kind of the value.</summary>
    public MetadataKind Kind { get; }

    /// <summary>The string, or the JSON text of an array, an object or a number of the kind <see cref="MetadataKind.Digits"/>; otherwise <see langword="null"/>.</summary>
    public string? Text => _text;

    /// <summary>The raw 64 bits: 0 or 1 for a boolean, the integer, or the bits of the double (IEEE 754); 0 for other kinds.</summary>
    public long Bits => _bits;

    /// <summary>The value as a number: a boolean as 0 or 1, an integer and <see cref="MetadataKind.Digits"/> rounded to a double; <see langword="null"/> for the other kinds.</summary>
    public double? Numeric => Kind switch
    {
        MetadataKind.Boolean or MetadataKind.Whole => _bits,
        MetadataKind.Number => BitConverter.Int64BitsToDouble(_bits),
        MetadataKind.Digits => double.Parse(_text!, NumberStyles.Float, CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>Creates a boolean, integer or number from <see cref="Bits"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The kind is not a boolean, integer or number.</exception>
    public static MetadataValue FromBits(MetadataKind kind, long bits) => kind is MetadataKind.Boolean or MetadataKind.Whole or MetadataKind.Number
        ? new(kind, bits, null)
        : throw new ArgumentOutOfRangeException(nameof(kind), kind, "Only booleans and numbers can be created from bits.");

    /// <summary>Creates a boolean.</summary>
    public static MetadataValue From(bool value) => new(MetadataKind.Boolean, value ? 1 : 0, null);

    /// <summary>Creates an integer.</summary>
    public static MetadataValue From(long value) => new(MetadataKind.Whole, value, null);

    /// <summary>Creates an integer; one above <see cref="long.MaxValue"/> keeps its digits.</summary>
    public static MetadataValue From(ulong value) =>
        value <= long.MaxValue ? From((long)value) : FromDigits(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Creates a number; NaN and infinities, which JSON cannot represent, become null.</summary>
    public static MetadataValue From(double value) =>
        double.IsFinite(value) ? new(MetadataKind.Number, BitConverter.DoubleToInt64Bits(value), null) : default;

    /// <summary>Creates a string, or a null value from <see langword="null"/>.</summary>
    public static MetadataValue From(string? value) => value is null ? default : new(MetadataKind.Text, 0, value);

    /// <summary>Creates an array or object from JSON text, which the caller has validated.</summary>
    public static MetadataValue FromJson(string json) => new(MetadataKind.Json, 0, json);

    /// <summary>Creates a number of the kind <see cref="MetadataKind.Digits"/> from its JSON text, which the caller has validated.</summary>
    public static MetadataValue FromDigits(string digits) => new(MetadataKind.Digits, 0, digits);

    /// <summary>
    /// Creates a number from JSON text that is not a 64-bit integer. An integer, and a fraction of more than 17 significant digits, keep their
    /// digits; any other number becomes the nearest double, which is written in its shortest form: <c>1.50</c> as <c>1.5</c>.
    /// </summary>
    /// <param name="json">A valid JSON number in UTF-8.</param>
    /// <param name="number">The number as a finite double.</param>
    public static MetadataValue FromNumber(ReadOnlySpan<byte> json, double number) =>
        json.Length > ExactDigits && ExceedsDouble(json) ? FromDigits(Encoding.ASCII.GetString(json)) : From(number);

    /// <summary>Whether a JSON number that was read as an integer is -0, which only a double can hold.</summary>
    /// <param name="whole">The integer.</param>
    /// <param name="json">Its text.</param>
    public static bool IsNegativeZero(long whole, ReadOnlySpan<byte> json) => whole == 0 && json[0] == (byte)'-';

    /// <summary>Creates a value from a JSON element; arrays and objects are stored as JSON text.</summary>
    public static MetadataValue From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => From(true),
        JsonValueKind.False => From(false),
        JsonValueKind.Number when element.TryGetInt64(out long whole) && !IsNegativeZero(whole, JsonMarshal.GetRawUtf8Value(element)) => From(whole),
        JsonValueKind.Number => FromNumber(JsonMarshal.GetRawUtf8Value(element), element.GetDouble()),
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
            case MetadataKind.Json or MetadataKind.Digits: writer.WriteRawValue(_text!, skipInputValidation: true); break;
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

    private static bool ExceedsDouble(ReadOnlySpan<byte> json)
    {
        int end = json.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = end < 0 ? json : json[..end];
        bool isInteger = end < 0 && !mantissa.Contains((byte)'.');
        return isInteger || SignificantDigits(mantissa) > ExactDigits;
    }

    private static int SignificantDigits(ReadOnlySpan<byte> mantissa)
    {
        var digits = mantissa.Trim("-0."u8);
        return digits.Contains((byte)'.') ? digits.Length - 1 : digits.Length;
    }
}
