namespace PerfPortal.Domain.Models.Health.Results;

/// <summary>How bad a reason is.</summary>
public enum HealthSeverity
{
    /// <summary>Worth knowing; the model works.</summary>
    Info,

    /// <summary>The model may not work everywhere.</summary>
    Warning,

    /// <summary>The model is damaged or incomplete.</summary>
    Error,
}
