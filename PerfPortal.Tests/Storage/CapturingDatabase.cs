using System.Data;
using System.Data.Common;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.SizeLimit;
using PerfPortal.Server.Storage.SqlServer;

namespace PerfPortal.Tests.Storage;

/// <summary>A SQL Server that is not there: EF Core makes its commands, and they are kept instead of sent. Every answer is empty.</summary>
internal sealed class CapturingDatabase : IPortalDatabase
{
    private readonly DbContextOptions<SqlServerPortalDbContext> _options;

    public CapturingDatabase() => _options = new DbContextOptionsBuilder<SqlServerPortalDbContext>()
        .UseSqlServer("Server=nowhere;Database=perfportal").AddInterceptors(new NoConnection(), new Keep(Commands)).Options;

    /// <summary>The texts with their parameters as T-SQL declares them.</summary>
    public List<(string Text, string[] Parameters)> Commands { get; } = [];

    public string Name => "captured";

    public PortalDbContext CreateContext() => new SqlServerPortalDbContext(_options) { Database = { AutoTransactionBehavior = AutoTransactionBehavior.Never } };

    public Task AcquireAsync(Action<string> onWait, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ReleaseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task MigrateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<long> ReadSizeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(0L);

    public ValueTask<long?> ReadUsedBytesAsync(CancellationToken cancellationToken) => ValueTask.FromResult<long?>(0L);

    public ValueTask<IReadOnlyList<StoredExtent>> ReadExtentsAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<StoredExtent>>([]);

    public ValueTask<int> PurgeAsync(PurgeStep step, CancellationToken cancellationToken) => ValueTask.FromResult(0);

    public bool IsTransient(Exception exception) => false;

    public string Explain(Exception exception) => exception.Message;

    private sealed class NoConnection : DbConnectionInterceptor
    {
        public override InterceptionResult ConnectionOpening(DbConnection connection, ConnectionEventData eventData, InterceptionResult result) =>
            InterceptionResult.Suppress();

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            new(InterceptionResult.Suppress());
    }

    private sealed class Keep(List<(string Text, string[] Parameters)> commands) : DbCommandInterceptor
    {
        public override InterceptionResult<DbDataReader> ReaderExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result) =>
            InterceptionResult<DbDataReader>.SuppressWithResult(Note<DbDataReader>(command, new DataTable().CreateDataReader()));

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
            new(ReaderExecuting(command, eventData, result));

        public override InterceptionResult<int> NonQueryExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<int> result) =>
            InterceptionResult<int>.SuppressWithResult(Note(command, 0));

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default) =>
            new(NonQueryExecuting(command, eventData, result));

        public override InterceptionResult<object> ScalarExecuting(DbCommand command, CommandEventData eventData, InterceptionResult<object> result) =>
            InterceptionResult<object>.SuppressWithResult(Note<object>(command, 0));

        public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
            new(ScalarExecuting(command, eventData, result));

        private T Note<T>(DbCommand command, T answer)
        {
            commands.Add((command.CommandText, [.. command.Parameters.Cast<SqlParameter>().Select(Declare)]));
            return answer;
        }

        private static string Declare(SqlParameter parameter)
        {
            string name = parameter.ParameterName.StartsWith('@') ? parameter.ParameterName : "@" + parameter.ParameterName;
            string type = parameter.SqlDbType.ToString().ToLowerInvariant();
            return parameter.SqlDbType switch
            {
                SqlDbType.NVarChar or SqlDbType.VarBinary => $"{name} {type}({(parameter.Size is > 0 and <= 4000 ? parameter.Size : "max")})",
                SqlDbType.Binary => $"{name} binary({parameter.Size})",
                _ => $"{name} {type}",
            };
        }
    }
}
