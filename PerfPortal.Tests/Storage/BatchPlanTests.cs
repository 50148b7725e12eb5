using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Storage;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class BatchPlanTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly long Minute = RollupBuckets.Of(RollupResolution.Minute, Noon);

    [Fact]
    public void The_first_of_an_id_is_inserted_and_the_rest_are_duplicates()
    {
        var first = Ended(0);
        var plan = Plan([], new OperationEnded(first), new OperationEnded(Ended(90, id: first.Id)));
        Assert.Same(first, Assert.Single(plan.Inserts));
        Assert.Equal([EntryOutcome.Stored, EntryOutcome.Duplicate], plan.Results.Select(result => result.Outcome));
        Assert.Same(first, plan.Results[1].Existing);
        Assert.Equal([Minute], plan.DirtyMinutes);
    }

    [Fact]
    public void A_stored_operation_stays()
    {
        var stored = Ended(0);
        var plan = Plan([(7, stored)], new OperationEnded(Ended(90, id: stored.Id)));
        Assert.Empty(plan.Inserts);
        Assert.Empty(plan.Deletes);
        Assert.Empty(plan.DirtyMinutes);
        Assert.Same(stored, plan.Results[0].Existing);
    }

    [Fact]
    public void A_stored_abandoned_one_gives_way_once()
    {
        var stored = Ended(0, OperationStatus.Abandoned);
        var completed = Ended(120, id: stored.Id);
        var plan = Plan([(7, stored)], new OperationEnded(completed), new OperationEnded(completed));
        Assert.Equal([7], plan.Deletes);
        Assert.Same(completed, Assert.Single(plan.Inserts));
        Assert.Equal([EntryOutcome.ReplacedAbandoned, EntryOutcome.Duplicate], plan.Results.Select(result => result.Outcome));
        Assert.Same(stored, plan.Results[0].Existing);
        Assert.Equal([Minute, Minute + 2], plan.DirtyMinutes.Order());
    }

    [Fact]
    public void Of_an_abandoned_one_and_its_completion_in_one_batch_only_the_completion_is_inserted()
    {
        var abandoned = Ended(0, OperationStatus.Abandoned);
        var completed = Ended(120, id: abandoned.Id);
        var plan = Plan([], new OperationEnded(abandoned), new OperationEnded(completed));
        Assert.Same(completed, Assert.Single(plan.Inserts));
        Assert.Empty(plan.Deletes);
        Assert.Equal([EntryOutcome.Stored, EntryOutcome.ReplacedAbandoned], plan.Results.Select(result => result.Outcome));
    }

    [Fact]
    public void The_last_word_on_a_running_operation_counts()
    {
        var ends = Running();
        var runs = Running();
        var further = runs with { Progress = new(1, 2, null) };
        var plan = Plan(
            [], new OperationRunning(ends), new OperationRunning(runs), new OperationEnded(Ended(1, id: ends.Id)), new OperationRunning(further),
            new SampleTaken(new ResourceSample("host", Noon), TimeSpan.Zero));
        Assert.Same(further, Assert.Single(plan.Running));
        Assert.Single(plan.Samples);
        Assert.Equal(5, plan.Results.Length);
    }

    [Fact]
    public void An_end_without_a_time_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Plan([], new OperationEnded(Running())));

    private static BatchPlan Plan((long, Operation)[] stored, params JournalEntry[] entries) => new(entries, stored);

    private static Operation Running() => Ended(0) with { EndTime = null, Status = OperationStatus.Running };

    private static Operation Ended(int seconds, OperationStatus status = OperationStatus.Succeeded, Guid? id = null) => new()
    {
        Id = id ?? Guid.NewGuid(),
        MetricType = MetricType.HealthCheck,
        Name = "check",
        Source = "host",
        Status = status,
        StartTime = Noon,
        EndTime = Noon.AddSeconds(seconds),
    };
}
