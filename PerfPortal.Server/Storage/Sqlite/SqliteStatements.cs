using Microsoft.Data.Sqlite;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The prepared commands of one connection, by their text. Not safe for concurrent use.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, (SqliteCommand Command, SqliteParameter[] Parameters)> _statements = [];

    /// <summary>The transaction in which commands run.</summary>
    public SqliteTransaction? Transaction { get; set; }

    /// <summary>The command of a text with these values for its parameters <c>$1</c>, <c>$2</c> and so on. It is shared: run it before the next is prepared.</summary>
    public SqliteCommand Prepare(string text, params object?[] values)
    {
        if (!_statements.TryGetValue(text, out var statement))
        {
            var command = connection.CreateCommand();
            command.CommandText = text;
            var parameters = values.Select((_, index) => command.Parameters.AddWithValue($"${index + 1}", 0L)).ToArray();
            _statements.Add(text, statement = (command, parameters));
        }

        statement.Command.Transaction = Transaction;
        for (int i = 0; i < values.Length; i++)
        {
            statement.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return statement.Command;
    }

    public void Dispose()
    {
        foreach (var (command, _) in _statements.Values)
        {
            command.Dispose();
        }
    }
}
