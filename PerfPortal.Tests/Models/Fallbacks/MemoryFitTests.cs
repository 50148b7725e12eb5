using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Memory;
using PerfPortal.Domain.Resources;
using Xunit;
using static PerfPortal.Tests.Models.Fallbacks.FallbackBench;

namespace PerfPortal.Tests.Models.Fallbacks;

public sealed class MemoryFitTests
{
    private const double Gib = 1L << 30;
    private static readonly ModelCandidate TenGib = Other("b") with { MemoryBytes = 10L << 30 };

    [Fact]
    public void A_need_is_estimated_from_parameters_and_bits_with_the_stated_overhead()
    {
        var need = MemoryNeed.Of(Wanted)!;
        Assert.Equal((long)Math.Ceiling(8_030_000_000 * 8.51 / 8 * 1.2), need.Bytes);
        Assert.True(need.IsEstimated);
        Assert.Null(MemoryNeed.Of(Wanted with { Quantization = null }));
        Assert.Equal(1_200, MemoryNeed.Of(Wanted with { Parameters = 1_000, BitsPerWeight = 8 })!.Bytes);
        Assert.True(MemoryNeed.Of(Wanted with { Parameters = long.MaxValue })!.Bytes > 0);
    }

    [Fact]
    public void What_is_free_must_be_the_need_and_the_margin_and_the_reason_has_the_numbers()
    {
        Assert.True(MemoryFit.Of(TenGib, new(11 * Gib, []), 0.1).Fits);
        var fit = MemoryFit.Of(TenGib, new(10.9 * Gib, []), 0.1);
        Assert.False(fit.Fits);
        Assert.Equal("It needs 10 GiB, with the margin 11 GiB; there is no GPU and 10.9 GiB of memory are free.", fit.Reason);
        Assert.Equal(
            "It needs 10 GiB; 12 GiB of GPU memory are free.", MemoryFit.Of(TenGib, new(1 * Gib, [12 * Gib]), 0).Reason);
    }

    [Fact]
    public void A_model_that_is_split_needs_its_share_on_each_gpu()
    {
        var split = TenGib with { Place = MemoryPlace.Gpu, GpuCount = 2 };
        Assert.True(MemoryFit.Of(split, new(0, [9 * Gib, 5 * Gib]), 0).Fits);
        Assert.False(MemoryFit.Of(split, new(100 * Gib, [9 * Gib, 4.9 * Gib]), 0).Fits);
        Assert.Equal("It needs 10 GiB; there is one GPU, and 2 are needed.", MemoryFit.Of(split, new(100 * Gib, [90 * Gib]), 0).Reason);
        Assert.False(MemoryFit.Of(TenGib with { Place = MemoryPlace.Host }, new(9 * Gib, [90 * Gib]), 0).Fits);
    }

    [Fact]
    public void What_is_not_known_counts_as_fitting_and_says_so()
    {
        Assert.Equal((true, "It needs 10 GiB; the free GPU memory is not known, so it is assumed to fit."), Of(MemoryFit.Of(TenGib, FreeMemory.Unknown, 0)));
        Assert.Equal((true, "What it needs is not declared, so it is assumed to fit."), Of(MemoryFit.Of(Other("b") with { Parameters = null }, new(0, []), 0)));
        Assert.Equal((true, "It is in memory already."), Of(MemoryFit.Of(TenGib with { IsLoaded = true }, new(0, []), 0)));
        Assert.Equal((true, "It needs no memory on this host."), Of(MemoryFit.Of(TenGib with { Endpoint = new("https://models.example/") }, new(0, []), 0)));
    }

    [Fact]
    public void Free_memory_comes_from_a_current_sample_only()
    {
        var sample = new ResourceSample("host-a", Start)
        {
            [ResourceMetric.MemoryAvailableMb] = 1024,
            Gpus = [new(0, "A", 1, 1024, 3072, null, null), new(1, "B", 1, 0, 4096, null, null), new(2, "C", 1, null, 4096, null, null)],
        };
        var free = FreeMemory.Of(sample, Start.AddMinutes(10));
        Assert.Equal(Gib, free.HostBytes);
        Assert.Equal([4 * Gib, 2 * Gib], free.GpuBytes!);
        Assert.Equal(FreeMemory.Unknown, FreeMemory.Of(sample, Start.AddMinutes(11)));
        Assert.Equal(FreeMemory.Unknown, FreeMemory.Of(null, Start));
        Assert.Null(FreeMemory.Of(new("host-a", Start), Start).GpuBytes);
        var without = new ResourceSample("host-a", Start) { Sensors = new Dictionary<string, SensorStatus> { [Sensors.Gpu] = new(SensorState.Absent, "None.") } };
        Assert.Empty(FreeMemory.Of(without, Start).GpuBytes!);
    }

    private static (bool, string) Of(MemoryFit fit) => (fit.Fits, fit.Reason);
}
