using PerfPortal.Domain.Resources;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;
using Xunit;

namespace PerfPortal.Tests.Intake;

/// <summary>The rules on values that never were JSON, as another receiver sends them.</summary>
public sealed class SampleValidatorTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Values_become_a_sample_with_the_state_of_each_sensor()
    {
        var draft = new SampleDraft { Disks = [new("/", 10, 5, 50, null, null, false)] };
        draft.Values[ResourceMetric.CpuPercent] = 12.5;
        var (taken, errors) = Check(draft);
        Assert.Empty(errors);
        Assert.Equal(("receiver", Now, TimeSpan.FromSeconds(30)), (taken!.Sample.Source, taken.Sample.SampledAt, taken.Covered));
        Assert.Equal((12.5, null, "/"), (taken.Sample[ResourceMetric.CpuPercent], taken.Sample[ResourceMetric.MemoryPercent], Assert.Single(taken.Sample.Disks).Name));
        Assert.Equal((SensorState.Ok, SensorState.Absent), (taken.Sample.Sensors[Sensors.Cpu].State, taken.Sample.Sensors[Sensors.Memory].State));
    }

    [Fact]
    public void A_stated_sensor_says_why_values_are_missing_but_values_decide_whether_it_works()
    {
        var draft = new SampleDraft
        {
            Sensors = new Dictionary<string, SensorStatus>
            {
                [Sensors.Cpu] = new(SensorState.Warming, "A rate needs two readings."),
                [Sensors.Memory] = SensorStatus.Ok,
                [Sensors.Gpu] = new(SensorState.Absent, "There is no driver."),
            },
        };
        draft.Values[ResourceMetric.CpuPercent] = 12.5;
        draft.Values[ResourceMetric.DiskPercent] = 50;
        var sensors = Check(draft).Taken!.Sample.Sensors;
        Assert.Equal(new SensorStatus(SensorState.Warming, "A rate needs two readings."), sensors[Sensors.Cpu]);
        Assert.Equal(new SensorStatus(SensorState.Absent, "There is no driver."), sensors[Sensors.Gpu]);
        Assert.Equal((SensorState.Absent, SensorState.Ok), (sensors[Sensors.Memory].State, sensors[Sensors.Disk].State));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "nothing", "/source" }, { "own source", "/source" }, { "future", "/sampled_at" }, { "old", "/sampled_at" }, { "cover", "/covered_seconds" }, { "value", "/memory_percent" },
        { "NaN", "/load_1m" }, { "core", "/cpu_cores" }, { "cores", "/cpu_cores" }, { "unread", "/disks" }, { "unnamed", "/networks" }, { "infinite", "/gpus" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_that_breaks_a_rule_is_refused_at_its_pointer(string what, string pointer)
    {
        var draft = what switch
        {
            "own source" => new SampleDraft { Source = "perfportal", CpuCores = [1] },
            "future" => new() { SampledAt = Now.AddSeconds(301), CpuCores = [1] },
            "old" => new() { SampledAt = Now.AddDays(-8), CpuCores = [1] },
            "cover" => new() { CoveredSeconds = 301, CpuCores = [1] },
            "core" => new() { CpuCores = [1, double.NaN] },
            "cores" => new() { CpuCores = new double[1_025] },
            "unread" => new() { Disks = [null] },
            "unnamed" => new() { Networks = [new("", 1, 1)] },
            "infinite" => new() { Gpus = [new(0, "card", double.PositiveInfinity, null, null, null, null)] },
            _ => new(),
        };
        if (what is "value" or "NaN")
        {
            draft.Values[what == "value" ? ResourceMetric.MemoryPercent : ResourceMetric.Load1] = what == "value" ? 100.5 : double.NaN;
        }

        var (taken, errors) = Check(draft);
        Assert.Null(taken);
        Assert.Equal(pointer, Assert.Single(errors).Pointer);
    }

    private static (PerfPortal.Domain.Journal.SampleTaken? Taken, List<ValidationError> Errors) Check(SampleDraft draft)
    {
        var errors = new List<ValidationError>();
        return (new SampleValidator("receiver", Now, Now.AddDays(-7)).Check(draft, new(errors)), errors);
    }
}
