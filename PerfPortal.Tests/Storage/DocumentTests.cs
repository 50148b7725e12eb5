using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Xunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Storage;
using Xunit;

namespace PerfPortal.Tests.Storage;

public sealed class DocumentTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Property(MaxTest = 300)]
    public void Details_of_an_operation_are_read_back(int seed)
    {
        var operation = Any(new Random(seed));
        var bare = operation with
        {
            Metadata = Metadata.Empty,
            Progress = null,
            ResourceUsage = null,
            TraceId = null,
            SpanId = null,
            ParentId = null,
            LastHeartbeatAt = null,
            Events = [],
        };
        AssertSame(operation, OperationDocument.ReadDetails(bare, ThroughText(OperationDocument.WriteDetails(operation))));
    }

    [Property(MaxTest = 300)]
    public void A_running_operation_is_read_back(int seed)
    {
        var operation = Any(new Random(seed)) with { EndTime = null, Status = OperationStatus.Running, ErrorType = null, ErrorMessage = null };
        AssertSame(operation, OperationDocument.ReadRunning(operation.Id, ThroughText(OperationDocument.WriteRunning(operation))!));
    }

    [Fact]
    public void An_operation_without_details_has_no_document()
    {
        var plain = Any(new Random(1)) with
        {
            Metadata = Metadata.Empty,
            Progress = null,
            ResourceUsage = null,
            TraceId = null,
            SpanId = null,
            ParentId = null,
            LastHeartbeatAt = null,
            Events = [],
        };
        Assert.Null(OperationDocument.WriteDetails(plain));
        Assert.Same(plain, OperationDocument.ReadDetails(plain, null));
    }

    [Fact]
    public void A_damaged_document_is_said_to_be_damaged()
    {
        var operation = Any(new Random(2));
        Assert.ThrowsAny<JsonException>(() => OperationDocument.ReadDetails(operation, "{\"m\":"u8.ToArray()));
        Assert.Throws<JsonException>(() => OperationDocument.ReadRunning(Guid.NewGuid(), "{\"k\":\"no such type\"}"u8.ToArray()));
        Assert.ThrowsAny<JsonException>(() => SampleDocument.Read("host", Noon, "null"u8.ToArray()));
    }

    [Property(MaxTest = 300)]
    public void A_sample_is_read_back(int seed, PositiveInt milliseconds)
    {
        var random = new Random(seed);
        var sample = new ResourceSample("host", Noon)
        {
            CpuCores = [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.NextDouble() * 100)],
            Disks = [new(Text(random), 100.5, 1.25, random.NextDouble(), random.Next(2) == 0 ? null : 0, null, true)],
            Networks = [new(Text(random), null, random.NextDouble())],
            Gpus = random.Next(2) == 0 ? [] : [new(0, Text(random), null, 0, 24_000, 40.5, null)],
            Sensors = new Dictionary<string, SensorStatus> { [Sensors.Gpu] = new(SensorState.Absent, Text(random)), [Sensors.Cpu] = SensorStatus.Ok },
        };
        foreach (var info in ResourceMetrics.All.Where(_ => random.Next(2) == 0))
        {
            sample[info.Metric] = random.Next(5) == 0 ? 0 : random.NextDouble() * 1e12;
        }

        var covered = TimeSpan.FromMilliseconds(milliseconds.Get);
        var (read, readCovered) = SampleDocument.Read("host", Noon, ThroughText(SampleDocument.Write(sample, covered))!);
        Assert.Equal(covered, readCovered);
        Assert.All(ResourceMetrics.All, info => Assert.Equal(sample[info.Metric], read[info.Metric]));
        Assert.Equal(sample.CpuCores, read.CpuCores);
        Assert.Equal(sample.Disks, read.Disks);
        Assert.Equal(sample.Networks, read.Networks);
        Assert.Equal(sample.Gpus, read.Gpus);
        Assert.Equal(sample.Sensors, read.Sensors);
    }

    /// <summary>As SQL Server keeps it: text, not bytes.</summary>
    private static byte[]? ThroughText(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));

    private static Operation Any(Random random)
    {
        var start = Noon.AddTicks(random.NextInt64(1_000_000_000) * 10);
        return new()
        {
            Id = Guid.NewGuid(),
            MetricType = (MetricType)random.Next(6),
            Name = Text(random),
            Source = Text(random),
            Status = OperationStatus.Failed,
            StartTime = start,
            EndTime = start.AddSeconds(1),
            Progress = random.Next(2) == 0 ? null : new(random.NextDouble(), random.Next(2) == 0 ? null : 10, random.Next(2) == 0 ? null : "bytes"),
            Metadata = Metadata.Of(Enumerable.Range(0, random.Next(6)).Select(i => KeyValuePair.Create($"{Text(random)}{i}", Value(random)))),
            ResourceUsage = random.Next(2) == 0 ? null : new Dictionary<string, double> { ["start_cpu_percent"] = random.NextDouble(), [Text(random)] = -1e-300 },
            TraceId = random.Next(2) == 0 ? null : "0123456789abcdef0123456789abcdef",
            SpanId = random.Next(2) == 0 ? null : "0123456789abcdef",
            ParentId = random.Next(2) == 0 ? null : Text(random),
            LastHeartbeatAt = random.Next(2) == 0 ? null : start.AddTicks(10),
            Events = [.. Enumerable.Range(0, random.Next(4)).Select(i => new OperationEvent(start.AddTicks(10 * i), "word", random.Next(2) == 0 ? null : Text(random)))],
        };
    }

    private static MetadataValue Value(Random random) => random.Next(7) switch
    {
        0 => MetadataValue.From(random.Next(2) == 0),
        1 => MetadataValue.From(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => MetadataValue.From(random.NextDouble() * Math.Pow(10, random.Next(-300, 300))),
        3 => MetadataValue.From(JsonDocument.Parse("""{"a":[1,null,"ü"]}""").RootElement),
        4 => MetadataValue.From(""),
        5 => MetadataValue.FromDigits("1" + random.NextInt64(long.MaxValue).ToString("D19", System.Globalization.CultureInfo.InvariantCulture)),
        _ => MetadataValue.From(Text(random)),
    };

    private static string Text(Random random)
    {
        string[] pieces = ["a", "Ü", "模", "\U0001F680", "\"", "\\", "\n", "\u0001", " ", "</script>", "'", "\u2028"];
        return string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    private static void AssertSame(Operation expected, Operation actual)
    {
        Assert.Equal(expected.Metadata, actual.Metadata);
        Assert.Equal(expected.ResourceUsage, actual.ResourceUsage);
        Assert.Equal(expected.Events, actual.Events);
        Assert.Equal(expected, actual with { Metadata = expected.Metadata, ResourceUsage = expected.ResourceUsage, Events = expected.Events });
    }
}
