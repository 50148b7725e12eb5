using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Pages.Operations;

/// <summary>A fact of an operation for display.</summary>
/// <param name="Name">The name of the metadata member.</param>
/// <param name="Title">The display name.</param>
/// <param name="Text">The value with its unit.</param>
public sealed record OperationFact(string Name, string Title, string Text);

/// <summary>
/// Formats an operation's metadata: known facts and those of components with titles and units, other members as reported. Numbers of other members are not grouped,
/// because they include seeds and ids, which people copy.
/// </summary>
internal static class OperationFacts
{
    private const int CompactFacts = 3;
    private const int MaxCompactTextLength = 40;

    /// <summary>Returns the operation's known facts, in catalogue order, then those of the component that did the work.</summary>
    public static IReadOnlyList<OperationFact> Known(Operation operation) =>
    [
        .. KnownFacts.Of(operation.MetricType)
            .Where(fact => operation.Metadata.TryGet(fact.Name, out _)).Concat(ComponentFacts.Of(operation))
            .Select(fact => new OperationFact(fact.Name, fact.Title, Text(fact, operation.Metadata[fact.Name]))),
    ];

    /// <summary>Returns all other metadata, in reported order.</summary>
    public static IReadOnlyList<OperationFact> Custom(Operation operation) =>
    [
        .. operation.Metadata
            .Where(member => KnownFacts.Find(operation.MetricType, member.Key) is null && !ComponentFacts.Has(operation, member.Key))
            .Select(member => new OperationFact(member.Key, member.Key, Text(member.Value))),
    ];

    /// <summary>Returns the first facts in one line, or <see langword="null"/> if there are none.</summary>
    public static string? Compact(Operation operation)
    {
        var facts = Known(operation).Concat(Custom(operation)).Take(CompactFacts).Select(fact => $"{fact.Title} {Short(fact.Text)}");
        string line = string.Join(" · ", facts);
        return line.Length == 0 ? null : line;
    }

    /// <summary>Formats the value of a known fact with its unit.</summary>
    public static string Text(KnownFact fact, MetadataValue value) => (fact.Kind, fact.Unit) switch
    {
        (FactKind.Text, _) when value.Kind == MetadataKind.Text => ComponentFacts.WordsOf(fact.Name, value.ToString()),
        _ when value.Numeric is not { } => value.ToString(),
        (FactKind.Flag, _) => value.Numeric > 0 ? "yes" : "no",
        (FactKind.Count, "") => value.Kind == MetadataKind.Whole ? Format.Count(value.Bits) : Format.Count(value.Numeric),

        // Titles contain "per second", so the rate keeps that unit.
        (_, "/s") => Format.Number(value.Numeric) + " /s",
        _ => Format.Value(value.Numeric, fact.Unit),
    };

    private static string Text(MetadataValue value) => value.Kind switch
    {
        MetadataKind.Boolean => value.Numeric > 0 ? "yes" : "no",
        _ => value.ToString(),
    };

    private static string Short(string text) => MiddleCut.Of(text, MaxCompactTextLength);
}
