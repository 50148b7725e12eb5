using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Storage.SqlServer;
using Xunit;

namespace PerfPortal.Tests.Storage;

/// <summary>Every T-SQL text that the portal can send, bound against the schema that its migrations make; needs no server.</summary>
public sealed class TSqlBindingTests
{
    private static readonly TimeRange Range = new(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_schema_itself_is_sound()
    {
        using var schema = new TSqlSchema();
        Assert.Equal(29, schema.Tables);
        Assert.Empty(schema.Errors());
    }

    [Fact]
    public void The_migrations_are_those_of_the_model()
    {
        using var context = new CapturingDatabase().CreateContext();
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public void Every_statement_of_the_catalogue_binds()
    {
        using var schema = new TSqlSchema();
        foreach (var statement in SqlServerStatement.All.Where(statement => statement != SqlServerStatement.CreateReadableView))
        {
            schema.Bind(statement.Text, statement.Declarations);
        }

        Assert.Empty(schema.Errors());
        Assert.True(schema.Texts >= 35, $"Only {schema.Texts} statements were bound.");
    }

    [Fact]
    public void Every_bulk_copy_fits_its_table()
    {
        using var schema = new TSqlSchema();
        using var context = new CapturingDatabase().CreateContext();
        var tables = context.GetService<Microsoft.EntityFrameworkCore.Metadata.IDesignTimeModel>().Model.GetRelationalModel();
        foreach (var rows in StagedRows.All(Guid.NewGuid()))
        {
            var columns = rows.Table.Columns.Cast<System.Data.DataColumn>().ToList();
            string names = string.Join(", ", columns.Select(column => $"[{column.ColumnName}]"));
            schema.Bind($"INSERT INTO [{rows.Table.TableName}] ({names}) SELECT {names} FROM [{rows.Table.TableName}];", []);

            var table = tables.FindTable(rows.Table.TableName, null);
            Assert.NotNull(table);
            Assert.Equal(table.Columns.Select(column => column.Name).Order(StringComparer.Ordinal), columns.Select(column => column.ColumnName).Order(StringComparer.Ordinal));
            Assert.All(columns, column => Assert.StartsWith(StoreType(column.DataType), table.FindColumn(column.ColumnName)!.StoreType, StringComparison.Ordinal));
        }

        Assert.Empty(schema.Errors());
    }

    [Fact]
    public async Task Every_query_of_operations_binds()
    {
        var database = new CapturingDatabase();
        var directory = KnownNames();
        var reader = new EfOperationReader(database, directory);
        await reader.FindAsync(Guid.NewGuid(), Token);
        await reader.ReadRunningAsync(Token);
        foreach (var filter in Filters())
        {
            await reader.ScanAsync(Range, filter, _ => true, Token);
        }

        await reader.ReadRollupsAsync(RollupResolution.Minute, 0, 1, new(), (_, _) => { }, Token);
        await reader.ReadRollupsAsync(RollupResolution.Hour, 0, 1, new(), (_, _) => { }, Token);

        foreach (var order in Enum.GetValues<OperationOrder>())
        {
            foreach (var after in new PageCursor?[] { null, new(1, 2) })
            {
                await reader.ReadPageAsync(new(Range, new(), order, 10, after), Token);
                await reader.ReadPageAsync(new(Range, Filters().Last(), order, 10, after), Token);
            }
        }

        AssertBinds(database, 100);
        Assert.DoesNotContain(database.Commands, command => command.Text.Contains("ESCAPE", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Every_query_of_resources_binds()
    {
        var database = new CapturingDatabase();
        var reader = new EfResourceReader(database, KnownNames());
        await reader.ReadLatestAsync(Token);
        await reader.ReadSamplesAsync("source", Range, (_, _) => { }, Token);
        await reader.ReadResourceRollupsAsync("source", RollupResolution.Hour, 0, 1, (_, _) => { }, Token);
        await using (var context = database.CreateContext())
        {
            await context.Samples.AsNoTracking().Where(row => row.SourceId == 1).OrderByDescending(row => row.AtUs).FirstOrDefaultAsync(Token);
        }

        AssertBinds(database, 4);
    }

    [Fact]
    public async Task Names_settings_and_recommendations_bind()
    {
        var database = new CapturingDatabase();
        await using (var context = database.CreateContext())
        {
            await new NameDirectory().LoadAsync(context, Token);
            _ = await context.Settings.ToListAsync(Token);
            _ = await context.SettingChanges.Where(row => row.Key == "thresholds").OrderByDescending(row => row.Version).Take(10).ToListAsync(Token);
            _ = await context.Recommendations.ToListAsync(Token);
            _ = await context.Recommendations.FindAsync(["r"], Token);
            string[] ids = ["f", "g"];
            _ = await context.Findings.AsNoTracking().Where(row => ids.Contains(row.Id)).ToListAsync(Token);
            _ = await context.Markers.AsNoTracking().Where(row => row.AtUs == 1 && row.Name == "m" && row.Source == null).FirstOrDefaultAsync(Token);
            _ = await context.Markers.AsNoTracking().Where(row => row.AtUs >= 1 && row.AtUs < 2).OrderByDescending(row => row.AtUs).ThenByDescending(row => row.Id).Take(10).ToListAsync(Token);
        }

        object[] Rows() =>
        [
            new SettingRow { Key = "k", Value = "v", Version = 1, ChangedUs = 1, ChangedBy = "me" },
            new SettingChangeRow { Key = "k", Version = 1, OldValue = null, NewValue = "v", ChangedUs = 1, ChangedBy = "me" },
            new RecommendationRow { Id = "r", State = 0, OpenedUs = 1, SeenUs = 1, Document = "{}" },
            new FindingRow { Id = "f", Kind = 1, State = 0, FirstSeenUs = 1, LastSeenUs = 1, Document = "{}" },
        ];
        foreach (var state in new[] { EntityState.Added, EntityState.Modified, EntityState.Deleted })
        {
            foreach (object row in Rows())
            {
                await using var context = database.CreateContext();
                if (row is SettingChangeRow change && state != EntityState.Added)
                {
                    change.Id = 5;
                }

                context.Entry(row).State = state;
                try
                {
                    await context.SaveChangesAsync(Token);
                }
                catch (Exception exception) when (exception is DbUpdateException or InvalidOperationException)
                {
                    // Nothing was sent, so nothing was changed; the command was seen.
                }
            }
        }

        await using (var context = database.CreateContext())
        {
            context.Recommendations.AddRange(Enumerable.Range(0, 10).Select(i => new RecommendationRow { Id = $"new {i}", Document = "{}" }));
            context.Recommendations.UpdateRange(Enumerable.Range(0, 10).Select(i => new RecommendationRow { Id = $"old {i}", Document = "{}" }));
            await Assert.ThrowsAnyAsync<Exception>(() => context.SaveChangesAsync(Token));
            await context.Recommendations.Where(row => row.Id == "r")
                .ExecuteUpdateAsync(update => update.SetProperty(row => row.State, (byte)1).SetProperty(row => row.Note, "why"), Token);
        }

        var settings = new EfSettingStore(database, TimeProvider.System);
        await settings.ReadAsync("thresholds", Token);
        await settings.WriteAsync("thresholds", 0, "{}", "me", Token);
        await settings.ReadHistoryAsync("thresholds", 10, Token);
        AssertBinds(database, 21);
        Assert.DoesNotContain(database.Commands, command => command.Text.Contains("MERGE", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("SELECT o.[key], o.no_such_column FROM operations AS o;", "no_such_column")]
    [InlineData("SELECT 1 FROM no_such_table;", "no_such_table")]
    [InlineData("DELETE FROM operations WHERE no_such_column = 1;", "no_such_column")]
    [InlineData("INSERT INTO dirty_minutes (no_such_column) SELECT number FROM staging_numbers;", "no_such_column")]
    [InlineData("SELECT FROM WHERE;", "Incorrect syntax")]
    [InlineData("INSERT INTO names (id, name) SELECT 1, N'a', 3;", "2 columns gives 3 values")]
    public void A_mistake_is_found(string text, string named)
    {
        using var schema = new TSqlSchema();
        schema.Bind(text, []);
        Assert.Contains(schema.Errors(), error => error.Contains(named, StringComparison.Ordinal));
    }

    private static void AssertBinds(CapturingDatabase database, int atLeast)
    {
        using var schema = new TSqlSchema();
        int before = schema.Texts;
        foreach (var (text, parameters) in database.Commands)
        {
            schema.Bind(text, parameters);
        }

        Assert.Empty(schema.Errors());
        Assert.True(schema.Texts - before >= atLeast, $"Only {schema.Texts - before} texts were captured.");
    }

    private static NameDirectory KnownNames()
    {
        var directory = new NameDirectory();
        directory.Sources.Add(1, "source");
        directory.Names.Add(1, "name");
        directory.Names.Add(2, "other name");
        return directory;
    }

    /// <summary>Every combination of what a filter can hold; the last one holds everything.</summary>
    private static IEnumerable<OperationFilter> Filters() => Enumerable.Range(0, 128).Select(bits => new OperationFilter
    {
        Series = new()
        {
            MetricType = (bits & 1) != 0 ? MetricType.HealthCheck : null,
            Status = (bits & 2) != 0 ? OperationStatus.Failed : null,
            Name = (bits & 4) != 0 ? "name" : null,
            Source = (bits & 8) != 0 ? "source" : null,
        },
        MinDuration = (bits & 16) != 0 ? TimeSpan.FromSeconds(1) : null,
        MaxDuration = (bits & 32) != 0 ? TimeSpan.FromSeconds(2) : null,
        Text = (bits & 64) != 0 ? "name" : null,
    });

    private static string StoreType(Type type) =>
        type == typeof(Guid) ? "uniqueidentifier"
        : type == typeof(long) ? "bigint"
        : type == typeof(int) ? "int"
        : type == typeof(byte) ? "tinyint"
        : type == typeof(string) ? "nvarchar"
        : "";
}
