using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using Xunit;
using static PerfPortal.Tests.Journal.MemoryJournal;

namespace PerfPortal.Tests.Journal;

/// <summary>How the journal carries out removals of sources among everything else that it writes.</summary>
public sealed class SourceRemovalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_reported_before_a_removal_is_stored_first_with_its_rollups_and_what_comes_after_is_not()
    {
        var sources = new Sources { Steps = { new(7, 2, 1, false), new(7, 1, 0, true) } };
        await using var bench = new JournalBench(null, sources);
        (int Commits, bool HasPending) seen = default;
        sources.OnHide = () => seen = (bench.Store.Commits.Sum(commit => commit.Count), bench.Rollups.HasPending);
        var first = bench.EndAsync(Op(1, source: "gone"), Op(2));
        var removal = bench.Journal.RemoveSourceAsync("gone", Token);
        var second = bench.EndAsync(Op(3, source: "gone"));
        bench.Begin();
        await Task.WhenAll(first, second);
        var removed = await removal;
        Assert.Equal((2, false), seen);
        Assert.Equal(["gone"], sources.Hidden);
        await bench.UntilAsync(() => removed!.Deleted.IsCompleted);
        var data = await removed!.Deleted;
        Assert.Equal((3, 1), (data.Operations, data.Samples));
        Assert.Equal(3, bench.Store.Ended.Count);
    }

    [Fact]
    public async Task A_removal_whose_outcome_is_unknown_is_tried_again_which_decides_it()
    {
        var sources = new Sources { Failures = { new UncertainCommitException(new TimeoutException("lost")) } };
        await using var bench = new JournalBench(null, sources).Begin();
        Assert.NotNull(await bench.Journal.RemoveSourceAsync("gone", Token));
        Assert.Equal(["gone", "gone"], sources.Hidden);
    }

    [Fact]
    public async Task An_unknown_source_is_no_removal()
    {
        var sources = new Sources { Number = null };
        await using var bench = new JournalBench(null, sources).Begin();
        Assert.Null(await bench.Journal.RemoveSourceAsync("nobody", Token));
    }

    [Fact]
    public async Task While_the_store_cannot_be_written_nothing_is_removed_and_the_caller_is_told()
    {
        var sources = new Sources();
        await using var bench = new JournalBench(null, sources);
        bench.Store.FailFlush = () => new TimeoutException("busy");
        bench.Begin();
        await bench.EndAsync(Op(1));
        var exception = await Assert.ThrowsAsync<JournalUnavailableException>(() => bench.Journal.RemoveSourceAsync("gone", Token));
        Assert.Contains("Nothing was removed", exception.Message, StringComparison.Ordinal);
        Assert.Empty(sources.Hidden);
    }

    [Fact]
    public async Task A_deletion_that_was_interrupted_goes_on_at_the_next_start_between_commits()
    {
        var sources = new Sources { Steps = { new(7, 1, 0, false), new(7, 1, 0, false), new(7, 0, 0, true) } };
        await using var bench = new JournalBench(null, sources).Begin();
        await bench.EndAsync(Op(1));
        await bench.UntilAsync(() => sources.Steps.Count == 0);
        Assert.Single(await bench.EndAsync(Op(2)));
    }

    [Fact]
    public async Task A_deletion_that_fails_for_good_leaves_the_journal_running_and_the_source_hidden()
    {
        var sources = new Sources { DeletionFailure = new InvalidDataException("damaged") };
        await using var bench = new JournalBench(null, sources);
        sources.OnHide = () => sources.IsFailing = true;
        bench.Begin();
        var removal = await bench.Journal.RemoveSourceAsync("gone", Token);
        await bench.UntilAsync(() => removal!.Deleted.IsCompleted);
        await Assert.ThrowsAsync<InvalidDataException>(() => removal!.Deleted);
        Assert.Single(await bench.EndAsync(Op(2)));
        Assert.Contains(bench.Log.All, line => line.Message.Contains("could not be deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_removed_source_frees_its_place_among_the_limited_sources()
    {
        var names = new NameLimiter(new(10, 1));
        await using var bench = new JournalBench(names, new Sources()).Begin();
        await bench.EndAsync(Op(1, source: "typo"));
        await bench.Journal.RemoveSourceAsync("typo", Token);
        var right = Op(2, source: "right");
        await bench.EndAsync(right);
        Assert.Equal("right", bench.Store.Ended[right.Id].Source);
    }

    private sealed class Sources : ISourceStore
    {
        public int? Number { get; init; } = 7;

        public List<string> Hidden { get; } = [];

        public List<Exception> Failures { get; } = [];

        public List<SourceDeletion> Steps { get; } = [];

        public Exception? DeletionFailure { get; init; }

        public bool IsFailing { get; set; }

        public Action OnHide { get; set; } = () => { };

        public ValueTask<HiddenSource> HideSourceAsync(string source, CancellationToken cancellationToken)
        {
            OnHide();
            Hidden.Add(source);
            if (Failures.Count > 0)
            {
                var failure = Failures[0];
                Failures.RemoveAt(0);
                throw failure;
            }

            return ValueTask.FromResult(new HiddenSource(Number, 0));
        }

        public ValueTask<SourceDeletion?> DeleteHiddenAsync(CancellationToken cancellationToken)
        {
            if (IsFailing)
            {
                throw DeletionFailure!;
            }

            if (Steps.Count == 0)
            {
                return ValueTask.FromResult<SourceDeletion?>(null);
            }

            var step = Steps[0];
            Steps.RemoveAt(0);
            return ValueTask.FromResult<SourceDeletion?>(step);
        }
    }
}
