using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views.Operations;

/// <summary>The filter in the URL of the live page.</summary>
/// <param name="MetricType">The metric type; <see langword="null"/> for all.</param>
/// <param name="Text">A text that the name or the error must contain, ignoring case.</param>
/// <param name="IncludePortal">Whether to include the portal's own operations.</param>
public sealed record LiveQuery(MetricType? MetricType, string? Text, bool IncludePortal)
{
    /// <summary>Whether the query filters by type or text.</summary>
    public bool IsFiltering => MetricType is not null || Text is not null;

    /// <summary>Parses the URL parameters; an unknown type is ignored.</summary>
    public static LiveQuery Read(string? metricType, string? text, string? own) => new(
        MetricTypes.TryParse(metricType, out var type) ? type : null, string.IsNullOrWhiteSpace(text) ? null : text.Trim(), own == "1");

    /// <summary>Whether an operation matches.</summary>
    public bool Matches(Operation operation) =>
        (MetricType is null || operation.MetricType == MetricType)
        && (Text is null || Contains(operation.Name) || Contains(operation.ErrorType) || Contains(operation.ErrorMessage));

    private bool Contains(string? value) => value?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;
}
