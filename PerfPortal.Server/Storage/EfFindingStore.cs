using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage;

/// <summary>Stores findings through EF Core on either database: the latest observation as a JSON document, the life of the finding in columns.</summary>
internal sealed class EfFindingStore(IPortalDatabase database) : IFindingStore
{
    public async Task<IReadOnlyList<Finding>> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var rows = await context.Findings.AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(ToFinding)];
    }

    public async Task SaveAsync(IReadOnlyCollection<Finding> written, IReadOnlyCollection<string> removedIds, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var ids = written.Select(finding => finding.Id).Concat(removedIds).ToHashSet();
        var stored = await context.Findings.Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken).ConfigureAwait(false);
        foreach (var finding in written)
        {
            if (!stored.TryGetValue(finding.Id, out var row))
            {
                row = new() { Id = finding.Id, Document = "" };
                context.Findings.Add(row);
            }

            row.Kind = (byte)finding.Latest.Kind;
            row.State = (byte)finding.State;
            row.FirstSeenUs = finding.FirstSeen.ToMicroseconds();
            row.LastSeenUs = finding.LastSeen.ToMicroseconds();
            row.UntilUs = finding.Until?.ToMicroseconds();
            row.Document = JsonSerializer.Serialize(finding.Latest);
        }

        context.Findings.RemoveRange(removedIds.Where(stored.ContainsKey).Select(id => stored[id]));
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    private static Finding ToFinding(FindingRow row) => new()
    {
        Id = row.Id,
        Latest = JsonSerializer.Deserialize<FindingObservation>(row.Document) ?? throw new InvalidDataException($"Finding {row.Id} has no document."),
        State = (FindingState)row.State,
        FirstSeen = Microseconds.ToTime(row.FirstSeenUs),
        LastSeen = Microseconds.ToTime(row.LastSeenUs),
        Until = row.UntilUs is { } until ? Microseconds.ToTime(until) : null,
    };
}
