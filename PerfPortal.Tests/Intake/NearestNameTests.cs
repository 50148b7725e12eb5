using PerfPortal.Server.Intake;
using Xunit;

namespace PerfPortal.Tests.Intake;

public sealed class NearestNameTests
{
    private static readonly string[] Names = ["name", "note", "for_seconds", "keep_firing_for_seconds", "window_seconds", "threshold", "scope.source"];

    [Theory]
    [InlineData("for_second", "for_seconds")]
    [InlineData("For-Seconds", "for_seconds")]
    [InlineData("treshold", "threshold")]
    [InlineData("thershold", "threshold")]
    [InlineData("threshold_value", "threshold")]
    [InlineData("window", "window_seconds")]
    [InlineData("keepFiringFor", "keep_firing_for_seconds")]
    [InlineData("sources", "scope.source")]
    [InlineData("notes", "note")]
    [InlineData("colour", null)]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("___", null)]
    public void The_name_that_was_meant_is_found(string given, string? meant) => Assert.Equal(meant, NearestName.Find(given, Names));

    [Fact]
    public void A_name_of_any_length_costs_little() => Assert.Null(NearestName.Find(new string('n', 100_000), Names));
}
