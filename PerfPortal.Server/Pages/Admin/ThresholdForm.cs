using System.Globalization;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Pages.Admin;

/// <summary>The edited thresholds compared with the loaded ones. Keeps the text of every field, valid or not.</summary>
internal sealed class ThresholdForm
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>Creates a form that shows the effective thresholds.</summary>
    public ThresholdForm(PerformanceThresholds loaded, long version) => Load(loaded, version);

    /// <summary>The loaded thresholds.</summary>
    public PerformanceThresholds Loaded { get; private set; } = PerformanceThresholds.Default;

    /// <summary>The version of the loaded thresholds, which is sent when saving.</summary>
    public long Version { get; private set; }

    /// <summary>The limits of operation names as edited.</summary>
    public NameLimits Names { get; set; } = NameLimits.None;

    /// <summary>Whether any field differs from the loaded value.</summary>
    public bool IsDirty => ThresholdCatalog.All.Any(IsChanged) || !Names.Equals(Loaded.SlowOperationSecondsByName);

    /// <summary>The number of invalid fields.</summary>
    public int Errors => ThresholdCatalog.All.Count(info => Error(info) is not null);

    /// <summary>Loads other thresholds and discards all edits.</summary>
    public void Load(PerformanceThresholds loaded, long version)
    {
        (Loaded, Version, Names) = (loaded, version, loaded.SlowOperationSecondsByName);
        foreach (var info in ThresholdCatalog.All)
        {
            _texts[info.WireName] = Text(info.Get(loaded));
        }
    }

    /// <summary>Loads a newer version and keeps the edited fields.</summary>
    public void Rebase(PerformanceThresholds loaded, long version)
    {
        var kept = ThresholdCatalog.All.Where(IsChanged).ToDictionary(info => info.WireName, info => _texts[info.WireName]);
        var names = Names.Equals(Loaded.SlowOperationSecondsByName) ? loaded.SlowOperationSecondsByName : Names;
        Load(loaded, version);
        Names = names;
        foreach (var (name, text) in kept)
        {
            _texts[name] = text;
        }
    }

    /// <summary>Returns the text of a field.</summary>
    public string TextOf(ThresholdInfo info) => _texts[info.WireName];

    /// <summary>Returns the value of a field, or <see langword="null"/> when its text is not a number.</summary>
    public double? ValueOf(ThresholdInfo info) => TryRead(_texts[info.WireName], out double value) ? value : null;

    /// <summary>Sets the text of a field.</summary>
    public void Type(ThresholdInfo info, string? text) => _texts[info.WireName] = text ?? "";

    /// <summary>Returns the validation error of a field, or <see langword="null"/>.</summary>
    public string? Error(ThresholdInfo info) =>
        TryRead(_texts[info.WireName], out double value) && info.Allows(value) ? null : ErrorOf(info);

    /// <summary>Whether a field differs from the loaded value.</summary>
    public bool IsChanged(ThresholdInfo info) => !TryRead(_texts[info.WireName], out double value) || !value.Equals(info.Get(Loaded));

    /// <summary>Returns the edited thresholds, or <see langword="null"/> if a field is invalid.</summary>
    public PerformanceThresholds? Build()
    {
        var thresholds = Loaded;
        foreach (var info in ThresholdCatalog.All)
        {
            if (!TryRead(_texts[info.WireName], out double value) || !info.Allows(value))
            {
                return null;
            }

            thresholds = info.With(thresholds, value);
        }

        return thresholds with { SlowOperationSecondsByName = Names };
    }

    /// <summary>What is wrong with a value that a threshold does not allow.</summary>
    public static string ErrorOf(ThresholdInfo info) => $"Enter a number {info.Limits}.";

    /// <summary>Formats a value for a field.</summary>
    public static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static bool TryRead(string text, out double value) => double.TryParse(
        text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out value);
}
