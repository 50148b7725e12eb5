using System.Data;
using Microsoft.Data.SqlClient;

namespace PerfPortal.Server.Storage.SqlServer;

/// <summary>
/// All handwritten T-SQL statements of the portal with their typed parameters. The constructor is private, so a test that
/// binds <see cref="All"/> against the schema covers every statement. The statements use only features that SQL Server and
/// compatible engines share: no MERGE, no temporary tables, no lock hints.
/// </summary>
internal sealed class SqlServerStatement
{
    private const string OperationColumns =
        "[key], id_high, id_low, metric_type, status, source_id, name_id, start_us, duration_us, error_type, error_message, details";

    private static readonly List<SqlServerStatement> Known = [];

    private readonly (string Name, SqlDbType Type, int Size)[] _parameters;

    private SqlServerStatement(string text, params (string Name, SqlDbType Type, int Size)[] parameters)
    {
        Text = text;
        _parameters = parameters;
        Known.Add(this);
    }

    /// <summary>All statements.</summary>
    public static IReadOnlyList<SqlServerStatement> All => Known;

    /// <summary>Acquires the exclusive writer lock for the transaction. A negative result means that the lock was not acquired.</summary>
    public static SqlServerStatement AcquireWriterLock { get; } = new(
        "DECLARE @result int; EXEC @result = sp_getapplock @Resource = N'perfportal journal', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 15000; SELECT @result;");

    /// <summary>
    /// Acquires the writer lock like <see cref="AcquireWriterLock"/>, and returns the owner of the database in the same round trip. A process that takes the database also holds this
    /// lock, so the owner cannot change until the end of the transaction.
    /// </summary>
    public static SqlServerStatement AcquireWriterLockAsOwner { get; } = new(
        "DECLARE @result int; EXEC @result = sp_getapplock @Resource = N'perfportal journal', @LockMode = N'Exclusive', @LockOwner = N'Transaction', @LockTimeout = 15000; "
        + "SELECT @result, (SELECT l.owner FROM portal_lease AS l WHERE l.id = 1);");

    public static SqlServerStatement HasLeaseTable { get; } = new("SELECT COUNT(*) FROM sys.tables WHERE name = N'portal_lease'");

    /// <summary>The owner and its lease. All times are those of the database: the clocks of hosts may differ by more than a lease lasts.</summary>
    public static SqlServerStatement ReadLease { get; } = new(
        "SELECT l.owner, l.host, l.process_id, l.started_at, l.expires_at, CASE WHEN l.expires_at <= SYSUTCDATETIME() THEN 1 ELSE 0 END FROM portal_lease AS l WHERE l.id = 1");

    public static SqlServerStatement InsertLease { get; } = new(
        "INSERT INTO portal_lease (id, owner, host, process_id, started_at, expires_at) "
        + "VALUES (1, @owner, @host, @process, SYSUTCDATETIME(), DATEADD(second, @seconds, SYSUTCDATETIME()))",
        Owner, Text200("@host"), Int("@process"), Int("@seconds"));

    /// <summary>Takes a lease that has expired.</summary>
    public static SqlServerStatement TakeLease { get; } = new(
        "UPDATE portal_lease SET owner = @owner, host = @host, process_id = @process, started_at = SYSUTCDATETIME(), expires_at = DATEADD(second, @seconds, SYSUTCDATETIME()) "
        + "WHERE id = 1 AND expires_at <= SYSUTCDATETIME()",
        Owner, Text200("@host"), Int("@process"), Int("@seconds"));

    /// <summary>Renews the lease, even if it has expired but has not been taken over.</summary>
    public static SqlServerStatement RenewLease { get; } = new(
        "UPDATE portal_lease SET expires_at = DATEADD(second, @seconds, SYSUTCDATETIME()) WHERE id = 1 AND owner = @owner", Owner, Int("@seconds"));

    public static SqlServerStatement ReleaseLease { get; } = new("DELETE FROM portal_lease WHERE id = 1 AND owner = @owner", Owner);

    /// <summary>Records a mark that shows later whether the transaction was committed.</summary>
    public static SqlServerStatement Mark { get; } = new(
        "UPDATE journal_marks SET batch = @batch, at_us = @at WHERE writer = @writer", Batch, Big("@at"), Writer);

