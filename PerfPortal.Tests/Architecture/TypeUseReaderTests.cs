using Xunit;

namespace PerfPortal.Tests.Architecture;

/// <summary>Every type in <c>Samples/Lower.cs</c> uses a type of <c>Samples/Upper.cs</c> in the one way that its name states.</summary>
public sealed class TypeUseReaderTests
{
    private const string Root = "PerfPortal.Tests.Architecture.Samples";
    private static readonly string Assembly = typeof(TypeUseReaderTests).Assembly.Location;
    private static readonly Lazy<ILookup<string, TypeUse>> Uses = new(() => TypeUseReader.Read(Assembly)
        .Where(use => use.From.Namespace == $"{Root}.Lower" && use.To.Namespace == $"{Root}.Upper")
        .ToLookup(use => use.From.Name));

    public static TheoryData<string> Samples =>
        [.. TypeUseReader.ReadTypes(Assembly).Where(type => type.Namespace == $"{Root}.Lower").Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Each_way_to_use_a_type_is_seen(string sample) => Assert.NotEmpty(Uses.Value[sample]);

    [Fact]
    public void Code_that_the_compiler_moved_counts_as_code_of_the_type_that_declares_it()
    {
        var use = Assert.Single(Uses.Value["LambdaInGenericMethod"]);
        Assert.Equal(new TypeId($"{Root}.Upper", "Target"), use.To);
        Assert.Contains("LambdaInGenericMethod", use.Member, StringComparison.Ordinal);
        Assert.Contains("<Take>", use.Member, StringComparison.Ordinal);
    }

    [Fact]
    public void Nested_types_count_as_their_outermost_type() =>
        Assert.All([Uses.Value["ObjectCreation"], Uses.Value["AttributeArgument"]], uses => Assert.Equal("Target", Assert.Single(uses).To.Name));

    [Fact]
    public void A_type_that_uses_nothing_of_another_folder_is_not_reported() =>
        Assert.DoesNotContain(TypeUseReader.Read(Assembly), use => use.From.Namespace == $"{Root}.Upper" && use.To.Namespace == $"{Root}.Lower");
}
