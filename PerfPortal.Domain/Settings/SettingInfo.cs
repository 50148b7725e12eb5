using System.Globalization;

namespace PerfPortal.Domain.Settings;

/// <summary>What a setting's text must look like.</summary>
public enum SettingKind
{
    /// <summary>Any text.</summary>
    Text,

    /// <summary>A whole number within bounds.</summary>
    WholeNumber,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Flag,

    /// <summary>One word out of <see cref="SettingInfo.Choices"/>.</summary>
    Choice,

    /// <summary>A list of texts.</summary>
    List,
}

/// <summary>What is to be known about one setting: the admin page, the start-up check and the API all read it here.</summary>
public sealed record SettingInfo
{
    /// <summary>The configuration key, such as <c>PerfPortal:ResourceSampleInterval</c>.</summary>
    public required string Key { get; init; }

    /// <summary>The snake_case name, such as <c>resource_sample_interval</c>.</summary>
    public required string WireName { get; init; }

    /// <summary>The name for a person.</summary>
    public required string Title { get; init; }

    /// <summary>What the text must look like.</summary>
    public required SettingKind Kind { get; init; }

    /// <summary>What the setting does, in one or two sentences.</summary>
    public required string Description { get; init; }

    /// <summary>The unit of a number: <c>s</c>, <c>h</c> or <c>MiB</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>The value when nothing is said, as text; <see langword="null"/> where there is none.</summary>
    public string? Default { get; init; }

    /// <summary>The smallest number that is taken.</summary>
    public long? Min { get; init; }

    /// <summary>The largest number that is taken.</summary>
    public long? Max { get; init; }

    /// <summary>The words that a choice knows.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Whether one value stands for each metric type: the key is then followed by <c>:</c> and a wire name.</summary>
    public bool PerMetricType { get; init; }

    /// <summary>Whether the value must never be shown, logged or sent.</summary>
    public bool Secret { get; init; }

    /// <summary>The default of a number.</summary>
    /// <exception cref="InvalidOperationException">The setting is no number or has no default.</exception>
    public int DefaultNumber => Kind == SettingKind.WholeNumber && Default is not null
        ? int.Parse(Default, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException($"{Key} has no number as its default.");

    /// <summary>What a value must look like, in words, such as "a whole number from 1 to 3,600 s".</summary>
    public string Expectation => Kind switch
    {
        SettingKind.WholeNumber => "a whole number " + Bounds.InWords(Min ?? int.MinValue, Max ?? int.MaxValue, Unit),
        SettingKind.Flag => "true or false",
        SettingKind.Choice => "one of " + string.Join(", ", Choices),
        SettingKind.List => "a list of texts",
        _ => "a text",
    };

    /// <summary>Reads a whole number and checks its bounds.</summary>
    public bool TryReadNumber(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value)
        && !(value < Min) && !(value > Max);
}