    public static SqlServerStatement InsertMark { get; } = new(
        "INSERT INTO journal_marks (batch, at_us, writer) VALUES (@batch, @at, @writer)", Batch, Big("@at"), Writer);

    public static SqlServerStatement ReadMark { get; } = new("SELECT batch FROM journal_marks WHERE writer = @writer", Writer);

    public static SqlServerStatement DeleteOldMarks { get; } = new("DELETE FROM journal_marks WHERE at_us < @before", Big("@before"));

    public static SqlServerStatement ReadNames { get; } = new("SELECT id, name FROM names");

    public static SqlServerStatement ReadSources { get; } = new("SELECT id, name FROM sources");

    public static SqlServerStatement FindEnded { get; } = new(
        "SELECT o.[key], o.id_high, o.id_low, o.metric_type, o.status, o.source_id, o.name_id, o.start_us, o.duration_us, o.error_type, o.error_message, o.details "
        + "FROM staging_ids AS s INNER JOIN operations AS o ON o.id_low = s.id_low AND o.id_high = s.id_high WHERE s.batch = @batch",
        Batch);

    /// <summary>The used keys of the staged microseconds.</summary>
    public static SqlServerStatement FindUsedKeys { get; } = new(
        "SELECT o.[key] FROM staging_numbers AS s INNER JOIN operations AS o ON o.[key] >= s.number * 2048 AND o.[key] < (s.number + 1) * 2048 WHERE s.batch = @batch",
        Batch);

    public static SqlServerStatement InsertOperations { get; } = new(
        $"INSERT INTO operations ({OperationColumns}) SELECT {OperationColumns} FROM staging_operations AS s "
        + "WHERE s.batch = @batch AND NOT EXISTS (SELECT 1 FROM operations AS o WHERE o.[key] = s.[key])",
        Batch);

    public static SqlServerStatement DeleteOperation { get; } = new("DELETE FROM operations WHERE [key] = @key", Big("@key"));

    public static SqlServerStatement RenameSource { get; } = new("UPDATE sources SET name = @name, length = @length WHERE id = @id", Text200("@name"), Int("@length"), Int("@id"));

    public static SqlServerStatement DeleteSource { get; } = new("DELETE FROM sources WHERE id = @id", Int("@id"));

    public static SqlServerStatement ReadRunning { get; } = new("SELECT r.id, r.document FROM running_operations AS r");

    public static SqlServerStatement DeleteOperationsOfSource { get; } = new(
        "DELETE TOP (@rows) FROM operations WHERE source_id = @source", Int("@rows"), Int("@source"));

    public static SqlServerStatement DeleteSamplesOfSource { get; } = new(
        "DELETE TOP (@rows) FROM resource_samples WHERE source_id = @source", Int("@rows"), Int("@source"));

    public static SqlServerStatement DeleteResourceRollupsOfSource { get; } = new(
        "DELETE TOP (@rows) FROM resource_rollups WHERE source_id = @source", Int("@rows"), Int("@source"));

    /// <summary>The next rows of rollup pages after a key.</summary>
    public static SqlServerStatement NextRollupPages { get; } = new(
        "SELECT TOP (@rows) p.[key], p.data FROM rollup_pages AS p WHERE p.[key] > @after ORDER BY p.[key]", Int("@rows"), Big("@after"));

    /// <summary>The names that no operation carries; rollups may.</summary>
    public static SqlServerStatement FindNamesWithoutOperations { get; } = new(
        "SELECT n.id, n.name FROM names AS n WHERE NOT EXISTS (SELECT 1 FROM operations AS o WHERE o.name_id = n.id)");

    public static SqlServerStatement DeleteNames { get; } = new(
        "DELETE FROM names WHERE id IN (SELECT s.number FROM staging_numbers AS s WHERE s.batch = @batch)", Batch);

    public static SqlServerStatement ReadOperations { get; } = new(
        $"SELECT {OperationColumns} FROM operations WHERE [key] >= @first AND [key] < @last", Big("@first"), Big("@last"));

