using System.Text.Json;
using System.Text.RegularExpressions;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Analysis.Damage;

/// <summary>What one health check says about its model; immutable.</summary>
/// <remarks>
/// Only reported facts count; one that is missing tells nothing. A check that failed did not finish: it can report damage, but cannot clear any. A check that was cancelled or abandoned
/// tells nothing, except that the model was deleted.
/// </remarks>
public sealed partial record CheckReport
{
    private const int MaxReasons = 3;
    private const int MaxReasonCharacters = 300;

    /// <summary>The operation.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it started, UTC.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>How it ended.</summary>
    public OperationStatus Status { get; init; }

    /// <summary>What it found.</summary>
    public ModelFaults Faults { get; init; }

    /// <summary>What it looked for and did not find.</summary>
    public ModelFaults Clears { get; init; }

    /// <summary>The integrity score, 0–1; <see langword="null"/> when not reported.</summary>
    public double? Score { get; init; }

    /// <summary>The missing files, at least 0; <see langword="null"/> when not reported.</summary>
    public long? FilesMissing { get; init; }

    /// <summary>The first reasons, at most 300 characters; <see langword="null"/> when none was reported.</summary>
    public string? Reasons { get; init; }

    /// <summary>Whether it says that the model was deleted.</summary>
    public bool IsDeletion { get; init; }

    /// <summary>The finding that this report is known from; <see langword="null"/> for one that was read itself.</summary>
    public FindingObservation? Known { get; init; }

    /// <summary>Whether it says anything that is wrong.</summary>
    public bool IsFaulty => Faults != ModelFaults.None;

    /// <summary>Returns what an operation says; <see langword="null"/> when that is nothing.</summary>
    public static CheckReport? Of(Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        if (operation is not { MetricType: MetricType.HealthCheck, EndTime: { } end } || RemovedSource.Is(operation.Source))
        {
            return null;
        }

        var facts = operation.Metadata;
        bool succeeded = operation.Status == OperationStatus.Succeeded;
        var report = new CheckReport { Id = operation.Id, Start = operation.StartTime, End = end, Status = operation.Status };
        if (FlagOf(facts, HealthCheckFacts.ModelDeleted) == true && (succeeded || operation.Status == OperationStatus.Cancelled))
        {
            return report with { IsDeletion = true, Clears = ModelFaults.All };
        }

        if (!succeeded && operation.Status != OperationStatus.Failed)
        {
            return null;
        }

        bool? isCorrupt = FlagOf(facts, HealthCheckFacts.CorruptionDetected);
        double? missing = NumberOf(facts, HealthCheckFacts.FilesMissing, double.MaxValue);
        double? score = NumberOf(facts, HealthCheckFacts.IntegrityScore, 1);
        var faults = (isCorrupt == true ? ModelFaults.Corruption : 0) | (missing > 0 ? ModelFaults.MissingFiles : 0);
        faults = faults == ModelFaults.None && succeeded && score < 1 ? ModelFaults.LowScore : faults;
        var clears = succeeded ? ClearedBy(isCorrupt, missing, faults == ModelFaults.None ? score : null) & ~faults : ModelFaults.None;
        return (faults | clears) == ModelFaults.None ? null : report with
        {
            Faults = faults,
            Clears = clears,
            Score = score,
            FilesMissing = missing is { } count ? (long)Math.Min(count, long.MaxValue / 2) : null,
            Reasons = faults == ModelFaults.None ? null : ReasonsOf(facts[HealthCheckFacts.Reasons]),
        };
    }

    /// <summary>What an operation found; nothing for one that is no health check.</summary>
    public static ModelFaults FaultsOf(Operation operation) => Of(operation)?.Faults ?? ModelFaults.None;

    /// <summary>The model that an operation is about: its name, also where that had no place among the names of operations; <see langword="null"/> when it is not known.</summary>
    internal static string? ModelOf(Operation operation) =>
        operation.Name != NameLimiter.OtherNames ? operation.Name
        : operation.Metadata[NameLimiter.NameMember].Text is { Length: > 0 and <= OperationLimits.NameCharacters } name ? name
        : null;

    // The score is 1 only when nothing is wrong; the flags by themselves say nothing about what a low score was about, unless they are all there is.
    private static ModelFaults ClearedBy(bool? isCorrupt, double? missing, double? score) => score >= 1
        ? ModelFaults.All
        : (isCorrupt == false ? ModelFaults.Corruption : 0) | (missing == 0 ? ModelFaults.MissingFiles : 0) | (isCorrupt == false && missing == 0 && score is null ? ModelFaults.LowScore : 0);

    private static bool? FlagOf(Metadata facts, string name) => facts[name] is { Kind: MetadataKind.Boolean } flag ? flag.Bits != 0 : null;

    private static double? NumberOf(Metadata facts, string name, double max) =>
        facts[name] is { Kind: MetadataKind.Whole or MetadataKind.Number or MetadataKind.Digits, Numeric: { } number } && double.IsFinite(number) && number >= 0 && number <= max ? number : null;

    private static string? ReasonsOf(MetadataValue value)
    {
        string text = (value.Kind == MetadataKind.Json ? JoinedOf(value.Text!) : value.Kind == MetadataKind.Text ? value.Text! : "").ReplaceLineEndings(" ").Trim();
        text = LongHash().Replace(text, "$1…");
        return text.Length == 0 ? null : text.Length <= MaxReasonCharacters ? text : Cut(text);
    }

    // The first digits tell hashes apart, and leave room for what matters.
    [GeneratedRegex(@"\b([0-9a-fA-F]{8})[0-9a-fA-F]{24,}\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LongHash();

    private static string Cut(string text)
    {
        int end = char.IsHighSurrogate(text[MaxReasonCharacters - 2]) ? MaxReasonCharacters - 2 : MaxReasonCharacters - 1;
        return text[..end] + "…";
    }

    private static string JoinedOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind != JsonValueKind.Array
                ? ""
                : string.Join(' ', document.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Take(MaxReasons).Select(item => item.GetString()));
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
