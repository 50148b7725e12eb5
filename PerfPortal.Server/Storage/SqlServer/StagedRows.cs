using System.Data;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>Rows for <c>SqlBulkCopy</c> with the columns of their table. The factory methods define all bulk copies.</summary>
internal sealed class StagedRows
{
    private const string Batch = "batch";

    private readonly Guid? _batch;

    private StagedRows(string table, Guid? batch, params (string Name, Type Type)[] columns)
    {
        _batch = batch;
        Table = new DataTable(table) { Locale = System.Globalization.CultureInfo.InvariantCulture };
        if (batch is not null)
        {
            Table.Columns.Add(Batch, typeof(Guid));
        }

        foreach (var (name, type) in columns)
        {
            Table.Columns.Add(name, type);
        }
    }

    /// <summary>The rows.</summary>
    public DataTable Table { get; }

    /// <summary>The number of rows.</summary>
    public int Count => Table.Rows.Count;

    /// <summary>Returns one empty instance per table.</summary>
    public static IEnumerable<StagedRows> All(Guid batch) =>
        [Ids(batch), Numbers(batch), Operations(batch), Samples(batch), ResourceRollupKeys(batch), Running(), RollupPages(), ResourceRollups(), Names(), Sources()];

    public static StagedRows Ids(Guid batch) => new("staging_ids", batch, ("id", typeof(byte[])), ("id_high", typeof(long)), ("id_low", typeof(long)));

    public static StagedRows Numbers(Guid batch) => new("staging_numbers", batch, ("number", typeof(long)));

    public static StagedRows Operations(Guid batch) => new(
        "staging_operations", batch, ("key", typeof(long)), ("id_high", typeof(long)), ("id_low", typeof(long)), ("metric_type", typeof(byte)),
        ("status", typeof(byte)), ("source_id", typeof(int)), ("name_id", typeof(int)), ("start_us", typeof(long)), ("duration_us", typeof(long)),
        ("error_type", typeof(string)), ("error_message", typeof(string)), ("details", typeof(string)));

    public static StagedRows Samples(Guid batch) => new("staging_samples", batch, ("source_id", typeof(int)), ("at_us", typeof(long)), ("data", typeof(string)));

    public static StagedRows ResourceRollupKeys(Guid batch) => new(
        "staging_resource_rollups", batch, ("resolution", typeof(byte)), ("source_id", typeof(int)), ("bucket", typeof(long)));

    /// <summary>Written directly to the target table: only names that are not stored.</summary>
    public static StagedRows Names() => new("names", null, ("id", typeof(int)), ("name", typeof(string)), ("length", typeof(int)));

    /// <summary>Written directly to the target table: only sources that are not stored.</summary>
    public static StagedRows Sources() => new("sources", null, ("id", typeof(int)), ("name", typeof(string)), ("length", typeof(int)));

    /// <summary>Written directly to the target table; existing rows with these ids are deleted in the same transaction.</summary>
    public static StagedRows Running() => new("running_operations", null, ("id", typeof(byte[])), ("document", typeof(string)));

    /// <summary>Written directly to the target table; existing rows with these keys are deleted in the same transaction.</summary>
    public static StagedRows RollupPages() => new("rollup_pages", null, ("key", typeof(long)), ("data", typeof(byte[])));

    /// <summary>Written directly to the target table; existing rows with these keys are deleted in the same transaction.</summary>
    public static StagedRows ResourceRollups() => new(
        "resource_rollups", null, ("resolution", typeof(byte)), ("source_id", typeof(int)), ("bucket", typeof(long)), ("data", typeof(byte[])));

    /// <summary>Adds a row. If the table has a batch column, the batch is prepended to the values.</summary>
    public void Add(params object?[] values)
    {
        object[] row = [.. values.Select(value => value ?? DBNull.Value)];
        Table.Rows.Add(_batch is { } batch ? [batch, .. row] : row);
    }
}
