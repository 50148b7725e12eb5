using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Operations;

namespace PerfPortal.Server.Pages.Live;

/// <summary>
/// The list of operations in progress as it is shown: in a steady order, and with those that just ended lingering in their place for a
/// moment, so that no row jumps under the pointer. Bounded by the rows that it is given.
/// </summary>
internal sealed class ActiveRoster
{
    /// <summary>How long an ended operation keeps its place.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(3);

    /// <summary>The rows, longest running first.</summary>
    public IReadOnlyList<ActiveRow> Rows { get; private set; } = [];

    /// <summary>Takes what is in progress now.</summary>
    /// <param name="running">The operations in progress.</param>
    /// <param name="ended">What ended lately, to say how a vanished one ended.</param>
    /// <param name="now">The moment.</param>
    public void Update(IReadOnlyList<ActiveRow> running, IReadOnlyList<Operation> ended, DateTimeOffset now)
    {
        var present = running.Select(row => row.Operation.Id).ToHashSet();
        var outcomes = ended.ToDictionary(operation => operation.Id, operation => operation.Status);
        var leaving = Rows
            .Where(row => !present.Contains(row.Operation.Id) && (row.LeftAt is not null || outcomes.ContainsKey(row.Operation.Id)))
            .Select(row => row.LeftAt is null ? row with { LeftAt = now, LeftAs = outcomes[row.Operation.Id], Eta = null } : row)
            .Where(row => now - row.LeftAt < Linger);
        Rows = [.. running.Concat(leaving).OrderBy(row => row.Operation.StartTime).ThenBy(row => row.Operation.Id)];
    }

    /// <summary>Lets those go whose moment is over.</summary>
    public void Settle(DateTimeOffset now)
    {
        if (Rows.Any(row => now - row.LeftAt >= Linger))
        {
            Rows = [.. Rows.Where(row => row.LeftAt is null || now - row.LeftAt < Linger)];
        }
    }

    /// <summary>Forgets everything, as when the filter changes.</summary>
    public void Clear() => Rows = [];
}
