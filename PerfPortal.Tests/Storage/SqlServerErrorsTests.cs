using System.Net.Sockets;
using Microsoft.Data.SqlClient;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Storage.SqlServer;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class SqlServerErrorsTests
{
    [Theory]
    [InlineData(-2)]
    [InlineData(1205)]
    [InlineData(1222)]
    [InlineData(4060)]
    [InlineData(9002)]
    [InlineData(1105)]
    [InlineData(983)]
    [InlineData(40613)]
    [InlineData(10054)]
    [InlineData(6005)]
    public void Absence_fullness_and_others_in_the_way_pass(int number) => Assert.True(SqlServerErrors.Passes(number));

    [Theory]
    [InlineData(102)]
    [InlineData(207)]
    [InlineData(208)]
    [InlineData(229)]
    [InlineData(515)]
    [InlineData(2601)]
    [InlineData(2627)]
    [InlineData(2628)]
    [InlineData(8152)]
    public void Mistakes_do_not_pass(int number) => Assert.False(SqlServerErrors.Passes(number));

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(IndexOutOfRangeException))]
    [InlineData(typeof(ArgumentOutOfRangeException))]
    [InlineData(typeof(InvalidCastException))]
    [InlineData(typeof(OverflowException))]
    [InlineData(typeof(NullReferenceException))]
    [InlineData(typeof(IOException))]
    public void Whatever_the_client_throws_while_it_reads_counts_as_a_lost_connection(Type type)
    {
        var exception = (Exception)Activator.CreateInstance(type)!;
        Assert.True(SqlServerErrors.IsLostWhileReading(exception));
        Assert.True(SqlServerErrors.IsTransient(new IOException("lost", exception)));
        Assert.False(SqlServerErrors.IsLostWhileReading(new OperationCanceledException()));
    }

    [Fact]
    public void What_lies_beneath_an_exception_counts()
    {
        Assert.True(SqlServerErrors.IsTransient(new InvalidOperationException("outer", new TimeoutException())));
        Assert.True(SqlServerErrors.IsTransient(new SocketException()));
        Assert.False(SqlServerErrors.IsTransient(new InvalidOperationException()));
        Assert.False(SqlServerErrors.IsTransient(new ArgumentException("a")));
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_worth_waiting_for()
    {
        // The port that was just released has no listener.
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var database = new SqlServerDatabase($"Server=127.0.0.1,{port};Database=perfportal;User Id=u;Password=p;Connect Timeout=5;ConnectRetryCount=0;Encrypt=false", TimeProvider.System);
        var store = new SqlServerJournalStore(database, new(), TimeProvider.System);
        var exception = await Assert.ThrowsAsync<SqlException>(() => store.ReadDirtyMinutesAsync(TestContext.Current.CancellationToken).AsTask());
        Assert.True(store.IsTransient(exception), exception.Message);
        Assert.StartsWith(FormattableString.Invariant($"SQL Server 127.0.0.1,{port} cannot be reached: "), store.Explain(exception), StringComparison.Ordinal);
        Assert.Contains("PerfPortal:Database:ConnectionString contains its name and port", store.Explain(exception), StringComparison.Ordinal);
        Assert.DoesNotContain("Success", store.Explain(exception), StringComparison.Ordinal);
        Assert.True(database.IsTransient(await Assert.ThrowsAsync<SqlException>(() => database.MigrateAsync(TestContext.Current.CancellationToken))));
    }

    [Fact]
    public async Task A_commit_whose_outcome_is_not_answered_is_uncertain_also_when_asking_was_cancelled()
    {
        var cancelled = await Assert.ThrowsAsync<UncertainCommitException>(() => SqlServerJournalStore.AskAsync(() => Task.FromCanceled<bool>(new(canceled: true))));
        Assert.IsAssignableFrom<OperationCanceledException>(cancelled.InnerException);
        await Assert.ThrowsAsync<UncertainCommitException>(() => SqlServerJournalStore.AskAsync(() => throw new InvalidOperationException("a stranger owns it")));
        Assert.True(await SqlServerJournalStore.AskAsync(() => Task.FromResult(true)));
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, "its name cannot be resolved")]
    [InlineData(SocketError.ConnectionRefused, "nothing listens at this address and port")]
    [InlineData(SocketError.TimedOut, "it does not answer in time")]
    public void The_explanation_says_what_failed_and_contains_no_credentials(SocketError error, string reason)
    {
        var database = new SqlServerDatabase("Server=tcp:db.example,1433;Database=figures;User Id=portaluser;Password=geheim99", TimeProvider.System);
        string explained = database.Explain(new InvalidOperationException("geheim99", new SocketException((int)error)));
        Assert.StartsWith($"SQL Server tcp:db.example,1433 cannot be reached: {reason}.", explained, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim99", explained, StringComparison.Ordinal);
        Assert.DoesNotContain("portaluser", explained, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_must_name_its_database() =>
        Assert.Throws<ArgumentException>(() => new SqlServerDatabase("Server=somewhere", TimeProvider.System));
}
