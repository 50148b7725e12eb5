using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Client;
using Xunit;

namespace PerfPortal.Tests.Client;

public sealed class PortalConnectionTests
{
    private readonly FakeTimeProvider _clock = new();
    private double _random = 1;

    [Fact]
    public void Delays_double_up_to_half_a_minute_and_are_spread_over_their_whole_length()
    {
        var connection = Make();
        var waits = new List<double>();
        for (int i = 0; i < 9; i++)
        {
            connection.Failed(Away());
            waits.Add(connection.Wait.TotalSeconds);
            _clock.Advance(connection.Wait);
        }

        Assert.Equal([1, 2, 4, 8, 16, 30, 30, 30, 30], waits);
        _random = 0.25;
        connection.Failed(Away());
        Assert.Equal(7.5, connection.Wait.TotalSeconds);
        _clock.Advance(connection.Wait);
        _random = 0;
        connection.Failed(Away());
        Assert.Equal(0.1, connection.Wait.TotalSeconds);
        _clock.Advance(connection.Wait);
        connection.Succeeded();
        _random = 1;
        connection.Failed(Away());
        Assert.Equal(1, connection.Wait.TotalSeconds);
    }

    [Fact]
    public void Requests_that_fail_together_count_once()
    {
        var connection = Make();
        connection.Failed(Away());
        connection.Failed(Away());
        connection.Failed(Away());
        Assert.Equal(1, connection.Wait.TotalSeconds);
    }

    [Theory]
    [InlineData(40, 0, 40)]
    [InlineData(40, 1, 45)]
    [InlineData(0, 1, 1)]
    [InlineData(86_400, 0, 300)]
    public void What_the_portal_asks_for_is_honoured_within_bounds_and_a_little_later(double asked, double random, double expected)
    {
        _random = random;
        var connection = Make();
        connection.Failed(Away() with { RetryAfter = TimeSpan.FromSeconds(asked) });
        Assert.Equal(expected, connection.Wait.TotalSeconds);
        connection.TryNow();
        Assert.Equal(expected, connection.Wait.TotalSeconds);
    }

    [Fact]
    public void A_refusal_is_tried_again_after_half_a_minute()
    {
        _random = 0;
        var connection = Make();
        connection.Failed(new(AnswerKind.Refused, [], "401"));
        Assert.Equal(30, connection.Wait.TotalSeconds);
        connection.TryNow();
        Assert.Equal(0, connection.Wait.TotalSeconds);
    }

    private static PortalAnswer Away() => new(AnswerKind.Unavailable, [], "away");

    private PortalConnection Make() => new(new("http://portal.example"), _clock, () => _random, NullLogger.Instance);
}
