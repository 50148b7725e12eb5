using PerfPortal.Server.Text;
using Xunit;

namespace PerfPortal.Tests.Text;

public sealed class MiddleCutTests
{
    [Theory]
    [InlineData("bge-large-en", 12, "bge-large-en")]
    [InlineData("mistral-7b-instruct-q4_k_m", 15, "mistral…-q4_k_m")]
    [InlineData("mistral-7b-instruct-q4_k_m", 14, "mistral…q4_k_m")]
    [InlineData("abcdef", 5, "ab…ef")]
    public void A_long_name_keeps_its_beginning_and_its_end(string name, int max, string cut)
    {
        Assert.Equal(cut, MiddleCut.Of(name, max));
        Assert.Equal(name.Length > max ? name : null, MiddleCut.Title(name, max));
    }

    [Fact]
    public void Names_that_differ_only_at_the_end_stay_different()
    {
        string prefix = new('x', 200);
        Assert.NotEqual(MiddleCut.Of(prefix + "-q4"), MiddleCut.Of(prefix + "-q8"));
    }

    [Fact]
    public void A_character_outside_the_basic_plane_is_never_halved()
    {
        string text = string.Concat(Enumerable.Repeat("😀", 20));
        for (int max = 5; max < text.Length; max++)
        {
            string cut = MiddleCut.Of(text, max);
            Assert.True(cut.Length <= max);
            Assert.Equal(cut, string.Concat(cut.EnumerateRunes().Where(rune => rune.Value != 0xFFFD)));
        }
    }

    [Fact]
    public void A_limit_without_room_for_both_ends_is_rejected() => Assert.Throws<ArgumentOutOfRangeException>(() => MiddleCut.Of("abcdef", 4));
}
