using System.Globalization;
using System.Text.Json.Nodes;

namespace PerfPortal.Server.Wire.Parameters;

/// <summary>A text.</summary>
/// <param name="name">The name.</param>
/// <param name="maxLength">The maximum length in characters.</param>
internal sealed class TextParameter(string name, int maxLength = QueryReader.MaxTextLength) : QueryParameter<string?>(name, null)
{
    public override int MaxLength { get; } = maxLength;

    public override string Requirement => string.Create(CultureInfo.InvariantCulture, $"must have at most {MaxLength} characters");

    public override ValueShape Shape => new("string") { MaxLength = MaxLength };

    public override bool TryParse(string text, out string? value)
    {
        value = text;
        return true;
    }
}

/// <summary>A whole number between two inclusive bounds.</summary>
internal sealed class WholeParameter(string name, int min, int max, int fallback) : QueryParameter<int>(name, fallback)
{
    public override string Requirement => string.Create(CultureInfo.InvariantCulture, $"must be a whole number from {min} to {max}");

    public override ValueShape Shape => new("integer") { Format = "int32", Minimum = min, Maximum = max, Default = JsonValue.Create(Fallback) };

    public override bool TryParse(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max;
}

/// <summary>A number of bytes, from 0 to 10^15.</summary>
internal sealed class BytesParameter(string name) : QueryParameter<long?>(name, null)
{
    private const long Max = 1_000_000_000_000_000;

    public override string Requirement => string.Create(CultureInfo.InvariantCulture, $"must be a whole number of bytes from 0 to {Max:#,0}");

    public override ValueShape Shape => new("integer") { Format = "int64", Minimum = 0, Maximum = Max };

    public override bool TryParse(string text, out long? value)
    {
        bool isNumber = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long bytes);
        value = bytes;
        return isNumber && bytes is >= 0 and <= Max;
    }
}

/// <summary>A duration in seconds, from 0 to a maximum.</summary>
internal sealed class SecondsParameter(string name, TimeSpan max) : QueryParameter<double?>(name, null)
{
    public override string Requirement => string.Create(CultureInfo.InvariantCulture, $"must be a duration in seconds from 0 to {max.TotalSeconds:#,0}");

    public override ValueShape Shape => new("number") { Format = "double", Minimum = 0, Maximum = max.TotalSeconds };

    public override bool TryParse(string text, out double? value)
    {
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        value = seconds;
        return isNumber && seconds >= 0 && seconds <= max.TotalSeconds;
    }
}

/// <summary>A Boolean. Without a fallback, a missing parameter means neither.</summary>
internal sealed class FlagParameter(string name, bool? fallback = null) : QueryParameter<bool?>(name, fallback)
{
    public override string Requirement => "must be one of true, false";

    public override ValueShape Shape => new("boolean") { Default = Fallback is { } value ? JsonValue.Create(value) : null };

    public override bool TryParse(string text, out bool? value)
    {
        value = text == "true";
        return text is "true" or "false";
    }
}

/// <summary>One of several values, by wire name.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="name">The name.</param>
/// <param name="choiceName">The name of the choices in generated clients.</param>
/// <param name="choices">The wire names and their values, in display order.</param>
/// <param name="fallback">The value when the parameter is missing; its wire name is the documented default.</param>
internal sealed class ChoiceParameter<T>(string name, string choiceName, IEnumerable<(string WireName, T Value)> choices, T fallback) : QueryParameter<T>(name, fallback)
{
    private readonly (string WireName, T Value)[] _choices = [.. choices];

    public override string Requirement => $"must be one of {string.Join(", ", Names)}";

    public override ValueShape Shape => new("string") { ChoiceName = choiceName, Choices = [.. Names], Default = NameOf(Fallback) };

    /// <summary>The wire name of a value, or <see langword="null"/> when it is not a choice.</summary>
    public string? NameOf(T value) => _choices.FirstOrDefault(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).WireName;

    public override bool TryParse(string text, out T value)
    {
        foreach (var choice in _choices)
        {
            if (choice.WireName == text)
            {
                value = choice.Value;
                return true;
            }
        }

        value = Fallback;
        return false;
    }

    private IEnumerable<string> Names => _choices.Select(choice => choice.WireName);
}

/// <summary>One or more distinct names, separated by commas.</summary>
internal sealed class NamesParameter(string name, string choiceName, IReadOnlyList<string> choices, IReadOnlyList<string> fallback) : QueryParameter<IReadOnlyList<string>>(name, fallback)
{
    public override string Requirement => $"must be one or more of {string.Join(", ", choices)}";

    public override ValueShape Shape => new("array") { ChoiceName = choiceName, Choices = choices, Default = new JsonArray([.. Fallback.Select(item => JsonValue.Create(item))]) };

    public override bool TryParse(string text, out IReadOnlyList<string> value)
    {
        value = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        return value.Count > 0 && value.All(choices.Contains);
    }
}
