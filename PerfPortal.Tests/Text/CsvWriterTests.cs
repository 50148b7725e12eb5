using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using PerfPortal.Server.Text;
using Xunit;

namespace PerfPortal.Tests.Text;

public sealed class CsvWriterTests
{
    private const string Alphabet = "=+-@＝＋－＠\t\r\n,;\"' \u00a0\u3000\u200b\ufeff\0a1";

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a-b=c", "a-b=c")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+cmd", "'+cmd")]
    [InlineData("-2", "'-2")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\u00a0=1", "'\u00a0=1")]
    [InlineData("\u200b=1", "'\u200b=1")]
    [InlineData(" \t＝1", "' \t＝1")]
    [InlineData("＋1", "'＋1")]
    [InlineData("－1", "'－1")]
    [InlineData("＠a", "'＠a")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("=a,\"b\"", "\"'=a,\"\"b\"\"\"")]
    [InlineData("", "")]
    [InlineData(null, "")]
    public void Text_that_begins_like_a_formula_gets_an_apostrophe(string? text, string expected) =>
        Assert.Equal(expected + "\r\n", new CsvWriter().Row(text).ToString());

    [Theory]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a;b", "\"a;b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("x\ny", "\"x\ny\"")]
    [InlineData("x\ry", "\"x\ry\"")]
    [InlineData(" x", "\" x\"")]
    [InlineData("x ", "\"x \"")]
    public void Separators_quotes_line_ends_and_outer_spaces_are_quoted(string text, string expected) =>
        Assert.Equal(expected + "\r\n", new CsvWriter().Row(text).ToString());

    [Fact]
    public void Numbers_are_numbers_and_what_is_unknown_is_empty()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal("-1.5,-3,4,,\r\n", new CsvWriter().Row(-1.5, -3L, 4, null, double.NaN).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void A_cell_of_another_type_is_refused() => Assert.Throws<ArgumentException>(() => new CsvWriter().Row(1m));

    [Property]
    public void A_parser_reads_back_what_was_written_but_for_the_apostrophe(string?[] cells, byte[] picks)
    {
        // Arbitrary texts rarely hit the characters that matter, so one is drawn from these alone.
        string dangerous = string.Concat(picks.Select(pick => Alphabet[pick % Alphabet.Length]));
        string?[] row = [.. cells, dangerous];
        string written = new CsvWriter().Row([.. row]).Row("next").ToString();
        var rows = Parse(written);
        Assert.Equal(["next"], rows[1]);
        Assert.Equal(row.Length, rows[0].Count);
        Assert.All(row.Zip(rows[0]), pair => Assert.True(pair.Second == (pair.First ?? "") || pair.Second == "'" + pair.First));
        Assert.All(rows[0], cell => Assert.DoesNotContain(cell.TrimStart().FirstOrDefault('a'), "=+-@＝＋－＠"));
    }

    private static List<List<string>> Parse(string csv)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var cell = new StringBuilder();
        for (int i = 0, quotes = 0; i < csv.Length; i++)
        {
            char c = csv[i];
            if (c == '"')
            {
                // The second of two quotes within a quoted cell is a character.
                if (quotes > 0 && quotes % 2 == 0 && csv[i - 1] == '"')
                {
                    cell.Append('"');
                }

                quotes++;
            }
            else if (quotes % 2 == 1 || (c != ',' && c != '\r'))
            {
                cell.Append(c);
            }
            else
            {
                row.Add(cell.ToString());
                cell.Clear();
                quotes = 0;
                if (c == '\r')
                {
                    Assert.Equal('\n', csv[++i]);
                    rows.Add(row);
                    row = [];
                }
            }
        }

        Assert.Equal(0, cell.Length);
        return rows;
    }
}
