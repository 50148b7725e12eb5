using PerfPortal.Domain.Journal;
using PerfPortal.Server.Storage.Blocks;
using PerfPortal.Server.Storage.Rollups;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// Deletes the data of a hidden source in small transactions: its operations, its samples, its rollups, and finally its row with the names that only it used. Every step looks
/// for what is left, so a deletion that was interrupted is simply begun again.
/// </summary>
internal sealed class SqliteSourceDeletion(SqliteDatabase database, int number)
{
    // About 50 ms each.
    private const int OperationsPerStep = 4_096;
    private const int RowsPerStep = 4_096;
    private const int PagesPerStep = 64;
    private const int BytesPerStep = 128 << 10;

    private static readonly string[] RowTables = ["resource_samples", "resource_rollups"];

    // Blocks whose rows name the source, but which do not contain it.
    private readonly HashSet<long> _without = [];
    private readonly RollupPageFilter _filter = new(number);
    private readonly int _lastName = database.Names.Names.Last;
    private int _table;
    private long _page = long.MinValue;
    private bool _haveAllPages;

    /// <summary>The id of the source.</summary>
    public int Number => number;

    /// <summary>Deletes some of what is left.</summary>
    public SourceDeletion Step(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Left().Any())
        {
            return new(number, DeleteOperations(), 0, false);
        }

        if (_table < RowTables.Length)
        {
            return new(number, 0, DeleteRows(), false);
        }

        if (!_haveAllPages)
        {
            DeleteRollups();
            return new(number, 0, 0, false);
        }

        return new(number, 0, 0, true) { Names = DeleteNames() };
    }

    private IEnumerable<BlockInfo> Left() =>
        database.Blocks.Directory.All.Where(block => block.MayContainSource(number) && !_without.Contains(block.Id) && !database.Blocks.IsDamaged(block.Id));

    private long DeleteOperations()
    {
        var without = new List<long>();
        long deleted = database.Write((writer, change) =>
        {
            long gone = 0;
            int examined = 0;
            foreach (var block in Left().TakeWhile(_ => examined < OperationsPerStep))
            {
                examined += block.Count;
                if (block.HasOnlySource(number))
                {
                    writer.DeleteBlock(block.Id, change);
                    gone += block.Count;
                }
                else if (Reduce(writer, block, change) is > 0 and var reduced)
                {
                    gone += reduced;
                }
                else
                {
                    without.Add(block.Id);
                }
            }

            return gone;
        });
        _without.UnionWith(without);
        return deleted;
    }

    private int Reduce(SqliteWriter writer, BlockInfo block, BlockChange change)
    {
        var kept = writer.ReadBlockOnce(block).Where(operation => database.Names.Sources.Find(operation.Source) != number).ToList();
        if (kept.Count == block.Count || database.Blocks.IsDamaged(block.Id))
        {
            return 0;
        }

        writer.DeleteBlock(block.Id, change);
        if (kept.Count > 0)
        {
            writer.InsertBlock(kept, block.State, block.StoredUs, change);
        }

        return block.Count - kept.Count;
    }

    private int DeleteRows()
    {
        string table = RowTables[_table];
        int rows = database.Write((writer, _) => writer.Execute(
            $"DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM {table} WHERE source_id = $1 LIMIT $2)", number, (long)RowsPerStep));
        int samples = _table == 0 ? rows : 0;
        _table += rows < RowsPerStep ? 1 : 0;
        return samples;
    }

    private void DeleteRollups()
    {
        // A run of the packer that began before the source was hidden may still be writing pages.
        lock (database.RollupPacking)
        {
            long last = database.Write((writer, _) =>
            {
                long key = long.MaxValue;
                int bytes = 0;
                foreach (var row in writer.Rollups.Next(_page, PagesPerStep).TakeWhile(_ => bytes < BytesPerStep))
                {
                    if (_filter.TryTakeOut(row, out byte[] data))
                    {
                        writer.Rollups.Reduce(row, data);
                    }

                    bytes += row.Data.Length;
                    key = row.Key;
                }

                return key;
            });
            (_page, _haveAllPages) = (last, last == long.MaxValue);
        }
    }

    /// <summary>Deletes the row of the source, and the names that no block and no page carries.</summary>
    private List<string> DeleteNames()
    {
        var used = new HashSet<int>(_filter.Names);
        foreach (var block in database.Blocks.Directory.All)
        {
            block.AddNames(used);
        }

        // A corrupt page may carry any of them.
        List<string> unused = _filter.HasUnreadable
            ? []
            : [.. database.Names.Names.All.Where(name => database.Names.Names.Find(name) is { } id && id <= _lastName && !used.Contains(id))];
        return database.Write((writer, _) =>
        {
            unused.ForEach(writer.Names.DeleteName);
            writer.Names.DeleteSource(number);
            return unused;
        });
    }
}
