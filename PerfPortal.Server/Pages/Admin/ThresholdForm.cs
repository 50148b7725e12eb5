using System.Globalization;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Pages.Admin;

/// <summary>What an admin types, against the thresholds that were loaded. It keeps the text of every field, right or wrong.</summary>
internal sealed class ThresholdForm
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>Makes a form that shows what is in force.</summary>
    public ThresholdForm(PerformanceThresholds loaded, long version) => Load(loaded, version);

    /// <summary>The thresholds that were loaded.</summary>
    public PerformanceThresholds Loaded { get; private set; } = PerformanceThresholds.Default;

    /// <summary>Their version, which saving names.</summary>
    public long Version { get; private set; }

    /// <summary>Whether a field differs from what was loaded.</summary>
    public bool IsDirty => ThresholdCatalog.All.Any(IsChanged);

    /// <summary>How many fields are wrong.</summary>
    public int Errors => ThresholdCatalog.All.Count(info => Error(info) is not null);

    /// <summary>Shows other thresholds; what was typed is gone.</summary>
    public void Load(PerformanceThresholds loaded, long version)
    {
        (Loaded, Version) = (loaded, version);
        foreach (var info in ThresholdCatalog.All)
        {
            _texts[info.WireName] = Text(info.Get(loaded));
        }
    }

    /// <summary>Goes over to a newer version and keeps the fields that were changed by hand.</summary>
    public void Rebase(PerformanceThresholds loaded, long version)
    {
        var kept = ThresholdCatalog.All.Where(IsChanged).ToDictionary(info => info.WireName, info => _texts[info.WireName]);
        Load(loaded, version);
        foreach (var (name, text) in kept)
        {
            _texts[name] = text;
        }
    }

    /// <summary>The text of a field.</summary>
    public string TextOf(ThresholdInfo info) => _texts[info.WireName];

    /// <summary>Types into a field.</summary>
    public void Type(ThresholdInfo info, string? text) => _texts[info.WireName] = text ?? "";

    /// <summary>What is wrong with a field, or <see langword="null"/>.</summary>
    public string? Error(ThresholdInfo info) =>
        TryRead(_texts[info.WireName], out double value) && info.Allows(value) ? null : $"Write a number {info.Limits}.";

    /// <summary>Whether a field differs from what was loaded.</summary>
    public bool IsChanged(ThresholdInfo info) => !TryRead(_texts[info.WireName], out double value) || !value.Equals(info.Get(Loaded));

    /// <summary>The thresholds as typed, or <see langword="null"/> while a field is wrong.</summary>
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

        return thresholds;
    }

    /// <summary>A value as a field shows it.</summary>
    public static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static bool TryRead(string text, out double value) => double.TryParse(
        text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out value);
}
