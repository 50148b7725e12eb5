using Xunit;

namespace PerfPortal.Tests.Architecture;

public sealed class LayerRulesTests
{
    private const string Markdown = """
        Text before.

        | Layer | `Other` | Contents |
        | --- | --- | --- |
        | 0 | `High` | |

        | Layer | `Shop` | Contents |
        | --- | --- | --- |
        | 0 Basics | `Low` `Side` | numbers |
        | 1 Fronts, independent of each other | `Web` `Mail` | pages |
        | 2 Composition | `Program` | start |

        Text after.
        """;

    private readonly LayerTable _table = LayerTable.Parse(Markdown, "Shop");
    private readonly LayerRules _rules;

    public LayerRulesTests() => _rules = new LayerRules(_table);

    [Fact]
    public void The_table_of_the_project_is_read()
    {
        Assert.Equal([("Low", 0), ("Side", 0), ("Web", 1), ("Mail", 1), ("Program", 2)], _table.Layers.Select(pair => (pair.Key, pair.Value)));
        Assert.Equal([1], _table.Independent);
    }

    [Theory]
    [InlineData("", "no table")]
    [InlineData("| Layer | `Shop` |\n| --- | --- |\n| first | `Low` |", "number")]
    [InlineData("| Layer | `Shop` |\n| --- | --- |\n| 0 | `Low` |\n| 1 | `Low` |", "two layers")]
    public void A_table_that_cannot_be_read_is_an_error(string markdown, string message) =>
        Assert.Contains(message, Assert.Throws<FormatException>(() => LayerTable.Parse(markdown, "Shop")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Shop.Low.Deep", "T", "Low")]
    [InlineData("Shop", "Program", "Program")]
    [InlineData("Shopping", "T", null)]
    [InlineData("", "<>f__AnonymousType0`1", null)]
    public void A_folder_is_the_namespace_below_the_root(string space, string name, string? folder) =>
        Assert.Equal(folder, _table.FolderOf(new TypeId(space, name)));

    [Fact]
    public void Only_upward_uses_are_reported()
    {
        string line = Assert.Single(_rules.FindUpward([Use("Web", "Low"), Use("Low", "Side"), Use("Low", "Web"), Use("Low", "Low")]));
        Assert.Equal("Low (layer 0) must not use Web (layer 1): Shop.Low.A -> Shop.Web.B (in A.Run)", line);
    }

    [Fact]
    public void Independent_folders_do_not_use_each_other()
    {
        Assert.Equal("Web must not use Mail, both of layer 1: Shop.Web.A -> Shop.Mail.B (in A.Run)", Assert.Single(_rules.FindDependent([Use("Web", "Mail")])));
        Assert.Empty(_rules.FindDependent([Use("Low", "Side"), Use("Web", "Low")]));
    }

    [Fact]
    public void Circles_are_found_whatever_their_length_and_named_once()
    {
        Assert.Empty(_rules.FindCircles([Use("Web", "Side"), Use("Side", "Low"), Use("Web", "Low")]));

        string circle = Assert.Single(_rules.FindCircles([Use("Low", "Side"), Use("Side", "Web"), Use("Web", "Low"), Use("Mail", "Low")]));
        Assert.StartsWith("Low -> Side -> Web -> Low is a circle:\n", circle, StringComparison.Ordinal);
        Assert.Contains("Side uses Web (1):\n    Shop.Side.A -> Shop.Web.B (in A.Run)", circle, StringComparison.Ordinal);

        // One use closes both circles; the shorter one is reported.
        Assert.StartsWith("Low -> Web -> Low is", Assert.Single(_rules.FindCircles(
            [Use("Low", "Web"), Use("Web", "Low"), Use("Web", "Low"), Use("Web", "Side"), Use("Web", "Side"), Use("Side", "Low"), Use("Side", "Low")])), StringComparison.Ordinal);

        Assert.Equal(2, _rules.FindCircles([Use("Low", "Side"), Use("Side", "Low"), Use("Web", "Mail"), Use("Mail", "Web")]).Count);
    }

    [Fact]
    public void A_folder_without_a_layer_and_a_layer_without_a_folder_are_reported()
    {
        string[] folders = ["Low", "Side", "Web", "New"];
        Assert.Equal(
            [
                "Shop.New has no layer (Shop.New.T): add it to the table in docs/architecture.md, or move its types.",
                "Shop.Mail has no types: remove it from the table in docs/architecture.md.",
            ],
            _rules.FindMismatches([.. folders.Select(folder => new TypeId("Shop." + folder, "T")), new TypeId("Shop", "Program"), new TypeId("Generated", "T")]));
    }

    private static TypeUse Use(string from, string to) => new(new TypeId("Shop." + from, "A"), "A.Run", new TypeId("Shop." + to, "B"));
}
