using PerfPortal.Domain.Alerts;
using Xunit;

namespace PerfPortal.Tests.Alerts;

public sealed class AlertTimesTests
{
    [Theory]
    [InlineData(42, "42.0 s")]
    [InlineData(61, "1 min")]
    [InlineData(3_540, "59 min")]
    [InlineData(7_210, "2 h")]
    [InlineData(7_500, "2 h 05 m")]
    [InlineData(259_260, "3 d")]
    [InlineData(266_400, "3 d 02 h")]
    public void What_is_evaluated_once_a_minute_lasted_whole_minutes(int seconds, string text) => Assert.Equal(text, AlertTimes.Lasted(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(60, "1 min")]
    [InlineData(125, "2 m 05 s")]
    [InlineData(86_400, "1 d")]
    public void A_time_has_no_part_that_is_zero(int seconds, string text) => Assert.Equal(text, AlertTimes.Exact(TimeSpan.FromSeconds(seconds)));
}
