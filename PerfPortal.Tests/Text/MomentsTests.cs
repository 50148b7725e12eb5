using PerfPortal.Domain.Text;
using Xunit;

namespace PerfPortal.Tests.Text;

public sealed class MomentsTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 30, 4, 19, 40, TimeSpan.FromHours(2));

    [Fact]
    public void A_moment_is_written_in_UTC_to_the_minute() => Assert.Equal("2026-11-30 02:19 UTC", Moments.Text(At));

    [Fact]
    public void The_moments_of_a_sentence_are_written_for_its_reader_and_nothing_else_changes()
    {
        string sentence = $"It rose from 3.5 s to 4 s at {Moments.Text(At)}; before {Moments.Text(At.AddDays(-1))} nothing. 2026-13-41 25:61 UTC and 2026-11-30 02:19 stay.";
        Assert.Equal(
            "It rose from 3.5 s to 4 s at <30 02:19>; before <29 02:19> nothing. 2026-13-41 25:61 UTC and 2026-11-30 02:19 stay.",
            Moments.Replace(sentence, at => $"<{at:dd HH:mm}>"));
    }
}
