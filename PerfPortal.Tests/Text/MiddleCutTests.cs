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

    [Fact]
    public void A_long_name_in_a_sentence_is_cut_in_the_middle_and_the_sentence_is_kept_for_its_tooltip()
    {
        string name = "registry.test/" + new string('n', 120) + "-q8.gguf";
        string sentence = $"5 of 9 downloads of {name}, and fetch failed.";
        string shown = MiddleCut.Words(sentence);
        Assert.Equal($"5 of 9 downloads of {MiddleCut.Of(name + ",")} and fetch failed.", shown);
        Assert.Contains("-q8.gguf,", shown, StringComparison.Ordinal);
        Assert.Equal(sentence, MiddleCut.WordsTitle(sentence));
    }

    [Fact]
    public void A_sentence_of_short_words_stays_as_it_is_and_needs_no_tooltip()
    {
        string sentence = string.Join(' ', Enumerable.Repeat("downloads failed", 20));
        Assert.Same(sentence, MiddleCut.Words(sentence));
        Assert.Null(MiddleCut.WordsTitle(sentence));
    }
}
