using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;
using Xunit;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Tests.Storage.Blocks;

/// <summary>Operations of every look for the tests of blocks. Names and sources are <c>name 7</c> and <c>source 7</c> for number 7.</summary>
internal static class AnyOperations
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly double[] OddNumbers =
        [0, -0.0, double.NaN, double.PositiveInfinity, double.MaxValue, double.Epsilon, 0.1, 0.30000000000000004, 1e22, 9007199254740993, -12.5];

    public static List<Operation> Of(Random random, int count)
    {
        bool isExtreme = random.Next(3) == 0;
        string[] keys = [.. Enumerable.Range(0, random.Next(1, 8)).Select(i => $"{Text(random)}{i}")];
        int names = random.Next(3) == 0 ? 1 : 300;
        return Sorted(Enumerable.Range(0, count).Select(_ => One(random, keys, names, isExtreme)));
    }

    public static List<Operation> Sorted(IEnumerable<Operation> operations) =>
        [.. operations.OrderBy(operation => operation.EndTime).ThenBy(operation => operation.Id)];

    /// <summary>Operations as a service reports them, with ids like the portal's own; eight run at a time.</summary>
    public static List<Operation> Similar(int count)
    {
        var random = new Random(7);
        return Sorted(Enumerable.Range(0, count).Select(i =>
        {
            var start = Noon.AddMilliseconds(100 * i + random.Next(100));
            return new Operation
            {
                Id = PortalId(start, i),
                MetricType = MetricType.ModelOperation,
                Name = "name 1",
                Source = "source 1",
                Status = OperationStatus.Succeeded,
                StartTime = start,
                EndTime = start.AddMilliseconds(random.Next(1, 800)),
                Metadata = Metadata.Of([new("model", MetadataValue.From("llama")), new("tokens", MetadataValue.From((long)random.Next(256))), new("heat", MetadataValue.From(0.7))]),
            };
        }));
    }

    public static Guid PortalId(DateTimeOffset start, long sequence) =>
        Server.Storage.OperationKeys.Join((start.ToUnixTimeMilliseconds() << 16) | 0x7A5B, long.MinValue | (0x1234L << 40) | sequence);

    public static byte[] Write(IReadOnlyList<Operation> operations, BlockCompression compression) =>
        OperationBlockWriter.Write(operations, SeriesOf, compression);

    public static BlockSeries SeriesOf(Operation operation) =>
        new(operation.MetricType, Number(operation.Source), Number(operation.Name), operation.Status);

    public static Operation At(OperationBlock block, int index) => block.OperationAt(index, number => $"name {number}", number => $"source {number}");

    public static void AssertSame(Operation expected, Operation actual)
    {
        Assert.Equal(expected.Metadata, actual.Metadata);
        Assert.Equal(expected.ResourceUsage?.Keys, actual.ResourceUsage?.Keys);
        Assert.Equal(expected.ResourceUsage?.Values.Select(BitConverter.DoubleToInt64Bits), actual.ResourceUsage?.Values.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(expected.Events, actual.Events);
        Assert.Equal(expected, actual with { Metadata = expected.Metadata, ResourceUsage = expected.ResourceUsage, Events = expected.Events });
    }

    public static string Text(Random random)
    {
        string[] pieces = ["a", "Ü", "模", "\U0001F680", "\"", "\\", "\n", "\u0001", " ", "\uD800", "\uDC00", "\0", "\u2028", "0f"];
        return string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
    }

    private static int Number(string name) => int.Parse(name.AsSpan(name.IndexOf(' ', StringComparison.Ordinal)), provider: null);

    private static Operation One(Random random, string[] keys, int names, bool isExtreme)
    {
        long end = isExtreme
            ? random.NextInt64(DateTimeOffset.MinValue.ToMicroseconds() + (long)1e15, DateTimeOffset.MaxValue.ToMicroseconds())
            : Noon.ToMicroseconds() + random.Next(50) * 1000;
        long start = end - (random.Next(10) == 0 ? random.NextInt64((long)1e14) : random.Next(1000));
        return new()
        {
            Id = random.Next(2) == 0 ? NextGuid(random) : PortalId(Microseconds.ToTime(Math.Max(start, 0)), random.Next()),
            MetricType = (MetricType)random.Next(6),
            Name = $"name {random.Next(names) * (isExtreme ? 7_000_000 : 1)}",
            Source = $"source {random.Next(names)}",
            Status = (OperationStatus)random.Next(1, 5),
            StartTime = Microseconds.ToTime(start),
            EndTime = Microseconds.ToTime(end),
            ErrorType = random.Next(4) == 0 ? Text(random) : null,
            ErrorMessage = random.Next(4) == 0 ? Text(random) : null,
            Progress = random.Next(3) == 0 ? new(Number(random), Maybe(random) ? Number(random) : null, Maybe(random) ? "bytes" : null) : null,
            Metadata = Metadata.Of(keys.Where(_ => Maybe(random)).Select(key => KeyValuePair.Create(key, Value(random)))),
            ResourceUsage = random.Next(4) switch
            {
                0 => new Dictionary<string, double>(),
                1 => new Dictionary<string, double> { ["start_cpu_percent"] = Number(random), [keys[0]] = Number(random) },
                _ => null,
            },
            TraceId = Maybe(random) ? Convert.ToHexStringLower(NextGuid(random).ToByteArray()) : null,
            SpanId = Maybe(random) ? (Maybe(random) ? "0123456789abcdef" : "0123456789ABCDEF") : null,
            ParentId = Maybe(random) ? Text(random) : null,
            LastHeartbeatAt = Maybe(random) ? Microseconds.ToTime(end + random.Next(-1000, 1000)) : null,
            Events = [.. Enumerable.Range(0, random.Next(4)).Select(i => new OperationEvent(Microseconds.ToTime(start + i), Text(random), Maybe(random) ? Text(random) : null))],
        };
    }

    private static bool Maybe(Random random) => random.Next(2) == 0;

    private static Guid NextGuid(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new(bytes);
    }

    private static double Number(Random random) => random.Next(3) switch
    {
        0 => OddNumbers[random.Next(OddNumbers.Length)],
        1 => random.Next(1000) / 100.0,
        _ => random.NextDouble() * Math.Pow(10, random.Next(-300, 300)),
    };

    private static MetadataValue Value(Random random) => random.Next(8) switch
    {
        0 => MetadataValue.From(Maybe(random)),
        7 => MetadataValue.FromDigits("1" + random.NextInt64(long.MaxValue).ToString("D19", System.Globalization.CultureInfo.InvariantCulture)),
        1 => MetadataValue.From(random.NextInt64(long.MinValue, long.MaxValue)),
        2 => MetadataValue.From(Maybe(random) ? long.MaxValue : long.MinValue),
        3 => MetadataValue.From(Number(random)) is { Kind: MetadataKind.Number } number ? number : MetadataValue.From(-0.0),
        4 => MetadataValue.From(JsonDocument.Parse("""{"a":[1,null,"ü"]}""").RootElement),
        5 => MetadataValue.From(""),
        _ => MetadataValue.From(Text(random)),
    };
}