    public static SqlServerStatement DeleteRunning { get; } = new(
        "DELETE FROM running_operations WHERE id IN (SELECT s.id FROM staging_ids AS s WHERE s.batch = @batch)", Batch);

    public static SqlServerStatement FindSamples { get; } = new(
        "SELECT r.source_id, r.at_us FROM staging_samples AS s INNER JOIN resource_samples AS r ON r.source_id = s.source_id AND r.at_us = s.at_us WHERE s.batch = @batch",
        Batch);

    public static SqlServerStatement InsertSamples { get; } = new(
        "INSERT INTO resource_samples (source_id, at_us, data) SELECT source_id, at_us, data FROM staging_samples AS s "
        + "WHERE s.batch = @batch AND NOT EXISTS (SELECT 1 FROM resource_samples AS r WHERE r.source_id = s.source_id AND r.at_us = s.at_us)",
        Batch);

    /// <summary>The rows of rollup pages with the staged keys.</summary>
    public static SqlServerStatement FindRollupPages { get; } = new(
        "SELECT p.[key], p.data FROM staging_numbers AS s INNER JOIN rollup_pages AS p ON p.[key] = s.number WHERE s.batch = @batch", Batch);

    public static SqlServerStatement DeleteRollupPages { get; } = new(
        "DELETE FROM rollup_pages WHERE [key] IN (SELECT s.number FROM staging_numbers AS s WHERE s.batch = @batch)", Batch);

    public static SqlServerStatement FindResourceRollups { get; } = new(
        "SELECT r.resolution, r.source_id, r.bucket, r.data FROM staging_resource_rollups AS s INNER JOIN resource_rollups AS r "
        + "ON r.resolution = s.resolution AND r.source_id = s.source_id AND r.bucket = s.bucket WHERE s.batch = @batch",
        Batch);

    public static SqlServerStatement DeleteStagedResourceRollups { get; } = new(
        "DELETE FROM resource_rollups WHERE EXISTS (SELECT 1 FROM staging_resource_rollups AS s WHERE s.batch = @batch AND s.resolution = resource_rollups.resolution "
        + "AND s.source_id = resource_rollups.source_id AND s.bucket = resource_rollups.bucket)",
        Batch);

    public static SqlServerStatement MarkDirty { get; } = new(
        "INSERT INTO dirty_minutes (minute) SELECT s.number FROM staging_numbers AS s "
        + "WHERE s.batch = @batch AND NOT EXISTS (SELECT 1 FROM dirty_minutes AS d WHERE d.minute = s.number)",
        Batch);

    public static SqlServerStatement ClearDirty { get; } = new(
        "DELETE FROM dirty_minutes WHERE minute IN (SELECT s.number FROM staging_numbers AS s WHERE s.batch = @batch)", Batch);

    public static SqlServerStatement ReadDirty { get; } = new("SELECT minute FROM dirty_minutes ORDER BY minute");

    public static SqlServerStatement ClearStagedIds { get; } = new("DELETE FROM staging_ids WHERE batch = @batch", Batch);

    public static SqlServerStatement ClearStagedNumbers { get; } = new("DELETE FROM staging_numbers WHERE batch = @batch", Batch);

    public static SqlServerStatement ClearStagedOperations { get; } = new("DELETE FROM staging_operations WHERE batch = @batch", Batch);

    public static SqlServerStatement ClearStagedSamples { get; } = new("DELETE FROM staging_samples WHERE batch = @batch", Batch);

    public static SqlServerStatement ClearStagedResourceRollups { get; } = new("DELETE FROM staging_resource_rollups WHERE batch = @batch", Batch);

    public static SqlServerStatement PurgeOperations { get; } = new(
        "DELETE TOP (@rows) FROM operations WHERE [key] < @before AND (metric_type = @selector OR @selector = 255)", Int("@rows"), Big("@before"), Tiny("@selector"));

    public static SqlServerStatement PurgeSamples { get; } = new(
        "DELETE TOP (@rows) FROM resource_samples WHERE at_us < @before", Int("@rows"), Big("@before"));

