using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using PerfPortal.Domain.Operations;
using PerfPortal.Server;
using Xunit;

namespace PerfPortal.Tests.Architecture;

/// <summary>The layers that <c>docs/architecture.md</c> shows are the layers of the code.</summary>
public sealed partial class ArchitectureTests
{
    // Small packages without a server, a database or a user interface.
    private static readonly string[] DomainPackages = ["BitFaster.Caching", "Polly.Core", "System.IO.Hashing"];

    private static readonly Lazy<string> Document = new(() => File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md")));
    private static readonly Lazy<Project> Domain = new(() => new("PerfPortal.Domain", typeof(Operation).Assembly.Location));
    private static readonly Lazy<Project> Server = new(() => new("PerfPortal.Server", typeof(Program).Assembly.Location));

    public static TheoryData<string> Projects => ["PerfPortal.Domain", "PerfPortal.Server"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_a_layer(string project) => AssertNone(Of(project).Rules.FindMismatches(Of(project).Types));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_uses_its_own_layer_and_lower_ones(string project) => AssertNone(Of(project).Rules.FindUpward(Of(project).Uses));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_of_an_independent_layer_do_not_use_each_other(string project) => AssertNone(Of(project).Rules.FindDependent(Of(project).Uses));

    [Theory]
    [MemberData(nameof(Projects))]
    public void There_are_no_circles_between_folders(string project) => AssertNone(Of(project).Rules.FindCircles(Of(project).Uses));

    [Fact]
    public void The_references_of_both_projects_are_read()
    {
        Assert.Contains(Of("PerfPortal.Domain").Uses, use => use.From.Namespace.EndsWith(".Analysis", StringComparison.Ordinal) && use.To.Namespace.EndsWith(".Journal", StringComparison.Ordinal));
        Assert.Contains(Of("PerfPortal.Server").Uses, use => use.From.Name == "Program" && use.To.Namespace.EndsWith(".Api", StringComparison.Ordinal));
        Assert.Equal([4], LayerTable.Parse(Document.Value, "PerfPortal.Server").Independent);
    }

    [Fact]
    public void The_domain_references_the_base_class_library_extensions_and_a_few_small_packages()
    {
        using var image = new PEReader(File.OpenRead(typeof(Operation).Assembly.Location));
        var reader = image.GetMetadataReader();
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        AssertNone(
        [
            .. reader.AssemblyReferences.Select(handle => reader.GetString(reader.GetAssemblyReference(handle).Name))
                .Where(name => !File.Exists(Path.Combine(framework, name + ".dll"))
                    && !name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
                    && !DomainPackages.Contains(name))
                .Select(name => $"PerfPortal.Domain must not reference {name}: move the code to PerfPortal.Server, or add the package to the list here and in docs/architecture.md."),
        ]);
    }

    [Theory]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/architecture.md")]
    public void Every_path_that_a_document_names_exists(string document)
    {
        string[] paths = [.. DocumentPath().Matches(File.ReadAllText(Path.Combine(Repository.Root, document))).Select(match => match.Groups[1].Value).Distinct()];
        Assert.NotEmpty(paths);
        AssertNone([.. paths.Where(path => !Path.Exists(Path.Combine(Repository.Root, path))).Select(path => $"{document} names {path}, which does not exist.")]);
    }

    /// <summary>A path below a project, in backticks and without placeholders.</summary>
    [GeneratedRegex("`(PerfPortal\\.[A-Za-z]+/[A-Za-z0-9_./]+)`")]
    private static partial Regex DocumentPath();

    private static Project Of(string project) => project == "PerfPortal.Domain" ? Domain.Value : Server.Value;

    private static void AssertNone(IReadOnlyCollection<string> findings) => Assert.True(findings.Count == 0, string.Join('\n', findings));

    private sealed class Project(string root, string path)
    {
        public IReadOnlyCollection<TypeUse> Uses { get; } = TypeUseReader.Read(path);

        public IReadOnlyList<TypeId> Types { get; } = TypeUseReader.ReadTypes(path);

        public LayerRules Rules { get; } = new(LayerTable.Parse(Document.Value, root));
    }
}
