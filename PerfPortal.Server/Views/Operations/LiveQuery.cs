using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views.Operations;

/// <summary>What the live page is asked for in its address.</summary>
/// <param name="MetricType">Only this type.</param>
/// <param name="Text">A text that the name or the error contains, ignoring case.</param>
/// <param name="WithOwn">Whether the portal's own operations are shown too.</param>
public sealed record LiveQuery(MetricType? MetricType, string? Text, bool WithOwn)
{
    /// <summary>Whether something may be hidden by it.</summary>
    public bool IsFiltering => MetricType is not null || Text is not null;

    /// <summary>Reads the address; an unknown type counts as none.</summary>
    public static LiveQuery Read(string? metricType, string? text, string? own) => new(
        MetricTypes.TryParse(metricType, out var type) ? type : null, string.IsNullOrWhiteSpace(text) ? null : text.Trim(), own == "1");

    /// <summary>Whether an operation passes.</summary>
    public bool Matches(Operation operation) =>
        (MetricType is null || operation.MetricType == MetricType)
        && (Text is null || Contains(operation.Name) || Contains(operation.ErrorType) || Contains(operation.ErrorMessage));

    private bool Contains(string? value) => value?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;
}
