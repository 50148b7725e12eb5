using System.Globalization;
using System.Text;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Planning;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Fallbacks;

/// <summary>Writes what a decision did into the operation that reports it.</summary>
internal static class FallbackReport
{
    private const int MaxAttempts = 20;

    /// <summary>The most bytes of all attempts as JSON: a member that does not fit into <see cref="OperationLimits.MetadataBytes"/> with the others would be dropped.</summary>
    private const int MaxBytes = 10_000;

    /// <summary>The most bytes of all compatibilities.</summary>
    private const int MaxScoreBytes = 3_000;

    /// <summary>The bytes of a character that JSON escapes.</summary>
    private const int EscapedBytes = 6;

    /// <summary>Sets the facts of a decision.</summary>
    public static void Write(OperationScope scope, FallbackDecision decision)
    {
        var last = decision.Chosen
            ?? (decision.Attempts is [.., var attempt] ? decision.Alternatives.FirstOrDefault(alternative => alternative.Candidate.Name == attempt.Candidate) : null);
        scope.SetAll(
            new("strategy", MetadataValue.From(last?.Strategy.WireName())),
            new("compatibility_score", last is null ? default : MetadataValue.From(last.Score.Value)),
            new("alternatives_considered", MetadataValue.From((long)decision.Alternatives.Count)),
            new("chosen", MetadataValue.From(decision.Chosen?.Candidate.Name)),
            new("cache_hit", MetadataValue.From(decision.IsScoreCached)),
            new(AdviceFacts.Arm, MetadataValue.From(decision.IsAdvised ? AdviceFacts.Advised : AdviceFacts.Default)),
            new(AdviceFacts.Attempts, MetadataValue.From(AttemptText(decision.Attempts))),
            new(AdviceFacts.Compatibilities, MetadataValue.From(CompatibilityText(decision.Alternatives))),
            new(AdviceFacts.SecondsLost, decision.Attempts.Count == 0 ? default : MetadataValue.From(Math.Round(decision.Lost.TotalSeconds, 6))));
    }

    /// <summary>The attempts as <c>name seconds outcome</c>, separated by <c>;</c>; <see langword="null"/> without any.</summary>
    public static string? AttemptText(IReadOnlyList<FallbackAttempt> attempts) => Join(MaxBytes, attempts.Select(attempt =>
    {
        string outcome = attempt.Outcome switch
        {
            FallbackOutcome.Succeeded => "ok",
            FallbackOutcome.Cancelled => "cancelled",
            _ => "failed",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Encode(attempt.Candidate)} {attempt.Duration.TotalSeconds:0.######} {outcome}");
    }));

    /// <summary>The compatibility of those to try as <c>name score</c>, separated by <c>;</c>; <see langword="null"/> without any.</summary>
    public static string? CompatibilityText(IEnumerable<Alternative> alternatives) => Join(
        MaxScoreBytes,
        alternatives.Where(alternative => alternative.Place is not null)
            .Select(alternative => string.Create(CultureInfo.InvariantCulture, $"{Encode(alternative.Candidate.Name)} {alternative.Score.Value:0.####}")));

    private static string? Join(int maxBytes, IEnumerable<string> parts)
    {
        var text = new StringBuilder();
        int bytes = 0;
        foreach (string one in parts.Take(MaxAttempts))
        {
            bytes += 2 + one.Sum(BytesOf);
            if (bytes > maxBytes)
            {
                break;
            }

            text.Append(text.Length == 0 ? "" : "; ").Append(one);
        }

        return text.Length == 0 ? null : text.ToString();
    }

    private static int BytesOf(char c) => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '-' or '_' or '/' or ':' or '%' ? 1 : EscapedBytes;

    private static string Encode(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            if (rune.Value is ';' or '%' || Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                text.Append(Uri.EscapeDataString(rune.ToString()));
            }
            else
            {
                text.Append(rune);
            }
        }

        return text.ToString();
    }
}
