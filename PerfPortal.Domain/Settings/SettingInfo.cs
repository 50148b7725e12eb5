using System.Globalization;

namespace PerfPortal.Domain.Settings;

/// <summary>The value type of a setting.</summary>
public enum SettingKind
{
    /// <summary>Any string.</summary>
    Text,

    /// <summary>An integer within bounds.</summary>
    WholeNumber,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>One of <see cref="SettingInfo.Choices"/>.</summary>
    Choice,

    /// <summary>A list of strings.</summary>
    List,
}

/// <summary>Describes a setting; used by the admin page, the start-up check and the API.</summary>
public sealed record SettingInfo
{
    /// <summary>The configuration key, such as <c>PerfPortal:ResourceSampleInterval</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The snake_case name, such as <c>resource_sample_interval</c>.</summary>
    public required string WireName { get; init; }

    /// <summary>The display name.</summary>
    public required string Title { get; init; }

    /// <summary>The value type.</summary>
    public required SettingKind Kind { get; init; }

    /// <summary>A description in one or two sentences.</summary>
    public required string Description { get; init; }

    /// <summary>The unit of a number: <c>s</c>, <c>h</c> or <c>MiB</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>The default value as text; <see langword="null"/> when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>The minimum value.</summary>
    public long? Min { get; init; }

    /// <summary>The maximum value.</summary>
    public long? Max { get; init; }

    /// <summary>The allowed values of a choice.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether each metric type has its own value: the key is then followed by <c>:</c> and a wire name.</summary>
    public bool PerMetricType { get; init; }

    /// <summary>Whether the value is secret and must not be shown, logged or sent.</summary>
    public bool Secret { get; init; }

    /// <summary>The default value of a number.</summary>
    /// <exception cref="InvalidOperationException">The setting is not a number or has no default.</exception>
    public int DefaultNumber => Kind == SettingKind.WholeNumber && Default is not null
        ? int.Parse(Default, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException($"{Key} has no numeric default.");

    /// <summary>A description of valid values, such as "a whole number from 1 to 3,600 s".</summary>
    public string Expectation => Kind switch
    {
        SettingKind.WholeNumber => "a whole number " + Bounds.InWords(Min ?? int.MinValue, Max ?? int.MaxValue, Unit),
        SettingKind.Flag => "true or false",
        SettingKind.Choice => "one of " + string.Join(", ", Choices),
        SettingKind.List => "a list of strings",
        _ => "a string",
    };

    /// <summary>Parses an integer and checks its bounds.</summary>
    public bool TryReadNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value)
        && !(value < Min) && !(value > Max);
}
