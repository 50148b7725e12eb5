using System.Globalization;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Advice.History;

/// <summary>Reads what advice learns from an ended operation. Members that are missing, of another type or out of range count as not reported; nothing throws.</summary>
internal static class PastFacts
{
    private const int MaxParts = 20;
    private const int MaxCategoryCharacters = 40;
    private const int MaxLevel = 64;

    /// <summary>Returns what is remembered; <see langword="null"/> for operations of other types, of the portal itself, and for those that neither succeeded nor failed.</summary>
    public static PastOperation? Of(Operation operation)
    {
        if (operation.EndTime is not { } end || operation.Status is not (OperationStatus.Succeeded or OperationStatus.Failed)
            || operation.Source == PortalSource.Name || RemovedSource.Is(operation.Source))
        {
            return null;
        }

        var facts = operation.Metadata;
        double seconds = Math.Max(0, (end - operation.StartTime).TotalSeconds);
        bool succeeded = operation.Status == OperationStatus.Succeeded;
        bool? advised = facts[AdviceFacts.Arm].Text switch { AdviceFacts.Advised => true, AdviceFacts.Default => false, _ => null };
        HistoryKey Key(string host = "") => new(operation.Source, operation.Name, host);
        return operation.MetricType switch
        {
            MetricType.DownloadOperation when facts[AdviceFacts.Repair] is { Kind: MetadataKind.Boolean, Bits: not 0 } => null,
            MetricType.DownloadOperation => Download(Key(HostOf(facts["url"].Text))),
            MetricType.HealthCheck => Check(),
            MetricType.FallbackStrategy => Fallback(),
            _ => null,
        };

        PastDownload Download(HistoryKey key)
        {
            double? bytes = Positive(facts["bytes_downloaded"]) ?? (succeeded ? Positive(facts["bytes_total"]) : null);
            return new()
            {
                Id = operation.Id,
                Key = key,
                End = end,
                Succeeded = succeeded,
                Seconds = seconds,
                Advised = advised,
                Bytes = bytes,
                Total = Positive(facts["bytes_total"]),
                Speed = Positive(facts["download_speed_bytes_per_second"]) ?? (bytes > 0 && seconds > 0 ? bytes / seconds : null),
                Connections = Level(facts[AdviceFacts.Connections]),
                Concurrency = Level(facts[AdviceFacts.Concurrency]),
                Files = NotNegative(facts[AdviceFacts.Files]) is { } files and >= 1 ? (int)Math.Min(files, int.MaxValue) : null,
                LongestStall = NotNegative(facts[AdviceFacts.LongestStall]),
                ErrorCategory = succeeded ? null : Category(facts["error_category"].Text),
                Retries = Retries(facts[AdviceFacts.Retries].Text),
            };
        }

        PastCheck Check() => new()
        {
            Id = operation.Id,
            Key = Key(),
            End = end,
            Succeeded = succeeded,
            Seconds = seconds,
            Advised = advised,
            Score = NotNegative(facts[HealthCheckFacts.IntegrityScore]) is { } score and <= 1 ? score : null,
            Corrupted = facts[HealthCheckFacts.CorruptionDetected] is { Kind: MetadataKind.Boolean } flag ? flag.Bits != 0 : null,
            IsFull = facts[AdviceFacts.Check].Text switch { "full" => true, "sampled" => false, _ => null },
            Bytes = Positive(facts[HealthCheckFacts.BytesChecked]),
            IsRequested = facts[AdviceFacts.Trigger].Text == AdviceFacts.Request,
        };

        PastFallback Fallback()
        {
            string? chosen = facts["chosen"].Text;
            var attempts = Attempts(facts[AdviceFacts.Attempts].Text);
            return new()
            {
                Id = operation.Id,
                Key = Key(),
                End = end,
                Succeeded = succeeded,
                Seconds = seconds,
                Advised = advised,
                Chosen = chosen,
                Score = NotNegative(facts["compatibility_score"]) is { } score and <= 1 ? score : null,
                Compatibilities = Compatibilities(facts[AdviceFacts.Compatibilities].Text),
                Attempts = attempts.Count > 0 || chosen is not { Length: > 0 and <= OperationLimits.NameCharacters } ? attempts : [new(chosen, seconds, succeeded)],
            };
        }
    }

    /// <summary>Returns the host of a URL in lower case, with its port when it is not the usual one; empty when it has none.</summary>
    internal static string HostOf(string? url) =>
        url is not null && Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost) is { Length: > 0 and <= 253 } host
            ? (uri.IsDefaultPort || uri.Port < 0 ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{uri.Port}")).ToLowerInvariant()
            : "";

    /// <summary>Parses <c>network 1.5 failed; network 3 ok</c>; a part that is not like this is left out.</summary>
    internal static IReadOnlyList<PastRetry> Retries(string? text) =>
        [.. Parts(text).Where(part => Category(part.Name) is not null).Select(part => new PastRetry(Category(part.Name)!, part.Seconds, part.Succeeded))];

    /// <summary>Parses <c>llama-7b 1.5 failed; llama%203 3 ok</c>; a part that is not like this is left out.</summary>
    internal static IReadOnlyList<PastAttempt> Attempts(string? text) =>
    [
        .. Parts(text).Select(part => new PastAttempt(Uri.UnescapeDataString(part.Name), part.Seconds, part.Succeeded))
            .Where(attempt => attempt.Alternative.Length is > 0 and <= OperationLimits.NameCharacters),
    ];

    /// <summary>Parses <c>llama-7b 0.93; llama%203 0.6</c>; a part that is not like this is left out.</summary>
    internal static IReadOnlyList<PastCompatibility> Compatibilities(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        var scores = new List<PastCompatibility>();
        foreach (string part in text.Split(';', MaxParts + 1, StringSplitOptions.TrimEntries).Take(MaxParts))
        {
            if (part.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var number]
                && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double score) && score is >= 0 and <= 1
                && Uri.UnescapeDataString(name) is { Length: > 0 and <= OperationLimits.NameCharacters } alternative)
            {
                scores.Add(new(alternative, score));
            }
        }

        return scores;
    }

    private static IEnumerable<(string Name, double Seconds, bool Succeeded)> Parts(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            yield break;
        }

        foreach (string part in text.Split(';', MaxParts + 1, StringSplitOptions.TrimEntries).Take(MaxParts))
        {
            if (part.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var number, var outcome]
                && outcome is "ok" or "failed"
                && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
                && seconds >= 0 && seconds <= OperationLimits.MaxDurationSeconds)
            {
                yield return (name, seconds, outcome == "ok");
            }
        }
    }

    // Categories are few and come with every download; an interned text is held once.
    private static string? Category(string? text) => text is { Length: > 0 and <= MaxCategoryCharacters } ? string.IsInterned(text) ?? text : null;

    private static double? NotNegative(MetadataValue value) => value.Numeric is { } number && double.IsFinite(number) && number >= 0 ? number : null;

    private static double? Positive(MetadataValue value) => NotNegative(value) is { } number and > 0 ? number : null;

    private static int? Level(MetadataValue value) => NotNegative(value) is { } number and >= 1 and <= MaxLevel ? (int)Math.Round(number) : null;
}