    /// <summary>Purges rows of minutes or hours, and rows with the merged minutes of an hour (kind 3).</summary>
    public static SqlServerStatement PurgeRollups { get; } = new(
        "DELETE TOP (@rows) FROM rollup_pages WHERE ([key] < @before AND [key] % 4 = @selector) OR ([key] < @hours AND [key] % 4 = 3)",
        Int("@rows"), Big("@before"), Tiny("@selector"), Big("@hours"));

    public static SqlServerStatement PurgeResourceRollups { get; } = new(
        "DELETE TOP (@rows) FROM resource_rollups WHERE resolution = @selector AND bucket < @before", Int("@rows"), Big("@before"), Tiny("@selector"));

    /// <summary>Bytes in use. File sizes are not used because files do not shrink when rows are deleted, which would hide the effect of retention.</summary>
    public static SqlServerStatement ReadUsedBytes { get; } = new(
        "SELECT COALESCE(SUM(CAST(COALESCE(FILEPROPERTY(name, 'SpaceUsed'), size) AS bigint)), 0) * 8192 FROM sys.database_files WHERE type = 0");

    /// <summary>Bytes in use, or NULL where the engine does not report them.</summary>
    public static SqlServerStatement ReadDataBytes { get; } = new(
        "SELECT SUM(CAST(FILEPROPERTY(name, 'SpaceUsed') AS bigint)) * 8192 FROM sys.database_files WHERE type = 0");

    /// <summary>The file size in bytes, for engines that do not report the used space.</summary>
    public static SqlServerStatement ReadFileBytes { get; } = new(
        "SELECT COALESCE(SUM(CAST(size AS bigint)), 0) * 8192 FROM sys.database_files WHERE type = 0");

    /// <summary>The number of operations by the hour in which they ended.</summary>
    public static SqlServerStatement CountOperations { get; } = new(
        "SELECT o.[key] / 7372800000000, COUNT_BIG(*), COALESCE(SUM(CAST(DATALENGTH(o.details) AS bigint)), 0) FROM operations AS o GROUP BY o.[key] / 7372800000000");

    /// <summary>The size of samples by hour.</summary>
    public static SqlServerStatement MeasureSamples { get; } = new(
        "SELECT r.at_us / 3600000000, COUNT_BIG(*), COALESCE(SUM(CAST(DATALENGTH(r.data) AS bigint)), 0) FROM resource_samples AS r GROUP BY r.at_us / 3600000000");

    /// <summary>The size of each rollup page.</summary>
    public static SqlServerStatement MeasureRollups { get; } = new("SELECT p.[key], CAST(DATALENGTH(p.data) AS bigint) FROM rollup_pages AS p");

    /// <summary>The size of rollups of samples by resolution and bucket.</summary>
    public static SqlServerStatement MeasureResourceRollups { get; } = new(
        "SELECT r.resolution, r.bucket, COUNT_BIG(*), COALESCE(SUM(CAST(DATALENGTH(r.data) AS bigint)), 0) FROM resource_rollups AS r GROUP BY r.resolution, r.bucket");

    public static SqlServerStatement HasReadableView { get; } = new("SELECT COUNT(*) FROM sys.views WHERE name = N'operations_readable'");

    /// <summary>A view for interactive queries: names instead of ids, times instead of microseconds.</summary>
    public static SqlServerStatement CreateReadableView { get; } = new(
        """
        CREATE VIEW operations_readable AS
        SELECT
            LOWER(STUFF(STUFF(STUFF(STUFF(
                CONVERT(varchar(16), CONVERT(binary(8), o.id_high), 2) + CONVERT(varchar(16), CONVERT(binary(8), o.id_low), 2),
                21, 0, '-'), 17, 0, '-'), 13, 0, '-'), 9, 0, '-')) AS id,
            CASE o.metric_type WHEN 0 THEN 'download_operation' WHEN 1 THEN 'health_check' WHEN 2 THEN 'fallback_strategy'
                WHEN 3 THEN 'analytics_collection' WHEN 4 THEN 'model_operation' WHEN 5 THEN 'system_resource' END AS metric_type,
            n.name AS name,
            s.name AS source,
            CASE o.status WHEN 1 THEN 'succeeded' WHEN 2 THEN 'failed' WHEN 3 THEN 'cancelled' WHEN 4 THEN 'abandoned' END AS status,
            DATEADD(microsecond, o.start_us % 1000000, DATEADD(second, (o.start_us / 1000000) % 86400,
                DATEADD(day, o.start_us / 86400000000, CAST('1970-01-01' AS datetime2(6))))) AS start_time,
            DATEADD(microsecond, (o.start_us + o.duration_us) % 1000000, DATEADD(second, ((o.start_us + o.duration_us) / 1000000) % 86400,
                DATEADD(day, (o.start_us + o.duration_us) / 86400000000, CAST('1970-01-01' AS datetime2(6))))) AS end_time,
            o.duration_us / 1000000.0 AS duration_seconds,
            o.error_type AS error_type,
            o.error_message AS error_message,
            o.details AS details
        FROM operations AS o
        INNER JOIN names AS n ON n.id = o.name_id
        INNER JOIN sources AS s ON s.id = o.source_id
        """);

