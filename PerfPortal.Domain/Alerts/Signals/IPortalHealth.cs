namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>Tells how the portal itself is doing. Thread-safe.</summary>
public interface IPortalHealth
{
    /// <summary>Returns all parts that can be judged now, each once.</summary>
    ValueTask<IReadOnlyList<PortalPart>> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>A part of the portal.</summary>
/// <param name="Name">Its name in snake_case, such as <c>storage</c>; it identifies the part.</param>
/// <param name="HasProblem">Whether it has a problem.</param>
/// <param name="Problem">The problem, one sentence.</param>
public readonly record struct PortalPart(string Name, bool HasProblem, string? Problem = null);
