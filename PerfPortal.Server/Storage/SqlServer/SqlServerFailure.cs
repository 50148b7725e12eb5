using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Data.SqlClient;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>
/// Explains errors of SQL Server to people: which server, what failed, and the remedy. The messages of the client are not used for connections: on Linux they end with "Success".
/// A sentence contains no part of the credentials, because it is public.
/// </summary>
internal static class SqlServerFailure
{
    private const string Retry = "The portal retries by itself.";
    private const int UntrustedRoot = -2146893019;

    /// <summary>Explains the error in a few sentences.</summary>
    /// <param name="server">The server as written in the connection string.</param>
    /// <param name="database">The name of the database.</param>
    /// <param name="exception">The error.</param>
    public static string Explain(string server, string database, Exception exception)
    {
        var causes = Causes(exception).ToList();
        var failure = causes.OfType<SqlException>().FirstOrDefault();
        var socket = causes.OfType<SocketException>().FirstOrDefault();
        string subject = $"SQL Server {server}";
        return causes.OfType<AuthenticationException>().Any() || failure?.Number == UntrustedRoot
                ? $"{subject} presents a certificate that this machine does not trust. Install a trusted one, or add TrustServerCertificate=True to {SettingsCatalog.ConnectionString.Key}. {Retry}"
            : failure is { Number: 18456 or 18452 or 18470 or 18486 or 18487 or 18488 }
                ? $"{subject} rejects the login. Check the user and the password in {SettingsCatalog.ConnectionString.Key}. {Retry}"
            : failure is { Number: 4060 or 4064 or 911 or 916 }
                ? $"{subject} has no database {database} that the login may open. Create it, or allow the login to create or open it. {Retry}"
            : SqlServerErrors.IsFull(exception) ? $"The database {database} on {subject} cannot grow: its disk, its file or its transaction log is full. Free some space there. {Retry}"
            : failure is { Number: 1205 or 1222 or 3960 } ? $"Another program keeps the tables of {database} on {subject} locked. {Retry}"
            : IsUnreachable(failure, socket) ? $"{subject} cannot be reached: {Reason(failure, socket)}. Check that it runs, that {SettingsCatalog.ConnectionString.Key} contains its name and port, and that no firewall is in between. {Retry}"
            : failure is not null ? $"{subject} reports error {FormattableString.Invariant($"{failure.Number}")}: {failure.Errors[0].Message}"
            : SqlServerErrors.IsTransient(exception) ? $"The connection to {subject} was lost: {(socket ?? exception).Message} {Retry}"
            : $"The database is unavailable: {exception.GetBaseException().Message}";
    }

    private static bool IsUnreachable(SqlException? failure, SocketException? socket) =>
        failure is null ? socket is not null : failure.Class >= SqlServerErrors.ConnectionLostClass || failure.Number is -2 or -1 or 2 or 53 or 258 or 10060 or 10061 or 11001;

    private static string Reason(SqlException? failure, SocketException? socket) => (socket?.SocketErrorCode, failure?.Number) switch
    {
        (SocketError.ConnectionRefused, _) or (_, 10061) => "nothing listens at this address and port",
        (SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData, _) or (_, 11001) => "its name cannot be resolved",
        (SocketError.TimedOut, _) or (_, -2 or 258 or 10060) => "it does not answer in time",
        (SocketError.HostUnreachable or SocketError.NetworkUnreachable, _) => "there is no route to it",
        (SocketError.ConnectionReset or SocketError.ConnectionAborted, _) or (_, 10053 or 10054 or 233) => "it closed the connection",
        _ => "no connection could be opened",
    };

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
