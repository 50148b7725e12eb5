using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PerfPortal.Domain.Settings;

/// <summary>A validation error of a document, as listed in RFC 9457 problem details.</summary>
/// <param name="Pointer">A JSON pointer (RFC 6901) to the member, empty for the whole document.</param>
/// <param name="Detail">A sentence that contains the member and its limits.</param>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "Pointer is the term of RFC 9457.")]
public sealed record SettingError(string Pointer, string Detail);

/// <summary>The result of an update: either the new thresholds or the errors.</summary>
/// <param name="Thresholds">The thresholds after the update, or <see langword="null"/> when there are errors.</param>
/// <param name="Errors">All errors; empty when the update is valid.</param>
public sealed record ThresholdUpdate(PerformanceThresholds? Thresholds, IReadOnlyList<SettingError> Errors);

/// <summary>Converts thresholds to and from their wire format: a flat object of snake_case numbers.</summary>
public static class ThresholdDocument
{
    /// <summary>Returns all thresholds by wire name, in the order of <see cref="ThresholdCatalog.All"/>.</summary>
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
    /// Applies a partial document. Missing members keep their value, unknown members are ignored, and one invalid member
    /// rejects the whole update. The last of duplicate members wins.
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
