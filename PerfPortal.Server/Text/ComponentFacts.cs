using System.Globalization;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Text;

/// <summary>The members of <see cref="AdviceFacts"/> and others that downloads, health checks and fallbacks report beside the known facts, for display. A value of another type than theirs is not one of them.</summary>
internal static class ComponentFacts
{
    private static readonly KnownFact Arm = Texts(AdviceFacts.Arm, "Advice");

    private static readonly Dictionary<MetricType, KnownFact[]> ByType = new()
    {
        [MetricType.DownloadOperation] =
        [
            Numbers(AdviceFacts.Connections, "Connections"), Numbers(AdviceFacts.ConnectionsPeak, "Connections, most at a time"), Numbers(AdviceFacts.Files, "Files"),
            Numbers(AdviceFacts.Concurrency, "Files at a time"), Numbers(AdviceFacts.BytesWasted, "Received in vain", "B"), Texts(AdviceFacts.Retries, "Retries in order"),
            Numbers(AdviceFacts.LongestStall, "Longest stall", "s"), Flags(AdviceFacts.Repair, "Repair of files"), Arm,
        ],
        [MetricType.HealthCheck] =
        [
            Texts(HealthCheckFacts.Reasons, "Found"), Flags(HealthCheckFacts.ModelDeleted, "Model deleted"), Texts(AdviceFacts.Check, "Read"), Texts(AdviceFacts.Trigger, "Started by"), Arm,
        ],
        [MetricType.FallbackStrategy] =
        [
            Texts(AdviceFacts.Attempts, "Attempts"), Texts(AdviceFacts.Compatibilities, "Compatibility of those to try"), Numbers(AdviceFacts.SecondsLost, "Time lost", "s"), Arm,
        ],
    };

    private static readonly Dictionary<(string Name, string Value), string> Words = new()
    {
        [(AdviceFacts.Arm, AdviceFacts.Advised)] = "followed",
        [(AdviceFacts.Arm, AdviceFacts.Default)] = "not used, safe defaults",
        [(AdviceFacts.Arm, AdviceFacts.Trial)] = "a level was tried",
        [(AdviceFacts.Check, "full")] = "every byte",
        [(AdviceFacts.Check, "sampled")] = "a sample",
        [(AdviceFacts.Trigger, AdviceFacts.Schedule)] = "the schedule",
        [(AdviceFacts.Trigger, AdviceFacts.Request)] = "a request",
    };

    private static readonly HashSet<string> Strategies = [.. Enum.GetValues<FallbackStrategy>().Select(strategy => strategy.WireName())];

    /// <summary>Returns the facts that an operation has, in display order.</summary>
    public static IEnumerable<KnownFact> Of(Operation operation) =>
        ByType.GetValueOrDefault(operation.MetricType, []).Where(fact => operation.Metadata.TryGet(fact.Name, out var value) && IsOf(fact, value));

    /// <summary>Returns the fact of a type with this name; <see langword="null"/> for other members.</summary>
    public static KnownFact? Find(MetricType type, string name) => Array.Find(ByType.GetValueOrDefault(type, []), fact => fact.Name == name);

    /// <summary>Whether a member of an operation is one of them.</summary>
    public static bool Has(Operation operation, string name) => Of(operation).Any(fact => fact.Name == name);

    /// <summary>Returns the words for the text of a fact, where it has any; otherwise the text.</summary>
    public static string WordsOf(string name, string text) => Words.TryGetValue((name, text), out string? words) ? words : name switch
    {
        "strategy" when Strategies.Contains(text) => EvidenceText.Words(text),
        AdviceFacts.Attempts or AdviceFacts.Retries => Steps(text),
        AdviceFacts.Compatibilities => string.Join("; ", Parts(text).Select(Uri.UnescapeDataString)),
        _ => text,
    };

    // "llama%203 1.5 failed" is a name, seconds and an outcome.
    private static string Steps(string text) => string.Join("; ", Parts(text).Select(part =>
        part.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var number, var outcome]
            && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            ? $"{Uri.UnescapeDataString(name)} {Format.Seconds(seconds)} {(outcome == "ok" ? "succeeded" : outcome)}"
            : part));

    private static string[] Parts(string text) => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static bool IsOf(KnownFact fact, MetadataValue value) => fact.Kind switch
    {
        FactKind.Text => value.Kind == MetadataKind.Text,
        FactKind.Flag => value.Kind == MetadataKind.Boolean,
        _ => value.Kind != MetadataKind.Boolean && value.Numeric is >= 0,
    };

    private static KnownFact Numbers(string name, string title, string unit = "") => new(name, FactKind.Number, unit, double.MaxValue, title);

    private static KnownFact Flags(string name, string title) => new(name, FactKind.Flag, "", 1, title);

    private static KnownFact Texts(string name, string title) => new(name, FactKind.Text, "", 0, title);
}
