using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.Dac.Model;
using Microsoft.SqlServer.TransactSql.ScriptDom;
using PerfPortal.Server.Storage.SqlServer;
using Xunit;

namespace PerfPortal.Tests.Storage;

/// <summary>
/// The schema that the migrations make, in DacFx's model of SQL Server 2022, against which texts are bound without a server.
/// It sees wrong tables, columns and syntax; beyond DacFx, that an INSERT names as many columns as it gives values.
/// </summary>
internal sealed class TSqlSchema : IDisposable
{
    private readonly TSqlModel _model = new(SqlServerVersion.Sql160, new TSqlModelOptions());
    private readonly List<string> _mistakes = [];
    private readonly Dictionary<string, string> _texts = [];

    public TSqlSchema()
    {
        using var context = new SqlServerPortalDbContext(
            new DbContextOptionsBuilder<SqlServerPortalDbContext>().UseSqlServer("Server=nowhere;Database=perfportal").Options);
        string script = context.GetService<IMigrator>().GenerateScript();
        var fragment = Parse(script, "the migration script");
        var schema = new SchemaStatements();
        fragment?.Accept(schema);
        foreach (string statement in schema.Tables.Values.Concat(schema.Texts))
        {
            _model.AddObjects(statement);
        }

        Tables = schema.Tables.Count;
        _model.AddObjects(SqlServerStatement.CreateReadableView.Text);
        foreach (string statement in schema.Others)
        {
            Bind(statement, []);
        }
    }

    /// <summary>How many tables the migrations make.</summary>
    public int Tables { get; }

    /// <summary>How many texts were given to be bound; one that was given twice counts once.</summary>
    public int Texts => _texts.Count;

    /// <summary>Gives a text to be bound, as a procedure with its parameters declared.</summary>
    public void Bind(string text, IEnumerable<string> parameters)
    {
        string procedure = $"bound_{_texts.Count}";
        if (!_texts.TryAdd(text, procedure))
        {
            return;
        }

        string whole = $"CREATE PROCEDURE {procedure} {string.Join(", ", parameters)} AS BEGIN\n{text}\nEND";
        if (Parse(whole, text) is { } fragment)
        {
            fragment.Accept(new ColumnCounts(_mistakes));
            _model.AddObjects(whole);
        }
    }

    /// <summary>What is wrong with the texts; empty when nothing is.</summary>
    public IReadOnlyList<string> Errors()
    {
        var messages = _model.Validate().Where(message => !IsOfTheSystem(message.Message)).Select(message => $"{message.Prefix}{message.Number}: {message.Message}");
        return [.. _mistakes, .. messages];
    }

    public void Dispose() => _model.Dispose();

    /// <summary>The model holds no system objects; those that are used are in every SQL Server since 2016.</summary>
    private static bool IsOfTheSystem(string message) =>
        message.Contains("[sys].", StringComparison.Ordinal) || message.Contains("sp_getapplock", StringComparison.Ordinal);

    private TSqlFragment? Parse(string text, string title)
    {
        var fragment = new TSql160Parser(initialQuotedIdentifiers: true).Parse(new StringReader(text), out var errors);
        _mistakes.AddRange(errors.Select(error => $"{error.Message} in: {title}"));
        return errors.Count == 0 ? fragment : null;
    }

    private sealed class SchemaStatements : TSqlFragmentVisitor
    {
        /// <summary>The tables that are left at the end, by name.</summary>
        public Dictionary<string, string> Tables { get; } = new(StringComparer.Ordinal);

        /// <summary>Indexes and views. A table with an index or in a view must not be dropped: this does not follow that.</summary>
        public List<string> Texts { get; } = [];

        public List<string> Others { get; } = [];

        public override void ExplicitVisit(CreateTableStatement node) => Tables.Add(node.SchemaObjectName.BaseIdentifier.Value, TextOf(node));

        public override void ExplicitVisit(DropTableStatement node)
        {
            foreach (var table in node.Objects)
            {
                Assert.True(Tables.Remove(table.BaseIdentifier.Value), $"{table.BaseIdentifier.Value} is dropped and was not there.");
            }
        }

        public override void ExplicitVisit(CreateIndexStatement node) => Texts.Add(TextOf(node));

        public override void ExplicitVisit(CreateViewStatement node) => Texts.Add(TextOf(node));

        public override void ExplicitVisit(InsertStatement node) => Others.Add(TextOf(node));

        public override void ExplicitVisit(UpdateStatement node) => Others.Add(TextOf(node));

        public override void ExplicitVisit(DeleteStatement node) => Others.Add(TextOf(node));

        private static string TextOf(TSqlFragment node) => string.Concat(
            node.ScriptTokenStream.Skip(node.FirstTokenIndex).Take(node.LastTokenIndex - node.FirstTokenIndex + 1).Select(token => token.Text));
    }

    private sealed class ColumnCounts(List<string> errors) : TSqlFragmentVisitor
    {
        public override void Visit(InsertSpecification node)
        {
            int columns = node.Columns.Count;
            int[] values = node.InsertSource switch
            {
                ValuesInsertSource source => [.. source.RowValues.Select(row => row.ColumnValues.Count)],
                SelectInsertSource { Select: QuerySpecification query } => [query.SelectElements.Count],
                _ => [],
            };
            errors.AddRange(values.Where(count => count != columns).Select(count => $"An INSERT of {columns} columns gives {count} values, line {node.StartLine}."));
        }
    }
}
