namespace PerfPortal.Domain.Operations;

/// <summary>Total orders of operations, so that what is shown does not depend on the order in which a store returns rows.</summary>
public static class OperationOrders
{
    /// <summary>Latest end first; then by type, name, source and id. Running operations come last.</summary>
    public static IComparer<Operation> LatestFirst { get; } = Comparer<Operation>.Create(static (x, y) =>
    {
        int sign = Nullable.Compare(y.EndTime, x.EndTime);
        return sign != 0 ? sign : ByName(x, y);
    });

    /// <summary>By type, name, source and id.</summary>
    public static int ByName(Operation x, Operation y)
    {
        int sign = x.MetricType.CompareTo(y.MetricType);
        sign = sign != 0 ? sign : string.CompareOrdinal(x.Name, y.Name);
        sign = sign != 0 ? sign : string.CompareOrdinal(x.Source, y.Source);
        return sign != 0 ? sign : x.Id.CompareTo(y.Id);
    }

    /// <summary>Longest duration first, those still running measured until a time; then as <see cref="LatestFirst"/>.</summary>
    public static IEnumerable<Operation> LongestFirst(this IEnumerable<Operation> operations, DateTimeOffset now) =>
        operations.OrderByDescending(operation => operation.RunningFor(now)).ThenBy(operation => operation, LatestFirst);
}
