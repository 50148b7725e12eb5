using System.Collections.Frozen;
using System.Net.Sockets;
using Microsoft.Data.SqlClient;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>
/// Classifies SQL Server errors as transient. Numbers from Microsoft's "Database Engine events and errors" and, for Azure SQL,
/// "Troubleshoot transient connection errors".
/// </summary>
internal static class SqlServerErrors
{
    /// <summary>The severity from which an error ends the connection.</summary>
    public const int ConnectionLostClass = 20;

    private static readonly FrozenSet<int> Passing = new[]
    {
        // Client errors: timeout, server not reachable, connection lost.
        -2, -1, 2, 20, 53, 64, 121, 232, 233, 258, 10053, 10054, 10060, 10061, 10065, 11001,

        // Database unavailable: recovering, offline, failing over, cannot be opened, temporarily read-only.
        615, 617, 911, 913, 921, 922, 926, 927, 942, 945, 952, 976, 978, 979, 982, 983, 1924, 3906, 4060, 4064, 4221, 5120, 5173,

        // Server starting, stopping or paused, or temporarily rejecting logins.
        596, 3980, 6005, 17142, 17187, 17197, 17809, 18401, 18451, 18456, 18461, 64000,

        // Resources exhausted: memory, locks, log, files.
        701, 802, 823, 824, 1101, 1105, 1204, 3257, 8628, 8645, 8651, 9001, 9002,

        // Conflicts with other transactions: lock timeouts, deadlocks, snapshot conflicts.
        1203, 1205, 1222, 3960, 3961,

        // Azure SQL busy or reconfiguring.
        10928, 10929, 10936, 40143, 40197, 40501, 40540, 40613, 40648, 42108, 42109, 49918, 49919, 49920,
    }.ToFrozenSet();

    /// <summary>Whether an error number is transient.</summary>
    public static bool Passes(int number) => Passing.Contains(number);

    /// <summary>Whether the error is transient, so that a retry may succeed.</summary>
    public static bool IsTransient(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            bool passes = cause is TimeoutException or SocketException or IOException
                || (cause is SqlException failure && (failure.Class >= ConnectionLostClass || failure.Errors.Cast<SqlError>().Any(error => Passes(error.Number))));
            if (passes)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether an exception while rows are read means that the connection is lost. Errors of the server and cancellation are excluded; everything else comes from the
    /// client's parser, which fails in many ways when it has lost its position in the stream (with <c>Encrypt=False</c> also at random).
    /// </summary>
    public static bool IsLostWhileReading(Exception exception) => exception is not (SqlException or OperationCanceledException);

    /// <summary>Whether a file group or the transaction log cannot grow any more.</summary>
    public static bool IsFull(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is SqlException failure && failure.Errors.Cast<SqlError>().Any(error => error.Number is 1101 or 1105 or 9002))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the error is a duplicate key.</summary>
    public static bool IsDuplicateKey(SqlException exception) => exception.Number is 2601 or 2627;
}

/// <summary>A key that was free when it was chosen is now in use. A retry with reloaded names succeeds.</summary>
internal sealed class DuplicateKeyException(string message) : Exception(message);
