using Microsoft.Data.Sqlite;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Caches the prepared commands of one connection by their text. Not thread-safe.</summary>
internal sealed class SqliteStatements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, (SqliteCommand Command, SqliteParameter[] Parameters)> _statements = [];

    /// <summary>The transaction that commands run in.</summary>
    public SqliteTransaction? Transaction { get; set; }

    /// <summary>
    /// Returns the command for a text with values bound to its parameters <c>$1</c>, <c>$2</c> and so on. The command is shared: execute it before preparing the next.
    /// </summary>
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
