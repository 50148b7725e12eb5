using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Text;

/// <summary>The words for the step of a chart.</summary>
public static class StepWords
{
    /// <summary><c>day</c>, <c>30 minutes</c>: what follows “per”.</summary>
    /// <param name="step">The step; more than zero.</param>
    public static string Of(TimeSpan step) => step switch
    {
        { TotalDays: 1 } => "day",
        { TotalHours: 1 } => "hour",
        { TotalMinutes: 1 } => "minute",
        { TotalDays: >= 1 } => $"{Format.Number(step.TotalDays)} days",
        { TotalHours: >= 1 } => $"{Format.Number(step.TotalHours)} hours",
        _ => $"{Format.Number(step.TotalMinutes)} minutes",
    };
}
