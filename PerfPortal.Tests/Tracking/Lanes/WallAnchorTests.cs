using PerfPortal.Domain.Tracking.Lanes;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Tracking.Lanes;

public sealed class WallAnchorTests
{
    [Theory]
    [InlineData(1_000_000_000)]
    [InlineData(10_000_000)]
    [InlineData(1_000_000)]
    [InlineData(24_000_000)]
    [InlineData(3_579_545)]
    public void A_timestamp_says_the_time_of_day_whatever_its_frequency(long frequency)
    {
        var clock = new Clock(frequency) { Timestamp = 5 * frequency };
        var anchor = new WallAnchor(clock);
        long wall = clock.Timestamp + anchor.Offset + (3 * frequency);
        long expected = new DateTimeOffset(2026, 3, 10, 12, 0, 33, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000;
        Assert.InRange(anchor.ToMicroseconds(wall), expected - 1, expected + 1);
        Assert.Equal(3_000_000, anchor.MicrosecondsBetween(clock.Timestamp, clock.Timestamp + (3 * frequency)));
        Assert.Equal(0, anchor.MicrosecondsBetween(clock.Timestamp, clock.Timestamp - 1));
    }

    private sealed class Clock(long frequency) : TimeProvider
    {
        public long Timestamp { get; set; }

        public override long TimestampFrequency => frequency;

        public override DateTimeOffset GetUtcNow() => MemoryJournal.Start;

        public override long GetTimestamp() => Timestamp;
    }
}
