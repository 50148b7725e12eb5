using PerfPortal.Server.Text;
using Xunit;

namespace PerfPortal.Tests.Text;

public sealed class StepWordsTests
{
    [Theory]
    [InlineData(1, "minute")]
    [InlineData(30, "30 minutes")]
    [InlineData(60, "hour")]
    [InlineData(180, "3 hours")]
    [InlineData(1440, "day")]
    [InlineData(2880, "2 days")]
    public void A_step_follows_per_in_words(int minutes, string words) => Assert.Equal(words, StepWords.Of(TimeSpan.FromMinutes(minutes)));
}
