using System.Globalization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using Xunit;
using static PerfPortal.Tests.Journal.MemoryJournal;

namespace PerfPortal.Tests.Journal;

public sealed class NameLimiterTests
{
    [Fact]
    public void A_million_different_names_take_as_many_places_as_there_are_and_each_operation_counts_once()
    {
        const int Operations = 1_000_000;
        var bounds = new NameLimiter(new(Names: 20_000, Sources: 10_000));
        var kept = new Dictionary<string, int>(StringComparer.Ordinal);
        var entries = new JournalEntry[1_000];
        for (int at = 0; at < Operations; at += entries.Length)
        {
            for (int i = 0; i < entries.Length; i++)
            {
                string number = (at + i).ToString(CultureInfo.InvariantCulture);
                entries[i] = new OperationEnded(Op(name: "request " + number, source: "pod " + number));
            }

            foreach (var entry in bounds.Admit(entries))
            {
                kept[Of(entry).Name] = kept.GetValueOrDefault(Of(entry).Name) + 1;
            }
        }

        Assert.Equal(20_001, kept.Count);
        Assert.Equal(Operations - 20_000, kept[NameLimiter.OtherNames]);
        var status = bounds.Status;
        Assert.Equal((20_000, Operations - 20_000L, 10_000, Operations - 10_000L), (status.Names, status.OtherNames, status.Sources, status.OtherSources));
        Assert.Contains("MaxOperationNames", status.Advice, StringComparison.Ordinal);
        Assert.Contains("MaxSources", status.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public void What_found_no_place_keeps_its_own_name_in_the_metadata_and_everything_else()
    {
        var bounds = Full();
        var operation = Op(name: "late", source: "newcomer", status: OperationStatus.Failed, type: MetricType.HealthCheck) with { Metadata = Metadata.Of([new("n", MetadataValue.From(1L))]) };
        var kept = Admit(bounds, operation);
        Assert.Equal((NameLimiter.OtherNames, NameLimiter.OtherSources), (kept.Name, kept.Source));
        Assert.Equal(("late", "newcomer", 1.0), (kept.Metadata["operation_name"].Text, kept.Metadata["source"].Text, kept.Metadata["n"].Numeric!.Value));
        Assert.Equal(operation with { Name = kept.Name, Source = kept.Source, Metadata = kept.Metadata }, kept);
        Assert.Equal((1, 1), (bounds.Status.OtherNames, bounds.Status.OtherSources));
    }

    [Fact]
    public void Where_every_name_has_a_place_the_list_is_the_same_and_nothing_is_copied()
    {
        var bounds = Full();
        JournalEntry[] entries = [new OperationEnded(Op(name: "first", source: "host")), new OperationRunning(Op(name: "first", source: "host", status: OperationStatus.Running))];
        Assert.Same(entries, bounds.Admit(entries));
        Assert.Null(bounds.Status.Advice);
    }

    [Fact]
    public void A_running_operation_is_bounded_as_an_ended_one_and_the_other_entries_stay()
    {
        var bounds = Full();
        JournalEntry[] entries = [new OperationEnded(Op(name: "first", source: "host")), new OperationRunning(Op(name: "late", source: "host", status: OperationStatus.Running))];
        var kept = bounds.Admit(entries);
        Assert.Same(entries[0], kept[0]);
        Assert.Equal(NameLimiter.OtherNames, Assert.IsType<OperationRunning>(kept[1]).Operation.Name);
        Assert.Equal("late", Of(entries[1]).Name);
    }

    [Fact]
    public void The_portals_own_operations_always_have_a_place_and_take_none()
    {
        var bounds = Full();
        var own = Op(name: "retention", source: PortalSource.Name);
        Assert.Same(own, Admit(bounds, own));
        Assert.Equal((1, 0), (bounds.Status.Names, bounds.Status.OtherNames));
    }

    [Fact]
    public void Metadata_that_is_full_or_says_it_already_stays_as_it_is()
    {
        var bounds = Full();
        var many = Metadata.Of(Enumerable.Range(0, OperationLimits.MetadataMembers).Select(i => KeyValuePair.Create("m" + i.ToString(CultureInfo.InvariantCulture), MetadataValue.From((long)i))));
        Assert.Same(many, Admit(bounds, Op(name: "late", source: "host") with { Metadata = many }).Metadata);
        var large = Metadata.Of([new("m", MetadataValue.From(new string('m', OperationLimits.MetadataBytes - 20)))]);
        Assert.Same(large, Admit(bounds, Op(name: "late", source: "host") with { Metadata = large }).Metadata);
        var said = Metadata.Of([new("operation_name", MetadataValue.From("theirs"))]);
        Assert.Same(said, Admit(bounds, Op(name: "late", source: "host") with { Metadata = said }).Metadata);
        Assert.Equal(3, bounds.Status.OtherNames);
    }

    [Fact]
    public void What_the_store_holds_has_a_place_even_beyond_the_bound()
    {
        var bounds = new NameLimiter(new(Names: 1, Sources: 1));
        bounds.Load(["a", "b", NameLimiter.OtherNames], ["x", "y"]);
        Assert.Equal((2, 2), (bounds.Status.Names, bounds.Status.Sources));
        Assert.Equal("b", Admit(bounds, Op(name: "b", source: "y")).Name);
        Assert.Equal(NameLimiter.OtherNames, Admit(bounds, Op(name: "c", source: "y")).Name);
        bounds.Load([], []);
        Assert.Equal("c", Admit(bounds, Op(name: "c", source: "z")).Name);
    }

    [Fact]
    public async Task Store_figures_and_listeners_agree_on_the_name()
    {
        var heard = new Heard();
        await using var bench = new JournalBench(new NameLimiter(new(Names: 1, Sources: 10)), heard);
        bench.Begin();
        await bench.EndAsync(Op(1, name: "first"), Op(2, name: "late"), Op(3, name: "later", status: OperationStatus.Failed));
        Assert.Equal(["(other names)", "(other names)", "first"], bench.Store.Ended.Values.Select(operation => operation.Name).Order());
        Assert.Equal(["first", "(other names)", "(other names)"], Assert.Single(heard.Notices).Ended.Select(operation => operation.Name));
        var counted = new List<RollupDelta>();
        long minute = RollupBuckets.Of(RollupResolution.Minute, bench.Store.Ended.Values.First().EndTime!.Value);
        await bench.Rollups.ReadAsync(
            bench.Store, RollupResolution.Minute, minute - 10, minute + 10, new() { Name = NameLimiter.OtherNames }, (_, _) => { }, counted.Add, TestContext.Current.CancellationToken);
        Assert.Equal([OperationStatus.Succeeded, OperationStatus.Failed], counted.Select(delta => delta.Outcome).Order());
        Assert.All(counted, delta => Assert.Equal(1, delta.Rollup.Count));
    }

    private static NameLimiter Full()
    {
        var bounds = new NameLimiter(new(Names: 1, Sources: 1));
        Admit(bounds, Op(name: "first", source: "host"));
        return bounds;
    }

    private static Operation Admit(NameLimiter bounds, Operation operation) => Of(Assert.Single(bounds.Admit([new OperationEnded(operation)])));

    private static Operation Of(JournalEntry entry) => entry switch
    {
        OperationEnded ended => ended.Operation,
        OperationRunning running => running.Operation,
        _ => throw new InvalidOperationException(),
    };

    private sealed class Heard : ICommitListener
    {
        public List<CommitNotice> Notices { get; } = [];

        public void OnCommitted(CommitNotice notice) => Notices.Add(notice);
    }
}
