namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>A change of an alert that a receiver must be told; stored in the transaction that changes the alert.</summary>
/// <param name="Id">The number, in the order of storing; 0 before it is stored.</param>
/// <param name="ReceiverId">The receiver.</param>
/// <param name="AlertId">The alert.</param>
/// <param name="At">When the alert changed, UTC.</param>
/// <param name="IsResolved">Whether it resolved; otherwise it began to fire, is no longer muted, or is due to be repeated.</param>
public sealed record OutboxEntry(long Id, string ReceiverId, string AlertId, DateTimeOffset At, bool IsResolved);
