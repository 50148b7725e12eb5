using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Failures;

/// <summary>A group of similar failures: same type, name and error type, and the same message apart from numbers and names.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The operation name.</param>
/// <param name="ErrorType">The error type, or <see langword="null"/> when none was reported.</param>
/// <param name="Message">The message with variable parts replaced, see <see cref="FailurePatterns.TemplateOf"/>; empty when none was reported.</param>
/// <param name="Count">The number of failures.</param>
/// <param name="Share">The share of the examined failures, 0–1.</param>
/// <param name="FirstAt">The earliest end among them.</param>
/// <param name="LastAt">The latest end among them.</param>
/// <param name="Sources">The sources that reported them, sorted.</param>
/// <param name="Examples">The latest failures, at most 3.</param>
public sealed record FailurePattern(
    MetricType MetricType, string Name, string? ErrorType, string Message, long Count, double Share,
    DateTimeOffset FirstAt, DateTimeOffset LastAt, IReadOnlyList<string> Sources, IReadOnlyList<OperationReference> Examples);

/// <summary>The failure patterns of a range.</summary>
/// <param name="Examined">The number of failures examined.</param>
/// <param name="IsComplete">Whether all failures of the range were examined, not only the latest.</param>
/// <param name="Items">The patterns, most frequent first.</param>
public sealed record FailurePatternAnswer(long Examined, bool IsComplete, IReadOnlyList<FailurePattern> Items);

/// <summary>Groups the failures of a range, at most the latest <see cref="MaxRows"/>.</summary>
public sealed class FailurePatterns(IOperationReader reader)
{
    /// <summary>The maximum number of failures examined.</summary>
    public const int MaxRows = 5000;

    private const int MaxExamples = 3;
    private const int TemplateCharacters = 200;

    /// <summary>Returns the failure patterns of a range.</summary>
    public async Task<FailurePatternAnswer> ReadAsync(TimeRange range, SeriesFilter filter, CancellationToken cancellationToken)
    {
        var latest = new LatestCollector(MaxRows);
        await reader.ScanAsync(range, new() { Series = filter with { Status = OperationStatus.Failed } }, latest.Add, cancellationToken).ConfigureAwait(false);
        var failures = latest.ToList();
        return new(failures.Count, latest.IsComplete, Group(failures));
    }

    /// <summary>
    /// Returns a message with variable parts replaced: its first line, at most 200 characters, with every word that contains a digit as <c>#</c> and every
    /// quoted text as <c>'…'</c>. Failures with the same template belong to one pattern.
    /// </summary>
    public static string TemplateOf(string? message)
    {
        string line = (message ?? "").Split('\n', 2)[0].Trim();
        var words = new List<string>();
        bool isQuoted = false;
        foreach (string word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool opens = word[0] is '\'' or '"';
            bool closes = word.TrimEnd('.', ',', ';', ':', ')') is { Length: > 0 } core && core[^1] is '\'' or '"' && (isQuoted || core.Length > 1);
            if (isQuoted || opens)
            {
                if (opens && !isQuoted)
                {
                    words.Add("'…'");
                }

                isQuoted = !closes;
                continue;
            }

            words.Add(word.AsSpan().ContainsAnyInRange('0', '9') ? "#" : word);
        }

        string template = string.Join(' ', words);
        return template.Length <= TemplateCharacters ? template : template[..TemplateCharacters];
    }

    private static List<FailurePattern> Group(List<Operation> failures) =>
    [
        .. failures.GroupBy(failure => (failure.MetricType, failure.Name, failure.ErrorType, Message: TemplateOf(failure.ErrorMessage)))
            .Select(group => new FailurePattern(
                group.Key.MetricType, group.Key.Name, group.Key.ErrorType, group.Key.Message, group.Count(), (double)group.Count() / failures.Count,
                group.Min(failure => failure.EndTime!.Value), group.Max(failure => failure.EndTime!.Value),
                [.. group.Select(failure => failure.Source).Distinct().Order(StringComparer.Ordinal)],
                [.. group.Take(MaxExamples).Select(OperationReference.To)]))
            .OrderByDescending(pattern => pattern.Count).ThenBy(pattern => pattern.MetricType).ThenBy(pattern => pattern.Name, StringComparer.Ordinal)
            .ThenBy(pattern => pattern.ErrorType, StringComparer.Ordinal).ThenBy(pattern => pattern.Message, StringComparer.Ordinal),
    ];
}
