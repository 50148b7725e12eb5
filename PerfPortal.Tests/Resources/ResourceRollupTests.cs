using PerfPortal.Domain.Resources;
using Xunit;

namespace PerfPortal.Tests.Resources;

public sealed class ResourceRollupTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_mean_is_weighted_by_time_so_faster_sampling_changes_nothing()
    {
        var rollup = new ResourceRollup();
        rollup.Add(Cpu(10), TimeSpan.FromSeconds(30));
        for (int i = 0; i < 30; i++)
        {
            rollup.Add(Cpu(90), TimeSpan.FromSeconds(1));
        }

        var figure = rollup[ResourceMetric.CpuPercent]!.Value;
        Assert.Equal(50, figure.Mean, 9);
        Assert.Equal((60, 10, 90), (figure.Seconds, figure.Min, figure.Max));
        Assert.Null(rollup[ResourceMetric.MemoryPercent]);
    }

    [Fact]
    public void A_sample_without_a_span_is_there_and_moves_no_mean()
    {
        var rollup = new ResourceRollup();
        rollup.Add(Cpu(100), TimeSpan.Zero);
        Assert.Equal(100, rollup[ResourceMetric.CpuPercent]!.Value.Mean, 9);
        rollup.Add(Cpu(0), TimeSpan.FromSeconds(30));
        Assert.InRange(rollup[ResourceMetric.CpuPercent]!.Value.Mean, 0, 0.01);
    }

    [Fact]
    public void Bytes_read_back_and_merge_as_the_samples_did()
    {
        var (first, second, both) = (new ResourceRollup(), new ResourceRollup(), new ResourceRollup());
        var random = new Random(4);
        for (int i = 0; i < 40; i++)
        {
            var sample = new ResourceSample("h", At);
            foreach (var info in ResourceMetrics.All.Where(_ => random.Next(3) > 0))
            {
                sample[info.Metric] = random.NextDouble() * 100;
            }

            (i % 2 == 0 ? first : second).Add(sample, TimeSpan.FromSeconds(i));
            both.Add(sample, TimeSpan.FromSeconds(i));
        }

        var read = ResourceRollup.FromBytes(first.ToBytes());
        Assert.Equal(first.ToBytes(), read.ToBytes());
        read.Merge(ResourceRollup.FromBytes(second.ToBytes()));
        Assert.All(ResourceMetrics.All, info =>
        {
            Assert.Equal(both[info.Metric]!.Value.Mean, read[info.Metric]!.Value.Mean, 9);
            Assert.Equal((both[info.Metric]!.Value.Min, both[info.Metric]!.Value.Max), (read[info.Metric]!.Value.Min, read[info.Metric]!.Value.Max));
        });
    }

    [Fact]
    public void A_metric_of_a_later_version_is_passed_over_and_other_bytes_are_refused()
    {
        var rollup = new ResourceRollup();
        rollup.Add(Cpu(5), TimeSpan.FromSeconds(1));
        byte[] bytes = rollup.ToBytes();
        byte[] later = [.. bytes, .. bytes[1..]];
        later[bytes.Length] = 250;
        Assert.Equal(bytes, ResourceRollup.FromBytes(later).ToBytes());
        Assert.Equal([1], new ResourceRollup().ToBytes());
        Assert.Throws<InvalidDataException>(() => ResourceRollup.FromBytes([]));
        Assert.Throws<InvalidDataException>(() => ResourceRollup.FromBytes(bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Throws<InvalidDataException>(() => ResourceRollup.FromBytes([2, .. bytes[1..]]));
    }

    [Fact]
    public void What_was_not_measured_is_null_and_never_0()
    {
        var sample = Cpu(0);
        Assert.Equal(0, sample[ResourceMetric.CpuPercent]);
        Assert.Null(sample[ResourceMetric.GpuPowerWatts]);
        sample[ResourceMetric.CpuPercent] = double.PositiveInfinity;
        Assert.Null(sample[ResourceMetric.CpuPercent]);
    }

    private static ResourceSample Cpu(double percent) => new("h", At) { [ResourceMetric.CpuPercent] = percent };
}
