using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Benchmarks.Tracker;

/// <summary>Operations of this process, one after the other, each with three metadata values and seen as active in between.</summary>
internal sealed class TrackedBurst(PerformanceTracker tracker)
{
    /// <summary>The values are set while the operation runs.</summary>
    public void Run()
    {
        for (int i = 0; i < Bursts.Length; i++)
        {
            var scope = tracker.Start(MetricType.ModelOperation, "load_model");
            scope.SetAll(
                new("model", MetadataValue.From("llama")), new("tokens", MetadataValue.From((long)i)), new("load_factor", MetadataValue.From(0.5)));
            scope.Complete();
        }
    }

    /// <summary>The values are given with the completion.</summary>
    public void RunAtCompletion()
    {
        for (int i = 0; i < Bursts.Length; i++)
        {
            var scope = tracker.Start(MetricType.ModelOperation, "load_model");
            scope.Complete(
                new("model", MetadataValue.From("llama")), new("tokens", MetadataValue.From((long)i)), new("load_factor", MetadataValue.From(0.5)));
        }
    }

    /// <summary>Fails unless an operation is seen while it runs: what is not seen would be cheap.</summary>
    public void CheckIsSeen(ActiveOperations active)
    {
        using var scope = tracker.Start(MetricType.ModelOperation, "load_model");
        scope.Set("model", "llama");
        if (active.Find(scope.Id) is not { } seen || seen.Current.Metadata.Count != 1 || active.Count != 1 || active.List().Count != 1)
        {
            throw new InvalidOperationException("The operation is not seen while it runs.");
        }
    }
}
