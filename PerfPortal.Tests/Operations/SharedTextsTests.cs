using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Operations;

public sealed class SharedTextsTests
{
    [Property]
    public bool A_text_comes_back_as_its_bytes_say_however_often_it_is_asked_for(string[] words)
    {
        var texts = new SharedTexts(places: 4, maxBytes: 8);
        return Enumerable.Range(0, 4).All(_ => words.Where(word => word is not null).Select(word => Encoding.UTF8.GetBytes(word))
            .All(bytes => texts.Get(bytes) == Encoding.UTF8.GetString(bytes)));
    }

    [Fact]
    public void A_text_that_comes_again_is_one_string()
    {
        var texts = new SharedTexts(places: 16, maxBytes: 64);
        _ = texts.Get("load_model"u8);
        string second = texts.Get("load_model"u8);
        Assert.Same(second, texts.Get("load_model"u8));
        Assert.Equal(1, texts.Count);
        Assert.Same("", texts.Get(""u8));
    }

    [Fact]
    public void A_flood_of_different_texts_leaves_those_that_come_again_where_they_are()
    {
        var texts = new SharedTexts(places: 64, maxBytes: 64);
        _ = texts.Get("load_model"u8);
        string known = texts.Get("load_model"u8);
        for (int i = 0; i < 100_000; i++)
        {
            _ = texts.Get(Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
        }

        Assert.Same(known, texts.Get("load_model"u8));
        Assert.InRange(texts.Count, 1, 8);
    }

    [Fact]
    public void It_holds_no_more_texts_than_it_has_places_and_none_that_is_too_long()
    {
        var texts = new SharedTexts(places: 8, maxBytes: 4);
        for (int round = 0; round < 1_000; round++)
        {
            byte[] word = Encoding.UTF8.GetBytes(round.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(texts.Get(word), texts.Get(word));
        }

        Assert.InRange(texts.Count, 1, 8);
        _ = texts.Get("longer"u8);
        Assert.NotSame(texts.Get("longer"u8), texts.Get("longer"u8));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SharedTexts(places: 6, maxBytes: 4));
    }

    [Fact]
    public async Task Many_threads_get_the_right_texts()
    {
        var texts = new SharedTexts(places: 4, maxBytes: 64);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++)
            {
                string word = "word " + (i % 13).ToString(CultureInfo.InvariantCulture);
                Assert.Equal(word, texts.Get(Encoding.UTF8.GetBytes(word)));
            }
        })));
    }
}
