using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Operations;

public sealed class UnixTimeTests
{
    [Theory]
    [InlineData("1795960000", "2026-11-29T13:46:40Z")]
    [InlineData("1795960000.5", "2026-11-29T13:46:40.5Z")]
    [InlineData("1795960000.1234567890123", "2026-11-29T13:46:40.1234567Z")]
    [InlineData("1795960000500", "2026-11-29T13:46:40.5Z")]
    [InlineData("1.79596e9", "2026-11-29T13:46:40Z")]
    [InlineData("99999999999", "5138-11-16T09:46:39Z")]
    [InlineData("100000000000", "1973-03-03T09:46:40Z")]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("-1.5", "1969-12-31T23:59:58.5Z")]
    [InlineData("1795960000000000000", "9999-12-31T23:59:59.9999999Z")]
    [InlineData("-99999999999", "0001-01-01T00:00:00Z")]
    public void Seconds_and_from_a_hundred_billion_on_milliseconds_are_read(string text, string expected)
    {
        Assert.True(UnixTime.TryParse(text, out var time));
        Assert.True(UnixTime.TryParse(Encoding.UTF8.GetBytes(text), out var same));
        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), time);
        Assert.Equal(time, same);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\0")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("NaN")]
    [InlineData("1e999999")]
    [InlineData("2026-11-29")]
    [InlineData("99999999999999999999999999999999999")]
    public void What_is_no_number_is_no_time(string text)
    {
        Assert.False(UnixTime.TryParse(text, out _));
        Assert.False(UnixTime.TryParse(Encoding.UTF8.GetBytes(text), out _));
    }

    [Property]
    public bool Text_and_bytes_are_read_alike(string? text) =>
        UnixTime.TryParse(text, out var time) == UnixTime.TryParse(Encoding.UTF8.GetBytes(text ?? ""), out var same) && time == same;
}
