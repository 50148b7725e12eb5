using System.Text.Json;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Contract;

public abstract partial class StoreContract
{
    [Fact]
    public async Task An_operation_is_found_whole()
    {
        var operation = Op(5, 1.234567, "Übersetzen 模型 🚀", "höst", MetricType.DownloadOperation, OperationStatus.Failed) with
        {
            ErrorType = "IOError",
            ErrorMessage = "Größe «ß» \"quoted\" ' 💥\r\nsecond line",
            Progress = new(3.5, null, "bytes"),
            Metadata = Metadata.Of([
                new("flag", MetadataValue.From(true)), new("whole", MetadataValue.From(long.MaxValue)), new("number", MetadataValue.From(0.1)), new("seed", MetadataValue.FromDigits("18446744073709551557")),
                new("text", MetadataValue.From("läuft \u0001 \U0001F600")), new("list", MetadataValue.From(JsonDocument.Parse("""{"a":[1,"b"]}""").RootElement))]),
            ResourceUsage = new Dictionary<string, double> { ["start_cpu_percent"] = 12.5 },
            TraceId = "0123456789abcdef0123456789abcdef",
            SpanId = "0123456789abcdef",
            ParentId = "parent",
            LastHeartbeatAt = Noon.AddSeconds(4),
            Events = [new(Noon, "started", null), new(Noon.AddTicks(10), "completed", "so «it» ended")],
        };
        await EndAsync(operation);
        AssertSame(operation, await Operations.FindAsync(operation.Id, Token));
        Assert.Null(await Operations.FindAsync(Guid.NewGuid(), Token));
        await ReopenAsync();
        AssertSame(operation, await Operations.FindAsync(operation.Id, Token));
    }

    [Fact]
    public async Task An_operation_without_details_comes_back_without_them()
    {
        var operation = Op(5);
        await EndAsync(operation);
        AssertSame(operation, await Operations.FindAsync(operation.Id, Token));
    }

    [Fact]
    public async Task The_same_id_counts_once()
    {
        var operation = Op(1);
        var again = Op(90, 7, id: operation.Id);
        var results = await EndAsync(operation, again);
        Assert.Equal([EntryOutcome.Stored, EntryOutcome.Duplicate], results.Select(result => result.Outcome));
        AssertSame(operation, results[1].Existing);
        results = await EndAsync(again, Op(2));
        Assert.Equal([EntryOutcome.Duplicate, EntryOutcome.Stored], results.Select(result => result.Outcome));
        AssertSame(operation, results[0].Existing);
        AssertSame(operation, await Operations.FindAsync(operation.Id, Token));
        Assert.Equal(2, (await ScanAsync(Always)).Count);
        Assert.Equal([RollupBuckets.Of(RollupResolution.Minute, Noon)], await Store.ReadDirtyMinutesAsync(Token));
    }

    [Fact]
    public async Task Thousands_may_end_in_one_microsecond()
    {
        var operations = Enumerable.Range(0, 5000).Select(i => Op(59, 1 + (i % 7)) with { EndTime = Noon.AddSeconds(60).AddTicks(-10) }).ToArray();
        var neighbour = Op(60);
        foreach (var part in operations.Chunk(4096))
        {
            Assert.All(await EndAsync(part), result => Assert.Equal(EntryOutcome.Stored, result.Outcome));
        }

        await EndAsync(neighbour);
        Assert.All(await EndAsync(operations[..100]), result => Assert.Equal(EntryOutcome.Duplicate, result.Outcome));
        var minute = await ScanAsync(new(Noon, Noon.AddMinutes(1)));
        Assert.Equal(operations.Select(operation => operation.Id).Order(), minute.Select(operation => operation.Id).Order());
        Assert.All(minute, operation => Assert.Equal(Noon.AddSeconds(60).AddTicks(-10), operation.EndTime));
        Assert.Equal(neighbour.Id, Assert.Single(await ScanAsync(new(Noon.AddMinutes(1), Noon.AddMinutes(2)))).Id);

        await ReopenAsync();
        await Store.RebuildRollupsAsync(await Store.ReadDirtyMinutesAsync(Token), Token);
        AssertRollups(await RollupsAsync(RollupResolution.Minute), RollupResolution.Minute, [.. operations, neighbour]);
    }

