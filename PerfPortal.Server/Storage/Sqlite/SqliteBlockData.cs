using Microsoft.Data.Sqlite;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Fetches the bytes of blocks over one connection, prepared once: preparing costs more than fetching. Not safe for concurrent use.</summary>
internal sealed class SqliteBlockData(SqliteConnection connection) : IDisposable
{
    private SqliteCommand? _command;
    private SqliteParameter? _id;

    /// <summary>Reads the bytes of a block by its number.</summary>
    public const string Select = "SELECT data FROM operation_blocks WHERE id = $1";

    /// <summary>The bytes of a block; <see langword="null"/> when it is gone.</summary>
    public byte[]? Read(long block)
    {
        if (_command is null)
        {
            _command = connection.CreateCommand();
            _command.CommandText = Select;
            _id = _command.Parameters.Add("$1", SqliteType.Integer);
        }

        _id!.Value = block;
        return _command.ExecuteScalar() as byte[];
    }

    /// <inheritdoc/>
    public void Dispose() => _command?.Dispose();
}
