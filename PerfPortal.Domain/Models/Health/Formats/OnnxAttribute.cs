using System.Globalization;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>What is collected of an attribute while its fields are read: its value must be in the field of its type.</summary>
internal sealed class OnnxAttribute
{
    private ulong _type;
    private (uint Field, long At)? _first;
    private (uint Field, long At)? _other;

    /// <summary>Takes a field that is there.</summary>
    public void Add(uint field, long at)
    {
        if (field is (>= 2 and <= 11) or 14 or 15 or 22 or 23)
        {
            _first ??= (field, at);
            _other = _first is var (first, _) && first != field ? (field, at) : _other;
        }
    }

    public void SetType(ulong type) => _type = type;

    /// <summary>Called after the last field.</summary>
    public void End(StructureReport report)
    {
        // Files of the first version state no types; newer types are not known.
        if (FieldOf(_type) is not { } expected)
        {
            return;
        }

        if ((_first is { } first && first.Field != expected ? first : _other) is { } wrong)
        {
            report.Add(
                HealthReasonKinds.Contradiction, wrong.At, null,
                string.Create(CultureInfo.InvariantCulture, $"The attribute has the type {_type}, whose values are in the field {expected}, and a value in the field {wrong.Field} at byte {wrong.At:N0}."));
        }
    }

    private static uint? FieldOf(ulong type) => type switch
    {
        >= 1 and <= 10 => (uint)type + 1,
        11 => 22,
        12 => 23,
        13 => 14,
        14 => 15,
        _ => null,
    };
}
