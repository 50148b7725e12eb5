using System.Text;
using PerfPortal.Benchmarks.Measuring;
using Xunit;

namespace PerfPortal.Tests.Benchmarks;

public sealed class MeasuringTests
{
    [Fact]
    public void A_process_is_read_past_a_name_with_spaces_and_parentheses()
    {
        const string Line = "77 (a) b (c) S 1 77 77 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 12 0 4242 100 200 1 1 1";
        Assert.Equal((2.0, 12), ProcessFigures.ParseStat(Line));
    }

    [Fact]
    public void What_is_no_stat_line_is_refused() => Assert.Throws<FormatException>(() => ProcessFigures.ParseStat("77 (a) S 1"));

    [Theory]
    [InlineData("VmRSS", 2048)]
    [InlineData("RssAnon", 1024)]
    [InlineData("VmSwap", 0)]
    public void A_size_is_read_in_bytes_and_is_0_where_it_is_not_told(string key, long bytes) =>
        Assert.Equal(bytes, ProcessFigures.ParseStatus("Name:\tx\nVmRSS:\t       2 kB\nRssAnon:\t 1 kB\n", key));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r", -1)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nETag: x\r\n\r\na", 50)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", 38)]
    public void The_length_of_an_answer_is_head_and_body(string answer, int length) =>
        Assert.Equal(length, HttpLoad.LengthOf(Encoding.ASCII.GetBytes(answer)));

    [Fact]
    public void An_answer_without_a_length_is_refused() =>
        Assert.Throws<InvalidDataException>(() => HttpLoad.LengthOf("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8));

    [Theory]
    [InlineData(new[] { 3.0, 1.0, 2.0 }, 2.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 3.0 }, 2.5)]
    public void The_median_of_an_even_number_lies_between_the_middle_two(double[] figures, double median) => Assert.Equal(median, Medians.Median(figures));

    [Fact]
    public void A_quantile_is_one_of_the_figures()
    {
        double[] figures = [.. Enumerable.Range(1, 200).Select(figure => (double)figure).Reverse()];
        Assert.Equal(198, Medians.Quantile(figures, 0.99));
        Assert.Equal(1, Medians.Quantile(figures, 0));
        Assert.Equal(200, Medians.Quantile(figures, 1));
        Assert.True(double.IsNaN(Medians.Quantile([], 0.5)));
    }

    [Fact]
    public void Ids_of_a_run_are_told_apart_from_those_of_another()
    {
        var ids = Enumerable.Range(0, 3).SelectMany(run => Enumerable.Range(0, 1000).Select(number => SampleBatch.IdOf(run, number * 65_537L))).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }
}
