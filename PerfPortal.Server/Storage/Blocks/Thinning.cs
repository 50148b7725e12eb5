using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Chooses which operations of a block stay.</summary>
internal static class Thinning
{
    /// <summary>
    /// All that did not succeed, of each series the slowest, and of the rest a share. The share is by the id, so that it is
    /// fair, and the same whenever it is taken.
    /// </summary>
    public static List<Operation> Keep(IReadOnlyList<Operation> operations, ThinningPolicy policy)
    {
        var slowest = operations
            .Where(operation => operation.Status == OperationStatus.Succeeded)
            .GroupBy(operation => new SeriesKey(operation.MetricType, operation.Source, operation.Name))
            .SelectMany(series => series.OrderByDescending(operation => operation.Duration).Take((int)Math.Ceiling(series.Count() * policy.SlowestShare)))
            .Select(operation => operation.Id)
            .ToHashSet();
        return [.. operations.Where(operation => operation.Status != OperationStatus.Succeeded || slowest.Contains(operation.Id) || Draw(operation.Id) < policy.Share)];
    }

    /// <summary>A number in [0, 1) that an id always draws; neighbours draw as if by chance (the finalizer of MurmurHash3).</summary>
    private static double Draw(Guid id)
    {
        var (high, low) = OperationKeys.Split(id);
        ulong hash = (ulong)high ^ ((ulong)low * 0x9E3779B97F4A7C15);
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return ((hash ^ (hash >> 33)) >> 11) * (1.0 / (1L << 53));
    }
}
