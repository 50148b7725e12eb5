using System.Buffers.Binary;
using PerfPortal.Benchmarks.Replay.Traces;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Benchmarks.Storage;

/// <summary>Operations to store: those of traces, or made-up ones.</summary>
internal static class TraceOperations
{
    private const int Seed = 5;

    /// <summary>The operations of traces, with ids as the portal makes them: the millisecond of the start, a node, a growing sequence.</summary>
    public static async Task<IReadOnlyList<Operation>> ReadAsync(IEnumerable<string> files, CancellationToken cancellationToken)
    {
        var operations = new List<Operation>();
        foreach (string path in files)
        {
            var file = await TraceFile.OpenAsync(path, cancellationToken);
            await foreach (var row in file.RowsAsync("trace", long.MaxValue, cancellationToken))
            {
                if (row is OperationRow operation && MetricTypes.TryParse(operation.MetricType, out var type))
                {
                    operations.Add(ToOperation(operation, type, operations.Count));
                }
            }
        }

        return operations;
    }

    /// <summary>Made-up operations of 50 names and 8 sources over a day, each with a model and three numbers.</summary>
    public static IReadOnlyList<Operation> MadeUp(int count)
    {
        var random = new Random(Seed);
        var day = new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                var start = day + (TimeSpan.FromDays(1) * i / count);
                var end = start + Microseconds.FromSeconds(Math.Round(Math.Exp((random.NextDouble() * 6) - 3), 3));
                return new Operation
                {
                    Id = IdOf(start, i), MetricType = MetricTypes.All[random.Next(6)], Name = $"name {random.Next(50)}", Source = $"host-{random.Next(8)}",
                    Status = random.Next(50) == 0 ? OperationStatus.Failed : OperationStatus.Succeeded, StartTime = start, EndTime = end,
                    Metadata = Metadata.Of(
                    [
                        new("model", MetadataValue.From($"model-{random.Next(4)}")), new("input_tokens", MetadataValue.From((long)random.Next(2_000))),
                        new("output_tokens", MetadataValue.From((long)random.Next(500))), new("load_seconds", MetadataValue.From(Math.Round(random.NextDouble(), 3))),
                    ]),
                };
            }),
        ];
    }

    /// <summary>The same operations under random ids.</summary>
    public static IReadOnlyList<Operation> WithRandomIds(IReadOnlyList<Operation> operations)
    {
        var random = new Random(Seed);
        byte[] bytes = new byte[16];
        return
        [
            .. operations.Select(operation =>
            {
                random.NextBytes(bytes);
                return operation with { Id = new Guid(bytes) };
            }),
        ];
    }

    /// <summary>The same operations under the ids that the portal derives when they arrive in batches without ids.</summary>
    public static IReadOnlyList<Operation> WithDerivedIds(IReadOnlyList<Operation> operations, int batchSize)
    {
        var random = new Random(Seed);
        ulong hash = 0;
        return
        [
            .. operations.Select((operation, i) =>
            {
                hash = i % batchSize == 0 ? (ulong)random.NextInt64() : hash;
                return operation with { Id = OperationIds.Derive(operation.StartTime, hash, i % batchSize) };
            }),
        ];
    }

    private static Operation ToOperation(OperationRow row, MetricType type, int sequence)
    {
        var start = new DateTimeOffset(row.Start, TimeSpan.Zero).ToWholeMicroseconds();
        return new()
        {
            Id = IdOf(start, sequence),
            MetricType = type,
            Name = row.Name,
            Source = row.Source,
            StartTime = start,
            EndTime = start + row.Duration,
            Status = row.Succeeded ? OperationStatus.Succeeded : OperationStatus.Failed,
            Metadata = Metadata.Of(row.Facts.Select(fact => KeyValuePair.Create(fact.Key, fact.Value switch
            {
                long whole => MetadataValue.From(whole),
                double number => MetadataValue.From(number),
                var text => MetadataValue.From((string)text),
            }))),
        };
    }

    private static Guid IdOf(DateTimeOffset start, int sequence)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, (start.ToUnixTimeMilliseconds() << 16) | 0x7abc);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], unchecked((long)0x8123_4560_0000_0000) | (uint)sequence);
        return new Guid(bytes, bigEndian: true);
    }
}
