using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;
using Xunit;

namespace PerfPortal.Tests.Tracking;

public sealed class OperationContextTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";

    private readonly ActiveOperations _active = new();
    private readonly PerformanceTracker _tracker;

    public OperationContextTests() => _tracker = new(_active, null, new FakeTimeProvider());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_operation_belongs_to_the_activity_in_which_it_starts()
    {
        await using var bench = new TrackingBench();
        using var activity = new Activity("work").Start();
        var scope = bench.Tracker.Start(MetricType.ModelOperation, "load");
        var running = bench.Active.Find(scope.Id)!.Current;
        var (trace, span) = (activity.TraceId.ToHexString(), activity.SpanId.ToHexString());
        Assert.Equal((trace, null, span), (running.TraceId, running.SpanId, running.ParentId));
        activity.Stop();
        scope.Complete();
        bench.Tracker.Start(MetricType.ModelOperation, "alone").Complete();
        await bench.CollectAsync(2);
        Assert.Equal((trace, null, span), Links(bench.Store.Ended[scope.Id]));
        Assert.Equal((null, null, null), Links(bench.Store.Ended.Values.Single(ended => ended.Name == "alone")));
    }

    [Fact]
    public void An_activity_that_has_stopped_or_has_no_trace_is_none()
    {
        var activity = new Activity("request").Start();
        var flow = ExecutionContext.Capture()!;
        activity.Stop();

        // A loop that was started within a request keeps the context of the request.
        ExecutionContext.Run(flow, _ => Assert.Equal((null, null, null), Start()), null);
        using var old = new Activity("old").SetIdFormat(ActivityIdFormat.Hierarchical).Start();
        Assert.Equal((null, null, null), Start());
    }

    [Fact]
    public void A_context_that_is_given_replaces_what_is_current()
    {
        using var activity = new Activity("work").Start();
        Assert.Equal((null, null, null), Start(OperationContext.None));
        Assert.Equal((Trace, Span, null), Start(new(Trace, Span)));
        Assert.Equal((Trace, null, Span), Start(OperationContext.ChildOf(new ActivityContext(ActivityTraceId.CreateFromString(Trace), ActivitySpanId.CreateFromString(Span), default))));
        Assert.Equal((null, null, null), Start(OperationContext.ChildOf(default(ActivityContext))));
        Assert.Equal((null, null, null), Start(OperationContext.ChildOf(default(OperationScope))));
        Assert.Equal(32, OperationContext.NewTrace().TraceId!.Length);
    }

    [Fact]
    public void A_parent_passes_its_trace_on()
    {
        using var parent = _tracker.Start(MetricType.FallbackStrategy, "chat", context: new(Trace, Span));
        Assert.Equal((Trace, null, parent.Id.ToString()), Start(OperationContext.ChildOf(parent)));
    }

    [Fact]
    public async Task Operations_within_work_are_its_children_and_those_after_it_are_not()
    {
        (string?, string?, string?) inner = default, leaf = default, left = default;
        var release = new TaskCompletionSource();
        var behind = Task.CompletedTask;
        string? id = null, innerId = null;
        await _tracker.RunAsync(MetricType.ModelOperation, "outer", async (outer, token) =>
        {
            id = outer.Id.ToString();
            behind = Task.Run(LeaveBehindAsync, token);
            await Task.Yield();
            inner = Start();
            return await _tracker.RunAsync(MetricType.ModelOperation, "inner", async (scope, _) =>
            {
                innerId = scope.Id.ToString();
                await Task.Yield();
                leaf = Start();
                return 0;
            }, token);
        }, Token);
        Assert.Equal((null, null, id), inner);
        Assert.Equal((null, null, innerId), leaf);
        Assert.Equal((null, null, null), Start());
        release.SetResult();
        await behind;
        Assert.Equal((null, null, null), left);

        async Task LeaveBehindAsync()
        {
            await release.Task;
            left = Start();
        }
    }

    [Fact]
    public void An_activity_within_an_operation_gives_the_trace_and_the_operation_stays_the_parent()
    {
        using var parent = _tracker.Start(MetricType.ModelOperation, "outer");
        using var entered = parent.Enter();
        using var activity = new Activity("work").Start();
        Assert.Equal((activity.TraceId.ToHexString(), null, parent.Id.ToString()), Start());
    }

    [Fact]
    public void Leaving_restores_what_was_entered_before()
    {
        using (new OperationContext(Trace).Enter())
        {
            using (OperationContext.None.Enter())
            {
                Assert.Equal((null, null, null), Start());
            }

            using (default(OperationScope).Enter())
            {
                Assert.Equal((Trace, null, null), Start());
            }

            Assert.Equal((Trace, null, null), Start());
        }

        Assert.Null(OperationContext.Current);
    }

    [Theory]
    [InlineData("0af7651916cd43dd8448eb211c80319", null, null, "traceId must be 32 hex digits that are not all zero.")]
    [InlineData("00000000000000000000000000000000", null, null, "traceId must be 32 hex digits that are not all zero.")]
    [InlineData(Trace, "xyz", null, "spanId must be 16 hex digits that are not all zero.")]
    [InlineData(null, null, "parent", "parentId must be the UUID of an operation or a span id of 16 hex digits.")]
    public void Ids_are_checked_as_rest_checks_them(string? trace, string? span, string? parent, string message) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => new OperationContext(trace, span, parent)).Message, StringComparison.Ordinal);

    [Fact]
    public void Ids_become_lower_case()
    {
        var context = new OperationContext(Trace.ToUpperInvariant(), Span.ToUpperInvariant(), "018F2F6E-7C1A-7000-8000-000000000001");
        Assert.Equal(new(Trace, Span, "018f2f6e-7c1a-7000-8000-000000000001"), context);
    }

    [Fact]
    public void A_slot_that_is_used_again_does_not_keep_the_trace()
    {
        for (int i = 0; i < 200; i++)
        {
            _tracker.Start(MetricType.ModelOperation, "joined", context: new(Trace)).Complete();
        }

        _tracker.Drain();
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal((null, null, null), Start());
        }
    }

    [Fact]
    public void Within_an_activity_a_start_allocates_nothing()
    {
        using var activity = new Activity("work").Start();
        Run(2_000);
        _tracker.Drain();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(1_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _tracker.Start(MetricType.ModelOperation, "load").Complete();
            }
        }
    }

    private static (string?, string?, string?) Links(Operation operation) => (operation.TraceId, operation.SpanId, operation.ParentId);

    private (string?, string?, string?) Start(OperationContext? context = null)
    {
        var scope = _tracker.Start(MetricType.ModelOperation, "child", context: context);
        var links = Links(_active.Find(scope.Id)!.Current);
        scope.Complete();
        return links;
    }
}
