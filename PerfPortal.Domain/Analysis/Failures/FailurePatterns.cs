using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Failures;

/// <summary>Failures that are alike: one type and name, one kind of error, one message but for its numbers and names.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The operation name.</param>
/// <param name="ErrorType">The kind of error, or <see langword="null"/> when none was reported.</param>
/// <param name="Message">The message with what varies replaced, see <see cref="FailurePatterns.TemplateOf"/>; empty without one.</param>
/// <param name="Count">How many of the failures that were looked at.</param>
/// <param name="Share">Of those, 0–1.</param>
/// <param name="FirstAt">The earliest end among them.</param>
/// <param name="LastAt">The latest end among them.</param>
/// <param name="Sources">Who reported them, in order.</param>
/// <param name="Examples">The latest, at most 3.</param>
public sealed record FailurePattern(
    MetricType MetricType, string Name, string? ErrorType, string Message, long Count, double Share,
    DateTimeOffset FirstAt, DateTimeOffset LastAt, IReadOnlyList<string> Sources, IReadOnlyList<OperationReference> Examples);

/// <summary>The patterns of a range.</summary>
/// <param name="Examined">How many failures were looked at.</param>
/// <param name="IsComplete">Whether these were all of the range, not the latest alone.</param>
/// <param name="Items">The patterns, most frequent first.</param>
public sealed record FailurePatternAnswer(long Examined, bool IsComplete, IReadOnlyList<FailurePattern> Items);

/// <summary>Groups the failures of a range, the latest <see cref="MaxRows"/> at most.</summary>
public sealed class FailurePatterns(IOperationReader reader)
{
    /// <summary>The most failures looked at.</summary>
    public const int MaxRows = 5000;

    private const int MaxExamples = 3;
    private const int TemplateCharacters = 200;

    /// <summary>Reads the patterns of a range.</summary>
    public async Task<FailurePatternAnswer> ReadAsync(TimeRange range, SeriesFilter filter, CancellationToken cancellationToken)
    {
        var failures = new List<Operation>();
        bool isComplete = true;
        await reader.ScanAsync(
            range, new() { Series = filter with { Status = OperationStatus.Failed } },
            operation =>
            {
                isComplete = failures.Count < MaxRows;
                if (isComplete)
                {
                    failures.Add(operation);
                }

                return isComplete;
            },
            cancellationToken).ConfigureAwait(false);
        return new(failures.Count, isComplete, Group(failures));
    }

    /// <summary>
    /// A message with what varies replaced: its first line, at most 200 characters, in which every word that holds a digit is <c>#</c> and every quoted text
    /// is <c>'…'</c>. Two failures with one template are taken for one pattern.
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
            .OrderByDescending(pattern => pattern.Count).ThenBy(pattern => pattern.Name, StringComparer.Ordinal),
    ];
}