    /// <summary>Creates the database named by the parameter if it does not exist; returns 1 if it was created.</summary>
    public static SqlServerStatement CreateDatabase { get; } = new(
        "IF DB_ID(@name) IS NULL BEGIN DECLARE @text nvarchar(400) = N'CREATE DATABASE ' + QUOTENAME(@name); EXEC (@text); SELECT 1; END", Name("@name"));

    /// <summary>Enables snapshot reads so that readers and the writer do not block each other. Fails on engines that do not support the option or always use it.</summary>
    public static SqlServerStatement EnableSnapshotReads { get; } = new(
        "DECLARE @text nvarchar(400) = N'ALTER DATABASE ' + QUOTENAME(@name) + N' SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT'; EXEC (@text);", Name("@name"));

    /// <summary>The T-SQL text.</summary>
    public string Text { get; }

    /// <summary>The T-SQL declarations of the parameters.</summary>
    public IEnumerable<string> Declarations => _parameters.Select(parameter => parameter.Type switch
    {
        SqlDbType.NVarChar => $"{parameter.Name} nvarchar({parameter.Size})",
        SqlDbType.UniqueIdentifier => $"{parameter.Name} uniqueidentifier",
        SqlDbType.BigInt => $"{parameter.Name} bigint",
        SqlDbType.TinyInt => $"{parameter.Name} tinyint",
        _ => $"{parameter.Name} int",
    });

    private static (string Name, SqlDbType Type, int Size) Batch => ("@batch", SqlDbType.UniqueIdentifier, 0);

    private static (string Name, SqlDbType Type, int Size) Owner => ("@owner", SqlDbType.UniqueIdentifier, 0);

    private static (string Name, SqlDbType Type, int Size) Writer => ("@writer", SqlDbType.UniqueIdentifier, 0);

    /// <summary>Creates a command with typed parameters: untyped ones would become nvarchar(4000) or numeric and prevent index use.</summary>
    /// <exception cref="ArgumentException">The number of values does not match the number of parameters.</exception>
    public SqlCommand CreateCommand(SqlConnection connection, SqlTransaction? transaction, params object[] values)
    {
        if (values.Length != _parameters.Length)
        {
            throw new ArgumentException($"Expected {_parameters.Length} values, got {values.Length}.", nameof(values));
        }

        var command = connection.CreateCommand();
        command.CommandText = Text;
        command.Transaction = transaction;
        for (int i = 0; i < values.Length; i++)
        {
            var (name, type, size) = _parameters[i];
            command.Parameters.Add(name, type, size).Value = values[i];
        }

        return command;
    }

    private static (string Name, SqlDbType Type, int Size) Int(string name) => (name, SqlDbType.Int, 0);

    private static (string Name, SqlDbType Type, int Size) Big(string name) => (name, SqlDbType.BigInt, 0);

    private static (string Name, SqlDbType Type, int Size) Tiny(string name) => (name, SqlDbType.TinyInt, 0);

    private static (string Name, SqlDbType Type, int Size) Text200(string name) => (name, SqlDbType.NVarChar, 200);

    private static (string Name, SqlDbType Type, int Size) Name(string name) => (name, SqlDbType.NVarChar, 128);
}
