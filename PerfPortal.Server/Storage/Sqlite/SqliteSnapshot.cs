using Microsoft.Data.Sqlite;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>A read transaction and the blocks that it sees.</summary>
internal sealed class SqliteSnapshot : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteBlockData _data;
    private readonly SqliteBlocks _blocks;

    private SqliteSnapshot(SqliteConnection connection, SqliteBlocks blocks, BlockDirectory directory)
    {
        _connection = connection;
        _data = new(connection);
        _blocks = blocks;
        Directory = directory;
    }

    /// <summary>The blocks visible to the transaction.</summary>
    public BlockDirectory Directory { get; }

    /// <summary>Begins a read transaction. Dispose it promptly: the write-ahead log cannot be reset while it is open.</summary>
    public static SqliteSnapshot Begin(string connectionString, SqliteBlocks blocks)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();

            // A transaction's snapshot is taken at its first read, not at BEGIN.
            using var begin = connection.CreateCommand();
            begin.CommandText = "BEGIN; SELECT 1 FROM operation_blocks LIMIT 1;";
            return new(connection, blocks, blocks.Begin(begin));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a block through the cache; <see langword="null"/> if it is corrupt.</summary>
    public OperationBlock? Open(BlockInfo block) => _blocks.Open(_data.Read, block);

    /// <summary>Opens a block without caching; the caller disposes it. <see langword="null"/> if it is corrupt.</summary>
    public OperationBlock? OpenOnce(BlockInfo block) => _blocks.OpenOnce(_data, block);

    /// <summary>Returns the duration order of a block; <see langword="null"/> if it is corrupt.</summary>
    /// <param name="block">The block.</param>
    /// <param name="open">Opens the block if its order is not cached; the caller keeps and disposes it.</param>
    public DurationOrder? Sort(BlockInfo block, Func<BlockInfo, OperationBlock?> open) => _blocks.Sort(open, block);

    public void Dispose()
    {
        _data.Dispose();
        try
        {
            using var end = _connection.CreateCommand();
            end.CommandText = "ROLLBACK";
            end.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // The connection is lost, and the transaction with it.
        }

        _connection.Dispose();
    }
}
