using System.Text.Json;
using System.Text.Json.Serialization;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Storage;

/// <summary>The stored form of a sample: UTF-8 JSON with scalars under their wire names and <c>covered</c> in seconds.</summary>
internal static partial class SampleDocument
{
    /// <summary>Serializes a sample without its source and time, which are columns.</summary>
    public static byte[] Write(ResourceSample sample, TimeSpan covered) => JsonSerializer.SerializeToUtf8Bytes(
        new Document(
            covered.TotalSeconds,
            ResourceMetrics.All.Where(info => sample[info.Metric] is not null).ToDictionary(info => info.WireName, info => sample[info.Metric]!.Value),
            sample.CpuCores, sample.Disks, sample.Networks, sample.Gpus, sample.Sensors),
        Context.Default.Document);

    /// <summary>Deserializes the output of <see cref="Write"/>.</summary>
    /// <exception cref="JsonException">The document is corrupt.</exception>
    public static (ResourceSample Sample, TimeSpan Covered) Read(string source, DateTimeOffset at, byte[] bytes)
    {
        var document = JsonSerializer.Deserialize(bytes, Context.Default.Document) ?? throw new JsonException("A sample is null.");
        var sample = new ResourceSample(source, at)
        {
            CpuCores = document.Cores ?? [],
            Disks = document.Disks ?? [],
            Networks = document.Networks ?? [],
            Gpus = document.Gpus ?? [],
            Sensors = document.Sensors ?? new Dictionary<string, SensorStatus>(),
        };
        foreach (var (name, value) in document.Values)
        {
            if (ResourceMetrics.Find(name) is { } info)
            {
                sample[info.Metric] = value;
            }
        }

        return (sample, Microseconds.FromSeconds(document.Covered));
    }

    internal sealed record Document(
        double Covered,
        IReadOnlyDictionary<string, double> Values,
        IReadOnlyList<double>? Cores,
        IReadOnlyList<DiskReading>? Disks,
        IReadOnlyList<NetworkReading>? Networks,
        IReadOnlyList<GpuReading>? Gpus,
        IReadOnlyDictionary<string, SensorStatus>? Sensors);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Document))]
    private sealed partial class Context : JsonSerializerContext;
}
