using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PerfPortal.Domain.Settings;

/// <summary>One thing that is wrong with a document, as RFC 9457 problem details list it.</summary>
/// <param name="Pointer">Where: a JSON pointer (RFC 6901), empty for the whole document.</param>
/// <param name="Detail">What: a sentence that names the member and its limits.</param>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "Pointer is the term of RFC 9457.")]
public sealed record SettingError(string Pointer, string Detail);

/// <summary>What became of an update: the new thresholds, or every mistake, never both.</summary>
/// <param name="Thresholds">The thresholds after the update, or <see langword="null"/> when anything was wrong.</param>
/// <param name="Errors">Every mistake; empty when the update is good.</param>
public sealed record ThresholdUpdate(PerformanceThresholds? Thresholds, IReadOnlyList<SettingError> Errors);

/// <summary>The thresholds as they travel: a flat object of snake_case numbers.</summary>
public static class ThresholdDocument
{
    /// <summary>Every threshold by its wire name, in the order of <see cref="ThresholdCatalog.All"/>.</summary>
    public static IReadOnlyDictionary<string, double> Write(PerformanceThresholds thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        var document = new OrderedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var info in ThresholdCatalog.All)
        {
            document.Add(info.WireName, info.Get(thresholds));
        }

        return document;
    }

    /// <summary>
    /// Applies a partial document. Members that are not named keep their value, members that nobody knows are ignored,
    /// and one bad member leaves everything as it was. Of a member that is named twice the last one counts.
    /// </summary>
    public static ThresholdUpdate Apply(PerformanceThresholds thresholds, JsonElement document)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        if (document.ValueKind != JsonValueKind.Object)
        {
            return new(null, [new("", "The thresholds must be a JSON object.")]);
        }

        var errors = new List<SettingError>();
        foreach (var info in ThresholdCatalog.All)
        {
            if (!document.TryGetProperty(info.WireName, out var member))
            {
                continue;
            }

            if (member.ValueKind == JsonValueKind.Number && member.TryGetDouble(out double value) && info.Allows(value))
            {
                thresholds = info.With(thresholds, value);
            }
            else
            {
                errors.Add(new("/" + info.WireName, $"{info.WireName} must be a number {info.Limits}."));
            }
        }

        return errors.Count == 0 ? new(thresholds, []) : new(null, errors);
    }
}
