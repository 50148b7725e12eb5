using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using Xunit;

namespace PerfPortal.Tests.Contract;

public abstract partial class StoreContract
{
    private static readonly string[] Others = ["alpha", "beta"];

    [Fact]
    public async Task After_the_removal_of_a_source_every_reader_answers_as_if_it_had_never_reported()
    {
        await ReportAllAsync(Of("alpha", 40), Of("beta", 40));
        string before = await AnswersAsync();
        await ReportAllAsync(Of("gone", 40));
        Assert.NotEqual(before, await AnswersAsync());
        Assert.Equal(41, (await RemoveAsync("gone")).Operations);
        Assert.Equal(before, await AnswersAsync());
        Assert.Equal(["common", "only alpha", "only beta"], _directory.Names.All.Order(StringComparer.Ordinal));
        await ReopenAsync();
        Assert.Equal(before, await AnswersAsync());
        Assert.Equal(["common", "only alpha", "only beta"], _directory.Names.All.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_removal_holds_from_its_first_transaction_and_a_restart_continues_what_it_left()
    {
        await ReportAllAsync(Of("alpha", 40), Of("beta", 40));
        string before = await AnswersAsync();
        await ReportAllAsync(Of("gone", 40));
        Assert.NotNull((await Sources.HideSourceAsync("gone", Token)).Number);
        Assert.Equal(before, await AnswersAsync());
        await ReopenAsync();
        Assert.Equal(before, await AnswersAsync());
        for (int steps = 1; await Sources.DeleteHiddenAsync(Token) is not null; steps++)
        {
            Assert.Equal(before, await AnswersAsync());
            Assert.InRange(steps, 1, 1_000);
            if (steps % 2 == 0)
            {
                await ReopenAsync();
            }

            if (steps == 3)
            {
                break;
            }
        }

        while (await Sources.DeleteHiddenAsync(Token) is not null)
        {
        }

        Assert.Empty(_directory.Sources.Hidden);
        Assert.Equal(before, await AnswersAsync());
    }

    [Fact]
    public async Task A_source_that_was_removed_can_report_the_same_operations_again()
    {
        await ReportAllAsync(Of("alpha", 20));
        var again = Of("gone", 20);
        await ReportAllAsync(again);
        string before = await AnswersAsync("gone");
        await Sources.HideSourceAsync("gone", Token);
        Assert.All(await EndAsync([.. again.OfType<OperationEnded>().Select(entry => entry.Operation)]), result => Assert.Equal(EntryOutcome.Stored, result.Outcome));
        await Store.RebuildRollupsAsync(await Store.ReadDirtyMinutesAsync(Token), Token);
        await Store.CommitAsync([.. again.Where(entry => entry is not OperationEnded)], Token);
        Assert.Equal(before, await AnswersAsync("gone"));
        while (await Sources.DeleteHiddenAsync(Token) is not null)
        {
        }

        Assert.Equal(before, await AnswersAsync("gone"));
        Assert.Equal(EntryOutcome.Duplicate, (await EndAsync(again.OfType<OperationEnded>().First().Operation))[0].Outcome);
    }

    [Fact]
    public async Task An_unknown_source_cannot_be_removed_and_one_that_only_runs_can()
    {
        Assert.Null(await TryRemoveAsync("gone"));
        var running = Op(5, source: "gone") with { EndTime = null, Status = OperationStatus.Running };
        await Store.CommitAsync([new OperationRunning(running), new OperationRunning(running with { Id = Guid.NewGuid(), Source = "alpha" })], Token);
        var removal = await TryRemoveAsync("gone");
        Assert.Equal(1, removal!.Running);
        Assert.Equal("alpha", Assert.Single(await Operations.ReadRunningAsync(Token)).Source);
    }

    [Fact]
    public async Task A_running_operation_that_is_forgotten_is_not_restored()
    {
        var running = Op(5) with { EndTime = null, Status = OperationStatus.Running };
        await Store.CommitAsync([new OperationRunning(running)], Token);
        await Store.CommitAsync([new RunningForgotten(running.Id), new RunningForgotten(Guid.NewGuid())], Token);
        Assert.Empty(await Operations.ReadRunningAsync(Token));
    }

    [Fact]
    public async Task A_minute_that_is_rebuilt_while_a_source_is_being_removed_keeps_the_figures_of_the_others()
    {
        await ReportAllAsync(Of("alpha", 30));
        await ReportAllAsync(Of("gone", 30));
        await Sources.HideSourceAsync("gone", Token);
        await Sources.DeleteHiddenAsync(Token);
        var late = Op(10, source: "alpha", name: "common");
        await EndAsync(late);
        await Store.RebuildRollupsAsync(await Store.ReadDirtyMinutesAsync(Token), Token);
        while (await Sources.DeleteHiddenAsync(Token) is not null)
        {
        }

        var all = Of("alpha", 30).OfType<OperationEnded>().Select(entry => entry.Operation).Append(late).ToList();
        AssertRollups(await RollupsAsync(RollupResolution.Minute), RollupResolution.Minute, all);
        AssertRollups(await RollupsAsync(RollupResolution.Hour), RollupResolution.Hour, all);
    }

    /// <summary>What a source reports: every outcome, a name of its own, samples, and an operation that runs. The same again for the same source.</summary>
    private static List<JournalEntry> Of(string source, int count)
    {
        var random = new Random(source[0]);
        var entries = new List<JournalEntry>
        {
            new OperationRunning(Op(1, source: source, id: Id(random)) with { EndTime = null, Status = OperationStatus.Running }),
            new OperationEnded(Op(30, 2, "only " + source, source, id: Id(random))),
        };
        for (int i = 0; i < count; i++)
        {
            var operation = Op(
                random.Next(7_200), Math.Round(random.NextDouble() * 10, 3), "common", source, (MetricType)random.Next(3), (OperationStatus)random.Next(1, 5), Id(random));
            entries.Add(new OperationEnded(operation with { Metadata = Metadata.Empty.With([new("tokens", MetadataValue.From(random.Next(100)))]) }));
            entries.Add(new SampleTaken(new(source, Noon.AddSeconds(i * 40)) { [ResourceMetric.CpuPercent] = random.Next(100) }, TimeSpan.FromSeconds(40)));
        }

        return entries;
    }

    private static Guid Id(Random random)
    {
        byte[] bytes = new byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    private async Task ReportAllAsync(params List<JournalEntry>[] reports)
    {
        var journal = Journal(new(TimeProvider.System));
        var run = journal.RunAsync(Token);
        foreach (var report in reports)
        {
            await journal.SubmitAsync(report, Token);
        }

        journal.Close();
        await run;
    }

    private async Task<DeletedData> RemoveAsync(string source)
    {
        var removal = await TryRemoveAsync(source);
        return await removal!.Deleted;
    }

    private async Task<SourceRemoval?> TryRemoveAsync(string source)
    {
        var journal = Journal(new(TimeProvider.System));
        var run = journal.RunAsync(Token);
        var removal = await journal.RemoveSourceAsync(source, Token);
        if (removal is not null)
        {
            await removal.Deleted;
        }

        journal.Close();
        await run;
        return removal;
    }

    private Task<string> AnswersAsync(params string[] sources) => StoreAnswers.OfAsync(Operations, Resources, [.. Others, .. sources], Token);
}
