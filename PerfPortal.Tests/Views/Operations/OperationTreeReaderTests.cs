using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using PerfPortal.Server.Views.Operations;
using Xunit;
using static PerfPortal.Tests.Views.Operations.SampleOperations;

namespace PerfPortal.Tests.Views.Operations;

public sealed class OperationTreeReaderTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly ActiveOperations _active = new();

    [Fact]
    public async Task An_operation_without_relatives_has_no_tree() => Assert.Null(await ReadAsync(Timed(1, 0, 10), Timed(2, 0, 10)));

    [Fact]
    public async Task A_child_shows_its_ancestors_and_all_their_descendants_in_order_of_their_start()
    {
        var root = Timed(1, 0, 60);
        var second = Child(3, 20, 30, root);
        var first = Child(2, 5, 15, root);
        var leaf = Child(4, 6, 7, first) with { Source = "another host" };
        var tree = await ReadAsync(leaf, second, first, root, Timed(9, 0, 60));
        Assert.NotNull(tree);
        Assert.Equal([(Id(1), 0), (Id(2), 1), (Id(4), 2), (Id(3), 1)], tree.Nodes.Select(node => (node.Operation.Id, node.Depth)));
        Assert.True(tree.IsComplete);
        Assert.Equal(4, tree.Total);
    }

    [Fact]
    public async Task Operations_of_a_trace_are_linked_by_their_spans_and_those_without_a_known_parent_are_roots()
    {
        var root = Timed(1, 0, 60) with { TraceId = Trace, SpanId = "1111111111111111", ParentId = "9999999999999999" };
        var child = Timed(2, 10, 20) with { TraceId = Trace, SpanId = "2222222222222222", ParentId = "1111111111111111" };
        var before = Timed(3, -30, -20) with { TraceId = Trace };
        var stranger = Timed(4, 10, 20) with { TraceId = Trace[..31] + "0", ParentId = "1111111111111111" };
        var tree = await ReadAsync(child, root, before, stranger);
        Assert.Equal([(Id(3), 0), (Id(1), 0), (Id(2), 1)], tree!.Nodes.Select(node => (node.Operation.Id, node.Depth)));
    }

    [Fact]
    public async Task A_child_that_still_runs_is_part_of_the_tree()
    {
        var root = Timed(1, 0, 60);
        var running = Running(2) with { StartTime = Noon.AddMinutes(-59), ParentId = root.Id.ToString() };
        _active.TryAdd(running, Noon, out _);
        Assert.Equal([Id(1), Id(2)], (await ReadAsync(root))!.Nodes.Select(node => node.Operation.Id));
    }

    [Fact]
    public async Task A_large_tree_is_cut_but_keeps_the_operation_and_its_ancestors()
    {
        var root = Timed(1, 0, 600);
        Operation[] children = [.. Enumerable.Range(2, 300).Select(number => Child(number, number, number + 1, root))];
        var leaf = Child(1000, 500, 501, children[^1]);
        var tree = await ReadAsync(leaf, [root, .. children]);
        Assert.Equal((OperationTree.MaxNodes, 302), (tree!.Nodes.Count, tree.Total));
        Assert.Equal([0, 1, 2], new[] { root, children[^1], leaf }.Select(one => tree.Nodes.Single(node => node.Operation.Id == one.Id).Depth));
    }

    [Fact]
    public async Task A_search_that_is_cut_off_says_so()
    {
        var root = Timed(1, 0, 600);
        Operation[] unrelated = [.. Enumerable.Range(10, OperationTreeReader.MaxExamined).Select(number => Timed(number, 400, 500))];
        Assert.False((await ReadAsync(root, [Child(2, 450, 550, root), .. unrelated]))!.IsComplete);
    }

    [Fact]
    public async Task Operations_that_name_each_other_as_parents_are_all_shown()
    {
        var first = Timed(1, 0, 10) with { ParentId = Id(2).ToString() };
        var second = Timed(2, 0, 10) with { ParentId = Id(1).ToString() };
        Assert.Equal(2, (await ReadAsync(first, second))!.Nodes.Count);
    }

    private static Operation Timed(int number, int from, int to) =>
        Ended(number) with { StartTime = Noon.AddHours(-1).AddSeconds(from), EndTime = Noon.AddHours(-1).AddSeconds(to) };

    private static Operation Child(int number, int from, int to, Operation parent) => Timed(number, from, to) with { ParentId = parent.Id.ToString() };

    private Task<OperationTree?> ReadAsync(Operation of, params Operation[] others) =>
        new OperationTreeReader(new FakeOperations([of, .. others]), _active, new FakeTimeProvider(Noon)).ReadAsync(of, TestContext.Current.CancellationToken);
}
