using System.Reflection;
using System.Text.RegularExpressions;
using PerfPortal.Server.Storage.SqlServer;
using Xunit;

namespace PerfPortal.Tests.Storage;

/// <summary>No T-SQL text lies outside of the catalogue that is bound.</summary>
public sealed partial class TSqlCatalogueTests
{
    private const byte LoadString = 0x72;
    private const byte StringToken = 0x70;
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_catalogue_knows_all_its_statements()
    {
        var properties = typeof(SqlServerStatement).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(SqlServerStatement)).Select(property => (SqlServerStatement)property.GetValue(null)!);
        Assert.Equal(properties.ToHashSet(), SqlServerStatement.All.ToHashSet());
        Assert.Empty(typeof(SqlServerStatement).GetConstructors());
    }

    [Fact]
    public void Only_the_catalogue_holds_statements()
    {
        var holders = typeof(SqlServerStatement).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(SqlServerStatement).Namespace)
            .Where(type => Strings(type).Any(text => Statement().IsMatch(text)))
            .Select(type => type.Name);
        Assert.Equal([nameof(SqlServerStatement)], holders);
    }

    [Fact]
    public void Nothing_that_other_engines_lack_is_used() =>
        Assert.DoesNotContain(SqlServerStatement.All, statement => Foreign().IsMatch(statement.Text));

    [GeneratedRegex(@"^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|DECLARE|EXEC|IF|WITH|SET)\s", RegexOptions.IgnoreCase)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\bMERGE\b|#|\bWITH\s*\((?!NO_WAIT)|\bCOLUMNSTORE\b|ALTER COLUMN|\bHOLDLOCK\b|\bNOLOCK\b", RegexOptions.IgnoreCase)]
    private static partial Regex Foreign();

    private static IEnumerable<string> Strings(Type type)
    {
        foreach (var method in type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)))
        {
            byte[] code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
            for (int i = 0; i + 4 < code.Length; i++)
            {
                // ldstr, then a token of the user strings; other bytes may look so too and name no string.
                if (code[i] == LoadString && code[i + 4] == StringToken && Resolve(type.Module, BitConverter.ToInt32(code, i + 1)) is { } text)
                {
                    yield return text;
                }
            }
        }
    }

    private static string? Resolve(Module module, int token)
    {
        try
        {
            return module.ResolveString(token);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