    [Fact]
    public async Task Ids_that_share_their_low_half_are_two()
    {
        Guid[] ids = [.. Enumerable.Range(0, 20).Select(i => new Guid($"0000000{i % 10}-000{i / 10}-7000-8000-00000000abcd"))];
        Assert.All(await EndAsync([.. ids.Take(10).Select(id => Op(1, id: id))]), result => Assert.Equal(EntryOutcome.Stored, result.Outcome));
        Assert.All(await EndAsync([.. ids.Skip(10).Select(id => Op(1, id: id))]), result => Assert.Equal(EntryOutcome.Stored, result.Outcome));
        foreach (var id in ids)
        {
            Assert.Equal(id, (await Operations.FindAsync(id, Token))?.Id);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_late_completion_takes_the_place_of_an_abandoned_one(bool inOneBatch)
    {
        var abandoned = Op(30, status: OperationStatus.Abandoned);
        var completed = Op(400, 371, id: abandoned.Id);
        var results = inOneBatch ? await EndAsync(abandoned, completed) : [.. await EndAsync(abandoned), .. await EndAsync(completed)];
        Assert.Equal([EntryOutcome.Stored, EntryOutcome.ReplacedAbandoned], results.Select(result => result.Outcome));
        AssertSame(abandoned, results[1].Existing);
        Assert.Equal(EntryOutcome.Duplicate, (await EndAsync(abandoned))[0].Outcome);
        AssertSame(completed, Assert.Single(await ScanAsync(Always)));
        long minute = RollupBuckets.Of(RollupResolution.Minute, Noon);
        Assert.Equal([minute, minute + 6], await Store.ReadDirtyMinutesAsync(Token));
    }

    [Fact]
    public async Task Counts_are_right_when_an_abandoned_one_completes_after_all()
    {
        var abandoned = Op(30, status: OperationStatus.Abandoned);
        var other = Op(31, status: OperationStatus.Abandoned);
        var completed = Op(400, 371, id: abandoned.Id);
        await ReportAsync(abandoned, other);
        await ReportAsync(completed);
        AssertRollups(await RollupsAsync(RollupResolution.Minute), RollupResolution.Minute, [other, completed]);
        AssertRollups(await RollupsAsync(RollupResolution.Hour), RollupResolution.Hour, [other, completed]);
    }

    [Fact]
    public async Task A_running_operation_is_kept_until_it_ends()
    {
        var running = Op(0) with { EndTime = null, Status = OperationStatus.Running, Progress = new(1, 10, "files"), LastHeartbeatAt = Noon };
        var other = running with { Id = Guid.NewGuid(), Name = "other" };
        await Store.CommitAsync([new OperationRunning(running), new OperationRunning(other)], Token);
        var further = running with { Progress = new(5, 10, "files") };
        await Store.CommitAsync([new OperationRunning(further)], Token);
        await ReopenAsync();
        var read = await Operations.ReadRunningAsync(Token);
        Assert.Equal(2, read.Count);
        AssertSame(further, read.Single(operation => operation.Id == running.Id));

        await Store.CommitAsync([new OperationEnded(Op(9, id: running.Id)), new OperationRunning(other with { Progress = new(2, null, null) }), new OperationEnded(Op(9, id: other.Id))], Token);
        Assert.Empty(await Operations.ReadRunningAsync(Token));
    }

    [Fact]
    public async Task A_batch_holds_in_whole_or_not_at_all()
    {
        var good = Op(1, name: "only here", source: "only here");
        var bad = Op(2) with { EndTime = null };
        await Assert.ThrowsAnyAsync<Exception>(() => EndAsync(good, bad));
        Assert.Null(await Operations.FindAsync(good.Id, Token));
        Assert.Empty(await Store.ReadDirtyMinutesAsync(Token));
        Assert.Equal(EntryOutcome.Stored, (await EndAsync(good))[0].Outcome);
        await ReopenAsync();
        AssertSame(good, await Operations.FindAsync(good.Id, Token));
    }

    [Fact]
    public async Task A_batch_of_every_kind_of_entry_answers_in_order()
    {
        var first = Op(1);
        var results = await Store.CommitAsync(
            [
                new SampleTaken(new("host", Noon), TimeSpan.FromSeconds(1)), new OperationEnded(first), new OperationRunning(Op(3) with { EndTime = null, Status = OperationStatus.Running }),
                new OperationEnded(first),
            ],
            Token);
        Assert.Equal([EntryOutcome.Stored, EntryOutcome.Stored, EntryOutcome.Stored, EntryOutcome.Duplicate], results.Select(result => result.Outcome));
        Assert.Empty(await Store.CommitAsync([], Token));
    }

    private static void AssertSame(Operation expected, Operation? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Metadata, actual.Metadata);
        Assert.Equal(expected.ResourceUsage, actual.ResourceUsage);
        Assert.Equal(expected.Events, actual.Events);
        Assert.Equal(expected, actual with { Metadata = expected.Metadata, ResourceUsage = expected.ResourceUsage, Events = expected.Events });
    }
}
