using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Analysis.Failures;

/// <summary>Failures with the same error type and the same message apart from its variable parts, of any name and source.</summary>
/// <param name="ErrorType">The error type, or <see langword="null"/> when none was reported.</param>
/// <param name="Message">The message, see <see cref="MessageTemplate"/>; empty when none was reported.</param>
/// <param name="Failures">The failures, latest first; at least one.</param>
public sealed record FailureGroup(string? ErrorType, string Message, IReadOnlyList<Operation> Failures)
{
    /// <summary>The end of the earliest failure.</summary>
    public DateTimeOffset FirstAt => Failures[^1].EndTime!.Value;

    /// <summary>The end of the latest failure.</summary>
    public DateTimeOffset LastAt => Failures[0].EndTime!.Value;

    /// <summary>What the error is called: its type, or its message when it has none.</summary>
    public string Title => ErrorType ?? (Message.Length > 0 ? $"\"{Message}\"" : "an unnamed error");

    /// <summary>The types and names of the failed operations, those with most failures first.</summary>
    public IReadOnlyList<(MetricType Type, string Name)> Names { get; } =
    [
        .. Failures.GroupBy(failure => (failure.MetricType, failure.Name)).OrderByDescending(name => name.Count())
            .ThenBy(name => name.Key.MetricType).ThenBy(name => name.Key.Name, StringComparer.Ordinal).Select(name => name.Key),
    ];

    /// <summary>The type of all failed operations, or <see langword="null"/> when there are several.</summary>
    public MetricType? Type => Names.All(name => name.Type == Names[0].Type) ? Names[0].Type : null;

    /// <summary>Groups failures, latest first; the largest group comes first.</summary>
    public static IReadOnlyList<FailureGroup> Of(IReadOnlyList<Operation> failures) =>
    [
        .. failures.GroupBy(failure => (failure.ErrorType, Message: MessageTemplate.Of(failure.ErrorMessage)))
            .Select(group => new FailureGroup(group.Key.ErrorType, group.Key.Message, [.. group]))
            .OrderByDescending(group => group.Failures.Count).ThenBy(group => group.ErrorType, StringComparer.Ordinal).ThenBy(group => group.Message, StringComparer.Ordinal),
    ];
}
