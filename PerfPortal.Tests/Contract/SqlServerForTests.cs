using System.Net.Sockets;
using Testcontainers.MsSql;
using Xunit;

namespace PerfPortal.Tests.Contract;

/// <summary>
/// A SQL Server for tests: the one that <c>PERFPORTAL_TEST_SQLSERVER</c> names by a connection string whose login may create
/// databases, else a container where Docker answers; else there is none, and a test that asks is skipped.
/// </summary>
internal static class SqlServerForTests
{
    private const string Variable = "PERFPORTAL_TEST_SQLSERVER";
    private static readonly TimeSpan DockerTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(4);
    private static readonly Lazy<Task<(string? ConnectionString, string Reason)>> Found = new(SeekAsync);

    /// <summary>The server's connection string, or a skipped test.</summary>
    public static async Task<string> FindAsync()
    {
        var (connectionString, reason) = await Found.Value;
        if (connectionString is null)
        {
            Assert.Skip(reason);
        }

        return connectionString;
    }

    private static async Task<(string? ConnectionString, string Reason)> SeekAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return (named, "");
        }

        if (!await DockerAnswersAsync())
        {
            return (null, $"No SQL Server: {Variable} holds no connection string, and no Docker engine answers.");
        }

        try
        {
            using var patience = new CancellationTokenSource(StartTimeout);
#pragma warning disable CS0618 // The builder knows where its image lies; to name a registry is not this test's business.
            var container = new MsSqlBuilder(MsSqlBuilder.MsSqlImage).Build();
#pragma warning restore CS0618
            await container.StartAsync(patience.Token);
            return (container.GetConnectionString(), "");
        }
        catch (Exception exception)
        {
            return (null, $"No SQL Server: {Variable} holds no connection string, and the container did not start: {exception.Message}");
        }
    }

    private static async Task<bool> DockerAnswersAsync()
    {
        string host = Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } said ? said : "unix:///var/run/docker.sock";
        if (!Uri.TryCreate(host, UriKind.Absolute, out var address))
        {
            return false;
        }

        try
        {
            using var patience = new CancellationTokenSource(DockerTimeout);
            if (address.Scheme == "unix")
            {
                using var local = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await local.ConnectAsync(new UnixDomainSocketEndPoint(address.LocalPath), patience.Token);
            }
            else
            {
                using var remote = new TcpClient();
                await remote.ConnectAsync(address.Host, address.Port, patience.Token);
            }

            return true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or ArgumentException)
        {
            return false;
        }
    }
}
