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

/// <summary>Converts thresholds to and from their wire format: a flat object of snake_case numbers, and one object of numbers by operation name.</summary>
public static class ThresholdDocument
{
    /// <summary>The wire name of <see cref="PerformanceThresholds.SlowOperationSecondsByName"/>.</summary>
    public const string SlowByName = "slow_operation_seconds_by_name";

    /// <summary>Returns all thresholds by wire name, in the order of <see cref="ThresholdCatalog.All"/>: numbers, and last the limits by operation name.</summary>
    public static IReadOnlyDictionary<string, object> Write(PerformanceThresholds thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        var document = new OrderedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var info in ThresholdCatalog.All)
        {
            document.Add(info.WireName, info.Get(thresholds));
        }

        document.Add(SlowByName, thresholds.SlowOperationSecondsByName.ToDictionary(StringComparer.Ordinal));
        return document;
    }

    /// <summary>The thresholds that differ, by wire name; a limit of an operation name as <c>slow_operation_seconds_by_name/NAME</c>, 0 for none.</summary>
    public static IReadOnlyList<(string WireName, double Before, double After)> Differences(PerformanceThresholds before, PerformanceThresholds after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, now) = (before.SlowOperationSecondsByName, after.SlowOperationSecondsByName);
        return
        [
            .. ThresholdCatalog.All.Select(info => (info.WireName, Before: info.Get(before), After: info.Get(after)))
                .Concat(old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                    .Select(name => (WireName: $"{SlowByName}/{name}", Before: old.GetValueOrDefault(name), After: now.GetValueOrDefault(name))))
                .Where(change => !change.Before.Equals(change.After)),
        ];
    }

    /// <summary>
    /// Applies a partial document. Missing members keep their value, unknown members are ignored, and one invalid member
    /// rejects the whole update. The last of duplicate members wins. The limits by operation name are replaced as a whole.
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

        if (document.TryGetProperty(SlowByName, out var names))
        {
            thresholds = thresholds with { SlowOperationSecondsByName = NameLimits.Read(names, SlowByName, errors) };
        }

        return errors.Count == 0 ? new(thresholds, []) : new(null, errors);
    }
}
