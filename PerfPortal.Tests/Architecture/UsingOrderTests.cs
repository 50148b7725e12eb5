using System.Text.RegularExpressions;
using Xunit;

namespace PerfPortal.Tests.Architecture;

/// <summary>Imports are in the order of the editor's "sort usings": the build checks all other style, and the formatter needs two minutes to say only this.</summary>
public sealed partial class UsingOrderTests
{
    private static readonly string[] Left = ["bin", "obj", ".git"];

    [Fact]
    public void Imports_are_sorted_with_system_first()
    {
        var files = Sources(new(Repository.Root)).ToList();
        Assert.True(files.Count > 1_000, "The sources were not found.");
        Assert.Empty(files.Where(file => !IsSorted(File.ReadLines(file))).Select(file => $"{Path.GetRelativePath(Repository.Root, file)}: its usings are not sorted."));
    }

    [Theory]
    [InlineData(true, "using System;", "using System.Text;", "using Alpha;", "using Beta.Gamma;", "using static System.Math;", "using Name = Alpha.Name;")]
    [InlineData(true, "using Alpha;", "using AlphaBeta;", "// A word.", "using Beta;")]
    [InlineData(true, "namespace A;", "using var b = c;", "using var a = b;")]
    [InlineData(false, "using Alpha;", "using System;")]
    [InlineData(false, "using Beta;", "using Alpha;")]
    [InlineData(false, "using Alpha.Beta;", "using Alpha;")]
    [InlineData(false, "using static System.Math;", "using Alpha;")]
    public void The_check_can_fail(bool expected, params string[] lines) => Assert.Equal(expected, IsSorted(lines));

    private static bool IsSorted(IEnumerable<string> lines)
    {
        var keys = lines.TakeWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal)).Select(line => Directive().Match(line)).Where(match => match.Success)
            .Select(match => (Kind: match.Groups["static"].Success ? 1 : match.Groups["alias"].Success ? 2 : 0, Name: match.Groups["name"].Value))
            .Select(key => (key.Kind, IsOther: key.Name != "System" && !key.Name.StartsWith("System.", StringComparison.Ordinal), key.Name)).ToList();
        return keys.Zip(keys.Skip(1)).All(pair => Compare(pair.First, pair.Second) <= 0);
    }

    private static int Compare((int Kind, bool IsOther, string Name) left, (int Kind, bool IsOther, string Name) right) =>
        left.Kind != right.Kind ? left.Kind - right.Kind
        : left.IsOther != right.IsOther && left.Kind == 0 ? left.IsOther.CompareTo(right.IsOther)
        : left.Kind == 2 ? 0 : string.Compare(left.Name, right.Name, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Sources(DirectoryInfo folder) =>
        folder.EnumerateFiles("*.cs").Select(file => file.FullName).Concat(folder.EnumerateDirectories().Where(child => !Left.Contains(child.Name)).SelectMany(Sources));

    [GeneratedRegex(@"^using (?<static>static )?(?<alias>\w+ = )?(?<name>[\w.<>, ]+);")]
    private static partial Regex Directive();
}
