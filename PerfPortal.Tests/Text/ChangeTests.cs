using PerfPortal.Domain.Text;
using Xunit;

namespace PerfPortal.Tests.Text;

public sealed class ChangeTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData(0.0, "0 %")]
    [InlineData(0.125, "+12.5 %")]
    [InlineData(2.37, "+237 %")]
    [InlineData(9.0, "+900 %")]
    [InlineData(13.3, "14.3 times")]
    [InlineData(239.8, "241 times")]
    [InlineData(-0.371, "−37.1 %")]
    public void A_change_is_a_percentage_and_above_ten_times_a_factor(double? ratio, string text) => Assert.Equal(text, Format.Change(ratio));
}
