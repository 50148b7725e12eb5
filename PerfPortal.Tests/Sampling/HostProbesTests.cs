using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling;
using Xunit;

namespace PerfPortal.Tests.Sampling;

public class HostProbesTests
{
    [Fact]
    public void A_probe_that_throws_fails_alone_and_leaves_no_value_behind()
    {
        var broken = new StubProbe
        {
            OnMeasure = sample =>
            {
                sample[ResourceMetric.CpuPercent] = 99;
                throw new InvalidOperationException("the wire is cut");
            },
            OnDetail = _ => Assert.Fail("Nothing was measured."),
        };
        var sound = new StubProbe(Sensors.Memory)
        {
            OnMeasure = sample =>
            {
                sample[ResourceMetric.MemoryPercent] = 50;
                return SensorStatus.Ok;
            },
        };

        var sample = Read(broken, sound);

        Assert.Equal(SensorState.Failed, sample.Sensors[Sensors.Cpu].State);
        Assert.Contains("the wire is cut", sample.Sensors[Sensors.Cpu].Reason, StringComparison.Ordinal);
        Assert.Null(sample[ResourceMetric.CpuPercent]);
        Assert.Equal(50, sample[ResourceMetric.MemoryPercent]);
        Assert.Equal(SensorStatus.Ok, sample.Sensors[Sensors.Memory]);
    }

    [Fact]
    public void A_probe_whose_list_throws_fails_too()
    {
        var sample = Read(new StubProbe { OnDetail = _ => throw new InvalidOperationException("gone") });

        Assert.Equal(SensorState.Failed, sample.Sensors[Sensors.Cpu].State);
        Assert.Null(sample[ResourceMetric.CpuPercent]);
    }

    [Fact]
    public void A_sample_written_again_keeps_nothing_of_the_reading_before()
    {
        var probe = new StubProbe();
        using var probes = new HostProbes([probe]);
        var sample = new ResourceSample("host", DateTimeOffset.UnixEpoch);
        probes.Measure(sample, TimeSpan.Zero);
        probe.OnMeasure = _ => new(SensorState.Absent, "Gone.");

        probes.Measure(sample, TimeSpan.FromSeconds(1));

        Assert.Null(sample[ResourceMetric.CpuPercent]);
    }

    [Fact]
    public void The_states_of_an_earlier_sample_never_change()
    {
        var probe = new StubProbe();
        using var probes = new HostProbes([probe]);
        var first = new ResourceSample("host", DateTimeOffset.UnixEpoch);
        var second = new ResourceSample("host", DateTimeOffset.UnixEpoch);
        probes.Measure(first, TimeSpan.Zero);
        probes.Detail(first);
        probe.OnMeasure = _ => new(SensorState.Absent, "Gone.");
        probes.Measure(second, TimeSpan.FromSeconds(1));
        probes.Detail(second);

        Assert.Equal(SensorState.Ok, first.Sensors[Sensors.Cpu].State);
        Assert.Equal(SensorState.Absent, second.Sensors[Sensors.Cpu].State);
    }

    [Fact]
    public void Two_probes_of_one_sensor_are_refused() =>
        Assert.Throws<ArgumentException>(() => new HostProbes([new StubProbe(), new StubProbe()]));

    [Fact]
    public void This_system_has_a_probe_for_every_sensor_and_each_tells_its_state()
    {
        using var probes = HostProbes.Create(new() { DataDirectory = Path.GetTempPath() });
        var sample = new ResourceSample("host", DateTimeOffset.UnixEpoch);

        probes.Measure(sample, TimeSpan.Zero);
        probes.Detail(sample);

        Assert.Equal(Sensors.All.Order(), sample.Sensors.Keys.Order());
        Assert.All(sample.Sensors.Values, status => Assert.Equal(status.State == SensorState.Ok, status.Reason is null));
    }

    private static ResourceSample Read(params StubProbe[] stubs)
    {
        using var probes = new HostProbes(stubs);
        var sample = new ResourceSample("host", DateTimeOffset.UnixEpoch);
        probes.Measure(sample, TimeSpan.Zero);
        probes.Detail(sample);
        return sample;
    }
}
