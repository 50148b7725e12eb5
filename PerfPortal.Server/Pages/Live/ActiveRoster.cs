using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Pages.Live;

/// <summary>
/// The displayed list of running operations in a stable order. Operations that just ended keep their place briefly, so that rows
/// do not move under the pointer. The size is bounded by the input.
/// </summary>
internal sealed class ActiveRoster
{
    /// <summary>The time for which an ended operation stays in the list.</summary>
    public static readonly TimeSpan EndedRowLifetime = TimeSpan.FromSeconds(3);

    /// <summary>The rows, longest running first.</summary>
    public IReadOnlyList<ActiveRow> Rows { get; private set; } = [];

    /// <summary>Updates the list.</summary>
    /// <param name="running">The running operations.</param>
    /// <param name="ended">The recently ended operations, used to show the outcome of removed rows.</param>
    /// <param name="now">The current time.</param>
    public void Update(IReadOnlyList<ActiveRow> running, IReadOnlyList<Operation> ended, DateTimeOffset now)
    {
        var present = running.Select(row => row.Operation.Id).ToHashSet();
        var outcomes = ended.ToDictionary(operation => operation.Id, operation => operation.Status);
        var leaving = Rows
            .Where(row => !present.Contains(row.Operation.Id) && (row.LeftAt is not null || outcomes.ContainsKey(row.Operation.Id)))
            .Select(row => row.LeftAt is null ? row with { LeftAt = now, LeftAs = outcomes[row.Operation.Id], Eta = null } : row)
            .Where(row => now - row.LeftAt < EndedRowLifetime);
        Rows = [.. running.Concat(leaving).OrderBy(row => row.Operation.RunningSince()).ThenBy(row => row.Operation.Id)];
    }

    /// <summary>Removes ended operations whose time in the list is over.</summary>
    public void Settle(DateTimeOffset now)
    {
        if (Rows.Any(row => now - row.LeftAt >= EndedRowLifetime))
        {
            Rows = [.. Rows.Where(row => row.LeftAt is null || now - row.LeftAt < EndedRowLifetime)];
        }
    }

    /// <summary>Clears the list, for example when the filter changes.</summary>
    public void Clear() => Rows = [];
}
