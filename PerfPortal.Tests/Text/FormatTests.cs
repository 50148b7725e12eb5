using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;
using PerfPortal.Tests.Pages;
using Xunit;

namespace PerfPortal.Tests.Text;

public sealed class FormatTests
{
    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.00034, "340 µs")]
    [InlineData(0.34, "340 ms")]
    [InlineData(0.9999, "1.0 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(59.97, "1 m 00 s")]
    [InlineData(125, "2 m 05 s")]
    [InlineData(3599.7, "1 h 00 m")]
    [InlineData(11040, "3 h 04 m")]
    [InlineData(86399, "1 d 00 h")]
    [InlineData(183600, "2 d 03 h")]
    [InlineData(-2.5, "-2.5 s")]
    public void A_duration_reads_in_the_units_of_its_size(double seconds, string text) => Assert.Equal(text, Format.Seconds(seconds));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1048575, "1 MiB")]
    [InlineData(1503238554, "1.4 GiB")]
    public void A_size_reads_in_powers_of_1024(double bytes, string text) => Assert.Equal(text, Format.Bytes(bytes));

    [Theory]
    [InlineData(1234567, "1,234,567")]
    [InlineData(99.97, "100")]
    [InlineData(12.345, "12.3")]
    [InlineData(1.001, "1")]
    [InlineData(0.1234, "0.123")]
    public void A_plain_number_keeps_the_digits_that_count(double value, string text) => Assert.Equal(text, Format.Number(value));

    [Theory]
    [InlineData(0.125, "+12.5 %")]
    [InlineData(2.37, "+237 %")]
    [InlineData(9, "+900 %")]
    [InlineData(11, "12 times")]
    [InlineData(239.8, "241 times")]
    [InlineData(-0.371, "−37.1 %")]
    [InlineData(-1, "−100 %")]
    [InlineData(0, "0 %")]
    [InlineData(-0.0001, "0 %")]
    [InlineData(double.NaN, "–")]
    public void A_change_is_a_percentage_up_to_ten_times_and_a_factor_above(double ratio, string text) => Assert.Equal(text, Format.Change(ratio));

    [Theory]
    [InlineData(1, "100 %")]
    [InlineData(0.9999, "> 99.9 %")]
    [InlineData(0.0001, "< 0.1 %")]
    [InlineData(0.987, "98.7 %")]
    public void A_ratio_never_says_all_when_something_is_missing(double ratio, string text) => Assert.Equal(text, Format.Ratio(ratio));

    [Theory]
    [InlineData(12.34, "12.3 /s")]
    [InlineData(0.5, "30 /min")]
    [InlineData(0.001, "3.6 /h")]
    public void A_slow_rate_is_said_per_minute_or_hour(double perSecond, string text) => Assert.Equal(text, Format.Rate(perSecond));

    [Theory]
    [InlineData(1234.6, "1,235")]
    [InlineData(double.NaN, "–")]
    public void A_computed_count_is_rounded(double value, string text) => Assert.Equal(text, Format.Count(value));

    [Theory]
    [InlineData(0.05, "share", "0.05")]
    [InlineData(1234.25, "s", "1,234.25 s")]
    [InlineData(85, "%", "85 %")]
    public void A_configured_value_is_written_in_full(double value, string unit, string text) => Assert.Equal(text, Format.Exact(value, unit));

    [Theory]
    [InlineData(0.987, "share", "98.7 %")]
    [InlineData(-0.01, "%", "0 %")]
    [InlineData(-0.4, "bytes", "0 B")]
    [InlineData(2.5, "ratio", "2.5 times")]
    [InlineData(1536, "MiB", "1.5 GiB")]
    [InlineData(2048, "B/s", "2 KiB/s")]
    [InlineData(61.26, "°C", "61.3 °C")]
    public void A_value_reads_with_its_unit(double value, string unit, string text) => Assert.Equal(text, Format.Value(value, unit));

    [Theory]
    [InlineData("%")]
    [InlineData("s")]
    [InlineData("share")]
    [InlineData("B/s")]
    [InlineData("GiB")]
    [InlineData("bytes")]
    [InlineData("bytes/s")]
    [InlineData("/s")]
    [InlineData("ratio")]
    [InlineData("W")]
    [InlineData(null)]
    public void What_is_unknown_is_a_dash_in_every_unit(string? unit)
    {
        Assert.Equal("–", Format.Value(null, unit));
        Assert.Equal("–", Format.Value(double.NaN, unit));
        Assert.Equal("–", Format.Value(double.PositiveInfinity, unit));
    }

    [Fact]
    public void A_number_comes_apart_from_its_unit()
    {
        Assert.Equal(("1.2", "MiB/s"), Format.Split(1234567, "bytes/s"));
        Assert.Equal(("2 m 05", "s"), Format.Split(125, "s"));
        Assert.Equal(("–", ""), Format.Split(null, "%"));
    }

    [Theory]
    [InlineData(2, "just now")]
    [InlineData(42, "42 s ago")]
    [InlineData(200, "3 min ago")]
    [InlineData(-7300, "in 2 h")]
    [InlineData(432000, "5 d ago")]
    public void A_moment_is_said_in_words(int secondsAgo, string text) =>
        Assert.Equal(text, RelativeTime.Text(PortalContext.Noon.AddSeconds(-secondsAgo), PortalContext.Noon));
}
