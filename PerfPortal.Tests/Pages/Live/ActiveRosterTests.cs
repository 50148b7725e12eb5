using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Live;
using Xunit;
using static PerfPortal.Tests.Views.Operations.SampleOperations;

namespace PerfPortal.Tests.Pages.Live;

public sealed class ActiveRosterTests
{
    [Fact]
    public void An_operation_that_ended_keeps_its_place_for_a_moment_and_says_how_it_ended()
    {
        var roster = new ActiveRoster();
        roster.Update([Row(1), Row(2), Row(3)], [], Noon);
        roster.Update([Row(1), Row(3)], [Ended(2, status: OperationStatus.Failed)], Noon.AddSeconds(1));

        Assert.Equal([Id(1), Id(2), Id(3)], roster.Rows.Select(row => row.Operation.Id));
        Assert.Equal([null, OperationStatus.Failed, null], roster.Rows.Select(row => row.LeftAs));
    }

    [Fact]
    public void It_is_gone_when_its_moment_is_over_with_or_without_news()
    {
        var roster = new ActiveRoster();
        roster.Update([Row(1), Row(2)], [], Noon);
        roster.Update([Row(1)], [Ended(2)], Noon);
        roster.Settle(Noon + ActiveRoster.EndedRowLifetime - TimeSpan.FromTicks(1));
        Assert.Equal(2, roster.Rows.Count);
        roster.Settle(Noon + ActiveRoster.EndedRowLifetime);
        Assert.Equal([Id(1)], roster.Rows.Select(row => row.Operation.Id));
    }

    [Fact]
    public void News_do_not_prolong_the_moment()
    {
        var roster = new ActiveRoster();
        roster.Update([Row(1)], [], Noon);
        roster.Update([], [Ended(1)], Noon);
        roster.Update([], [Ended(1)], Noon.AddSeconds(2));
        Assert.Single(roster.Rows);
        roster.Update([], [Ended(1)], Noon.AddSeconds(3));
        Assert.Empty(roster.Rows);
    }

    [Fact]
    public void A_row_that_is_no_longer_asked_for_goes_at_once()
    {
        var roster = new ActiveRoster();
        roster.Update([Row(1), Row(2)], [], Noon);
        roster.Update([Row(1)], [], Noon);
        Assert.Equal([Id(1)], roster.Rows.Select(row => row.Operation.Id));
    }

    [Fact]
    public void A_new_operation_stands_below_those_that_run_longer()
    {
        var roster = new ActiveRoster();
        roster.Update([Row(2)], [], Noon);
        roster.Update([Row(3), Row(2)], [], Noon);
        Assert.Equal([Id(2), Id(3)], roster.Rows.Select(row => row.Operation.Id));
    }
}
