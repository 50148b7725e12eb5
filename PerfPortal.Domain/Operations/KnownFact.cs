using System.Collections.Frozen;

namespace PerfPortal.Domain.Operations;

/// <summary>The value type of a known fact.</summary>
public enum FactKind : byte
{
    /// <summary>A non-negative integer.</summary>
    Count,

    /// <summary>A number within the bounds of the fact.</summary>
    Number,

    /// <summary>A boolean; aggregated as the share of true values.</summary>
    Flag,

    /// <summary>A string.</summary>
    Text,
}

/// <summary>A metadata member with a defined meaning for one metric type: typed, validated, aggregated and shown with its unit.</summary>
/// <param name="Name">The name of the metadata member.</param>
/// <param name="Kind">The value type.</param>
/// <param name="Unit">The display unit; empty when it has none.</param>
/// <param name="Max">The maximum value; the minimum is 0.</param>
/// <param name="Title">The display name.</param>
public sealed record KnownFact(string Name, FactKind Kind, string Unit, double Max, string Title);

/// <summary>The known facts of each metric type.</summary>
public static class KnownFacts
{
    private const double Any = 1e18;

    private static readonly KnownFact[][] ByType =
    [
        [
            new("bytes_total", FactKind.Count, "B", Any, "Size"),
            new("bytes_downloaded", FactKind.Count, "B", Any, "Downloaded"),
            new("download_speed_bytes_per_second", FactKind.Number, "B/s", Any, "Speed"),
            new("retry_count", FactKind.Count, "", Any, "Retries"),
            new("integrity_verified", FactKind.Flag, "", 1, "Integrity verified"),
            new("error_category", FactKind.Text, "", 0, "Error category"),
            new("url", FactKind.Text, "", 0, "URL"),
        ],
        [
            new(HealthCheckFacts.IntegrityScore, FactKind.Number, "", 1, "Integrity score"),
            new(HealthCheckFacts.CorruptionDetected, FactKind.Flag, "", 1, "Corruption found"),
            new(HealthCheckFacts.FilesChecked, FactKind.Count, "", Any, "Files checked"),
            new(HealthCheckFacts.FilesMissing, FactKind.Count, "", Any, "Files missing"),
            new(HealthCheckFacts.BytesChecked, FactKind.Count, "B", Any, "Bytes checked"),
        ],
        [
            new("strategy", FactKind.Text, "", 0, "Strategy"),
            new("compatibility_score", FactKind.Number, "", 1, "Compatibility score"),
            new("alternatives_considered", FactKind.Count, "", Any, "Alternatives considered"),
            new("chosen", FactKind.Text, "", 0, "Chosen"),
            new("cache_hit", FactKind.Flag, "", 1, "Cache hit"),
        ],
        [
            new("records_processed", FactKind.Count, "", Any, "Records"),
            new("processing_seconds", FactKind.Number, "s", Any, "Processing time"),
            new("collection_efficiency", FactKind.Number, "", 1, "Collection efficiency"),
        ],
        [
            new("model", FactKind.Text, "", 0, "Model"),
            new("model_version", FactKind.Text, "", 0, "Model version"),
            new("load_seconds", FactKind.Number, "s", Any, "Load time"),
            new("input_tokens", FactKind.Count, "", Any, "Input tokens"),
            new("output_tokens", FactKind.Count, "", Any, "Output tokens"),
            new("frames", FactKind.Count, "", Any, "Frames"),
            new("tokens_per_second", FactKind.Number, "/s", Any, "Tokens per second"),
            new("time_to_first_token_seconds", FactKind.Number, "s", Any, "Time to first token"),
            new("peak_gpu_memory_mb", FactKind.Number, "MiB", Any, "Peak GPU memory"),
        ],
        [],
    ];

    private static readonly FrozenDictionary<string, KnownFact>[] Index =
        [.. ByType.Select(facts => facts.ToFrozenDictionary(fact => fact.Name, StringComparer.Ordinal))];

    /// <summary>Returns the known facts of a metric type, in display order.</summary>
    public static IReadOnlyList<KnownFact> Of(MetricType type) => ByType[(int)type];

    /// <summary>Returns the known fact with this name, or <see langword="null"/>; other numbers are custom metrics.</summary>
    public static KnownFact? Find(MetricType type, string name) => Index[(int)type].GetValueOrDefault(name);

    /// <summary>Validates a value. Returns an error message that contains the limit, or <see langword="null"/> when the value is valid.</summary>
    public static string? Check(MetricType type, string name, MetadataValue value)
    {
        if (value.Kind == MetadataKind.Null || Find(type, name) is not { } fact)
        {
            return null;
        }

        return fact.Kind switch
        {
            FactKind.Flag => value.Kind == MetadataKind.Boolean ? null : $"{name} must be true or false",
            FactKind.Text => value.Kind == MetadataKind.Text ? null : $"{name} must be a string",
            FactKind.Count => IsNumber(value) && value.Numeric >= 0 && value.Numeric <= fact.Max && Math.Floor(value.Numeric!.Value) == value.Numeric
                ? null
                : $"{name} must be an integer of at least 0",
            _ when IsNumber(value) && value.Numeric >= 0 && value.Numeric <= fact.Max => null,
            _ => fact.Max == 1 ? $"{name} must be a number from 0 to 1" : $"{name} must be a number of at least 0",
        };
    }

    private static bool IsNumber(MetadataValue value) => value.Kind is MetadataKind.Whole or MetadataKind.Number or MetadataKind.Digits;
}
