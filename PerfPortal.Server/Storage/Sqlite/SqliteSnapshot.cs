using Microsoft.Data.Sqlite;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>A reader's transaction with the blocks that it sees.</summary>
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

    /// <summary>The blocks.</summary>
    public BlockDirectory Directory { get; }

    /// <summary>Begins; dispose of it soon, for meanwhile the write-ahead log cannot shrink.</summary>
    public static SqliteSnapshot Begin(string connectionString, SqliteBlocks blocks)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();

            // A transaction sees what was committed before its first read, not before its begin.
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

    /// <summary>Opens a block; <see langword="null"/> when it is damaged.</summary>
    public OperationBlock? Open(BlockInfo block) => _blocks.Open(_data.Read, block);

    /// <summary>Opens a block for one look at it, which ends with its disposal; <see langword="null"/> when it is damaged.</summary>
    public OperationBlock? OpenOnce(BlockInfo block) => _blocks.OpenOnce(_data, block);

    /// <summary>A block in the order of durations; <see langword="null"/> when it is damaged.</summary>
    public DurationOrder? Sort(BlockInfo block) => _blocks.Sort(_data, block);

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
            // The connection is gone, and the transaction with it.
        }

        _connection.Dispose();
    }
}
