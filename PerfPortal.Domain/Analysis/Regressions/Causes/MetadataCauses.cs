using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Regressions.Causes;

/// <summary>Metadata values, such as a model version, that most operations since the change have and those before had not. Numbers that measure something are no candidates.</summary>
internal static class MetadataCauses
{
    private const int MinimumOperations = 10;
    private const int MaxValues = 64;
    private const int MaxCharacters = 80;
    private const double MinimumShift = 0.5;

    public static IEnumerable<FindingCause> Find(IReadOnlyList<Operation> before, IReadOnlyList<Operation> after, DateTimeOffset since)
    {
        if (before.Count < MinimumOperations || after.Count < MinimumOperations)
        {
            return [];
        }

        var then = Count(before);
        return Count(after)
            .Select(pair => (pair.Key, Now: pair.Value / (double)after.Count, Then: then.GetValueOrDefault(pair.Key) / (double)before.Count))
            .Where(value => value.Now - value.Then >= MinimumShift)
            .OrderByDescending(value => value.Now - value.Then)
            .Select(value => new FindingCause(
                "metadata", $"{value.Key.Name} is \"{value.Key.Value}\" in {Format.Ratio(value.Now)} of the operations since, and was in {Format.Ratio(value.Then)} of those before.",
                since, 0.95 * (value.Now - value.Then), CauseKeys.OfMetadata(value.Key.Name, value.Key.Value)));
    }

    private static Dictionary<(string Name, string Value), int> Count(IReadOnlyList<Operation> operations)
    {
        var counts = new Dictionary<(string, string), int>();
        var values = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (name, value) in operations.SelectMany(operation => operation.Metadata))
        {
            if (TextOf(value) is not { } text)
            {
                continue;
            }

            if (counts.TryGetValue((name, text), out int count))
            {
                counts[(name, text)] = count + 1;
            }
            else if (values.GetValueOrDefault(name) is var known && known < MaxValues)
            {
                values[name] = known + 1;
                counts.Add((name, text), 1);
            }
        }

        return counts;
    }

    private static string? TextOf(MetadataValue value) => value.Kind switch
    {
        MetadataKind.Boolean => value.Bits == 1 ? "true" : "false",
        MetadataKind.Text when value.Text is { Length: > 0 and <= MaxCharacters } text => text,
        _ => null,
    };
}
