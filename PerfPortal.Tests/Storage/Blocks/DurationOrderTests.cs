using FsCheck.Xunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;
using Xunit;

namespace PerfPortal.Tests.Storage.Blocks;

public sealed class DurationOrderTests
{
    // Equal ones, those on both sides of a byte, and those that do not fit into 32 bits of microseconds.
    private static readonly long[] Durations = [0, 1, 255, 256, 257, 65_535, 65_536, 1 << 24, uint.MaxValue - 1, uint.MaxValue, uint.MaxValue + 1L, 10_000_000_000_000];

    [Property(MaxTest = 50)]
    public void A_block_is_ordered_by_duration_then_as_stored(int seed)
    {
        var random = new Random(seed);
        var operations = AnyOperations.Sorted(AnyOperations.Of(random, random.Next(1, 400)).Select(
            operation => operation with { StartTime = operation.EndTime!.Value.AddMicroseconds(-Durations[random.Next(Durations.Length)]) }));
        var block = OperationBlock.Open(AnyOperations.Write(operations, BlockCompression.Fast));
        var order = DurationOrder.Of(block);
        foreach (var type in MetricTypes.All.Select(one => (MetricType?)one).Prepend(null))
        {
            var run = order.RunOf(type);
            int[] expected = [.. Enumerable.Range(0, operations.Count).Where(i => type is null || operations[i].MetricType == type).OrderBy(i => operations[i].Duration)];
            Assert.Equal(expected, Enumerable.Range(0, run.Count).Select(run.PlaceAt));
            Assert.Equal(expected.Select(i => operations[i].MetricType), Enumerable.Range(0, run.Count).Select(at => run.SeriesAt(at).MetricType));
            Assert.Equal(
                expected.Select(i => operations[i].Duration!.Value.ToMicroseconds()).Select(us => us < uint.MaxValue ? us : (long?)null),
                Enumerable.Range(0, run.Count).Select(run.DurationAt));
        }
    }
}
