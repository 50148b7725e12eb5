using System.Globalization;
using FsCheck.Xunit;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class TimeRangeParserTests
{
    private const string Berlin = "Europe/Berlin";

    [Theory]
    [InlineData("2026-01-31T08:00:00Z", null, "2026-06-17T12:34:56.789Z", "2026-01-31T08:00:00Z")]
    [InlineData("2026-01-31t08:00:00.25z", null, "2026-06-17T12:34:56.789Z", "2026-01-31T08:00:00.25Z")]
    [InlineData("2026-01-31T08:00:00.123456789+01:30", null, "2026-06-17T12:34:56.789Z", "2026-01-31T06:30:00.1234567Z")]
    [InlineData("2026-01-31T08:00:00 01:00", null, "2026-06-17T12:34:56.789Z", "2026-01-31T07:00:00Z")]
    [InlineData("1767225600000", null, "2026-06-17T12:34:56.789Z", "2026-01-01T00:00:00Z")]
    [InlineData("0", null, "2026-06-17T12:34:56.789Z", "1970-01-01T00:00:00Z")]
    [InlineData("1767225600", null, "2026-06-17T12:34:56.789Z", "2026-01-01T00:00:00Z")]
    [InlineData("1767225600.25", null, "2026-06-17T12:34:56.789Z", "2026-01-01T00:00:00.25Z")]
    [InlineData("100000000000", null, "2026-06-17T12:34:56.789Z", "1973-03-03T09:46:40Z")]
    [InlineData("now-24h", null, "2026-06-17T12:34:56.789Z", "2026-06-16T12:34:56.789Z")]
    [InlineData("now-1d/d", null, "2026-06-17T12:34:56.789Z", "2026-06-16T00:00:00Z")]
    [InlineData("now/s", null, "2026-06-17T12:34:56.789Z", "2026-06-17T12:34:56Z")]
    [InlineData("now/m", null, "2026-06-17T12:34:56.789Z", "2026-06-17T12:34:00Z")]
    [InlineData("now/h", null, "2026-06-17T12:34:56.789Z", "2026-06-17T12:00:00Z")]
    [InlineData("now/h", "Asia/Kolkata", "2026-06-17T12:34:56.789Z", "2026-06-17T12:30:00Z")]
    [InlineData("now/w", null, "2026-06-17T12:34:56.789Z", "2026-06-15T00:00:00Z")]
    [InlineData("now/w", null, "2026-06-21T12:00:00Z", "2026-06-15T00:00:00Z")]
    [InlineData("now/M", null, "2026-06-17T12:34:56.789Z", "2026-06-01T00:00:00Z")]
    [InlineData("now/y", Berlin, "2026-06-17T12:34:56.789Z", "2025-12-31T23:00:00Z")]
    [InlineData("now/y", Berlin, "2025-12-31T23:30:00Z", "2025-12-31T23:00:00Z")]
    [InlineData("now-1M", null, "2026-03-31T06:00:00Z", "2026-02-28T06:00:00Z")]
    [InlineData("now-1y", null, "2028-02-29T06:00:00Z", "2027-02-28T06:00:00Z")]
    [InlineData("now/d", Berlin, "2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z")]
    [InlineData("now/d", Berlin, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z")]
    [InlineData("now-1d", Berlin, "2026-03-29T10:00:00Z", "2026-03-28T11:00:00Z")]
    [InlineData("now-24h", Berlin, "2026-03-29T10:00:00Z", "2026-03-28T10:00:00Z")]
    [InlineData("now-1d", Berlin, "2026-03-30T00:30:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("now-1d", Berlin, "2026-10-26T01:30:00Z", "2026-10-25T01:30:00Z")]
    [InlineData("now-1w", Berlin, "2026-10-26T11:00:00Z", "2026-10-19T10:00:00Z")]
    [InlineData("now/d", "America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z")]
    public void A_time_is_read(string from, string? zone, string now, string expected)
    {
        var range = Good(new RangeRequest(from, null, null, zone), At(now));
        Assert.Equal(At(expected), range.From);
        Assert.Equal(TimeSpan.Zero, range.From.Offset);
        Assert.Equal(At(now), range.To);
    }

    [Fact]
    public void The_end_and_the_window_are_read()
    {
        var now = At("2026-06-17T12:00:00Z");
        Assert.Equal(new TimeRange(now.AddHours(-6), now), Good(default, now));
        Assert.Equal(new TimeRange(now.AddMinutes(-15), now), Good(new RangeRequest(null, " ", "15m", null), now));
        Assert.Equal(new TimeRange(now.AddDays(-7), now), Good(new RangeRequest(null, null, "7d", null), now));
        Assert.Equal(new TimeRange(now.AddHours(-1), now.AddMinutes(5)), Good(new RangeRequest("now-1h", "now+5m", null, null), now));
        Assert.Equal(new TimeRange(now.AddHours(-1), now.AddMinutes(5)), Good(new RangeRequest("now-1h", "now 5m", null, null), now));
        Assert.Equal(new TimeRange(now.AddHours(-7), now.AddHours(-1)), Good(new RangeRequest(null, "now-1h", null, null), now));
        Assert.Equal(At("2026-03-28T11:00:00Z"), Good(new RangeRequest(null, null, "1d", Berlin), At("2026-03-29T10:00:00Z")).From);
    }

    [Theory]
    [InlineData("2026-01-31", null, null, null, "from")]
    [InlineData("2026-01-31T08:00:00", null, null, null, "from")]
    [InlineData("2026-02-30T08:00:00Z", null, null, null, "from")]
    [InlineData("yesterday", null, null, null, "from")]
    [InlineData("now-", null, null, null, "from")]
    [InlineData("now-1", null, null, null, "from")]
    [InlineData("now-1q", null, null, null, "from")]
    [InlineData("now/", null, null, null, "from")]
    [InlineData("now-9999999999h", null, null, null, "from")]
    [InlineData("now-999999999y", null, null, null, "from")]
    [InlineData("-1", null, null, null, "from")]
    [InlineData("99999999999", null, null, null, "from")]
    [InlineData("1767225600.", null, null, null, "from")]
    [InlineData("99999999999999999999999", null, null, null, "from")]
    [InlineData("1969-12-31T23:59:59Z", null, null, null, "from")]
    [InlineData("0001-01-01T00:00:00+14:00", null, null, null, "from")]
    [InlineData("now+1h", null, null, null, "from")]
    [InlineData("now-1h", "now-1h", null, null, "to")]
    [InlineData(null, "2201-01-02T00:00:00Z", null, null, "to")]
    [InlineData(null, "0", null, null, "to")]
    [InlineData(null, null, "0h", null, "window")]
    [InlineData(null, null, "-5m", null, "window")]
    [InlineData(null, null, "5", null, "window")]
    [InlineData(null, null, "99y", null, "window")]
    [InlineData("now-1h", null, "1h", null, "window")]
    [InlineData(null, null, null, "Mars/Olympus", "tz")]
    [InlineData(null, null, null, "../../etc/passwd", "tz")]
    [InlineData("x", "y", "z", "?", "tz window window to from")]
    public void A_mistake_names_its_field(string? from, string? to, string? window, string? zone, string fields)
    {
        Assert.False(TimeRangeParser.TryParse(new RangeRequest(from, to, window, zone), At("2026-06-17T12:00:00Z"), TimeSpan.FromHours(6), out var range, out var errors));
        Assert.Equal(default, range);
        Assert.Equal(fields, string.Join(' ', errors.Select(error => error.Field)));
        Assert.All(errors, error => Assert.NotEmpty(error.Detail));
    }

    [Property(MaxTest = 1000)]
    public void Nothing_written_makes_it_throw(string? from, string? to, string? window, string? zone)
    {
        TimeRangeParser.TryParse(new RangeRequest(from, "now" + to, window, zone), At("2026-06-17T12:00:00Z"), TimeSpan.FromHours(6), out var range, out var errors);
        Assert.True(errors.Count > 0 || range.From < range.To);
    }

    [Fact]
    public void A_range_is_half_open_and_knows_the_one_before()
    {
        var from = At("2026-01-01T00:00:00Z");
        var range = new TimeRange(from, from.AddDays(1));
        Assert.True(range.Contains(from));
        Assert.False(range.Contains(range.To));
        Assert.Equal(new TimeRange(from.AddDays(-1), from), range.Previous);
    }

    private static TimeRange Good(RangeRequest request, DateTimeOffset now)
    {
        Assert.True(TimeRangeParser.TryParse(request, now, TimeSpan.FromHours(6), out var range, out var errors), string.Join(' ', errors));
        Assert.Empty(errors);
        return range;
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
