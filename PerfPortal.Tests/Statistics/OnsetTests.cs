using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class OnsetTests
{
    [Fact]
    public void The_excess_begins_with_the_first_step_beyond_the_limit()
    {
        Assert.Equal(3, Of(0.1, (10, 0), (10, 1), (10, 0), (10, 4), (10, 3), (10, 5)));
        Assert.Null(Of(0.1, (10, 0), (0, 0)));
        Assert.Null(Of(0.1));
        Assert.Equal(0, Of(0.1, (1, 1)));
    }

    [Fact]
    public void Further_steps_beyond_the_limit_and_short_pauses_leave_it_where_it_is()
    {
        (double, double)[] steps = [(10, 0), (10, 0), (10, 5), (10, 5), (10, 0), (10, 5)];
        Assert.Equal(2, Of(0.1, steps));
        Assert.Equal(2, Of(0.1, [.. steps, (10, 5), (10, 0), (0, 0)]));
    }

    [Fact]
    public void What_was_over_for_longer_than_it_lasted_is_not_the_onset() =>
        Assert.Equal(7, Of(0.5, (10, 10), (10, 0), (10, 0), (10, 0), (10, 0), (10, 0), (10, 0), (10, 9), (10, 9)));

    [Fact]
    public void A_window_in_which_the_condition_did_not_hold_ends_the_search()
    {
        // Without a window the large old excess would outweigh the quiet steps.
        (double, double)[] steps = [(1000, 1000), (1000, 1000), (10, 0), (10, 0), (10, 0), (10, 0), (10, 3), (10, 3)];
        Assert.Equal(0, Of(0.1, steps));
        Assert.Equal(6, Onset.Of([.. steps.Select(step => new OnsetStep(step.Item1, step.Item2))], 0.1, window: 3));
    }

    private static int? Of(double limit, params (double Count, double Beyond)[] steps) => Onset.Of([.. steps.Select(step => new OnsetStep(step.Count, step.Beyond))], limit);
}
