using Microsoft.Data.Sqlite;
using PerfPortal.Server.Storage.Blocks;
using SQLitePCL;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>
/// Reads block data over one connection with a single native SQLite statement: with an ADO.NET command, preparing and binding cost as much as
/// reading. Not thread-safe.
/// </summary>
internal sealed class SqliteBlockData(SqliteConnection connection) : IDisposable
{
    /// <summary>Selects the data of a block by id.</summary>
    public const string Select = "SELECT data FROM operation_blocks WHERE id = $1";

    private sqlite3_stmt? _statement;

    /// <summary>Returns the data of a block, or <see langword="null"/> if it no longer exists.</summary>
    /// <exception cref="SqliteException">The database cannot be read.</exception>
    public byte[]? Read(long block)
    {
        try
        {
            return Step(block) ? raw.sqlite3_column_blob(_statement, 0).ToArray() : null;
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Returns the data of a block in pooled memory, or <see langword="null"/> if the block no longer exists.</summary>
    /// <exception cref="SqliteException">The database cannot be read.</exception>
    public ReadOnlyMemory<byte>? Read(long block, BlockMemory memory)
    {
        try
        {
            if (!Step(block))
            {
                return null;
            }

            var blob = raw.sqlite3_column_blob(_statement, 0);
            var bytes = memory.Bytes(blob.Length);
            blob.CopyTo(bytes.Span);
            return bytes;
        }
        finally
        {
            Reset();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _statement?.Dispose();

    private bool Step(long block)
    {
        var database = connection.Handle!;
        if (_statement is null)
        {
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, Select, out var statement), database);
            _statement = statement;
        }

        SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(_statement, 1, block), database);
        int answer = raw.sqlite3_step(_statement);
        SqliteException.ThrowExceptionForRC(answer, database);
        return answer == raw.SQLITE_ROW;
    }

    private void Reset()
    {
        if (_statement is not null)
        {
            _ = raw.sqlite3_reset(_statement);
        }
    }
}
