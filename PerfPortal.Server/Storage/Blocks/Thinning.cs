using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Selects the operations of a block to keep.</summary>
internal static class Thinning
{
    /// <summary>
    /// Keeps all operations that did not succeed, the slowest of each series, and a share of the rest. The share is selected by a hash
    /// of the id, so that it is unbiased and deterministic.
    /// </summary>
    public static List<Operation> Keep(IReadOnlyList<Operation> operations, ThinningPolicy policy)
    {
        var slowest = operations
            .Where(operation => operation.Status == OperationStatus.Succeeded)
            .GroupBy(operation => new SeriesKey(operation.MetricType, operation.Source, operation.Name))
            .SelectMany(series => series.OrderByDescending(operation => operation.Duration).ThenBy(operation => operation.Id).Take((int)Math.Ceiling(series.Count() * policy.SlowestShare)))
            .Select(operation => operation.Id)
            .ToHashSet();
        return [.. operations.Where(operation => operation.Status != OperationStatus.Succeeded || slowest.Contains(operation.Id) || Draw(operation.Id) < policy.Share)];
    }

    /// <summary>Maps an id deterministically to a uniformly distributed number in [0, 1), using the finalizer of MurmurHash3.</summary>
    private static double Draw(Guid id)
    {
        var (high, low) = OperationKeys.Split(id);
        ulong hash = (ulong)high ^ ((ulong)low * 0x9E3779B97F4A7C15);
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        hash = (hash ^ (hash >> 33)) * 0xC4CEB9FE1A85EC53;
        return ((hash ^ (hash >> 33)) >> 11) * (1.0 / (1L << 53));
    }
}
