using System.Text.Json;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Client;

/// <summary>Writes resource samples in the wire format of the portal, one line of JSON each.</summary>
internal static class SampleWriter
{
    // The longest period that the portal accepts.
    private const double MaxCoveredSeconds = 300;
    private static readonly string[] States = [.. Enum.GetNames<SensorState>().Select(name => name.ToLowerInvariant())];

    /// <summary>Writes a sample; what was not measured is left out.</summary>
    public static byte[] Write(ResourceSample sample, TimeSpan covered) => ReportWriter.Line((sample, covered), static (writer, taken) =>
    {
        var (sample, covered) = taken;
        writer.WriteString("source"u8, sample.Source);
        writer.WriteString("sampled_at"u8, sample.SampledAt.UtcDateTime);
        writer.WriteNumber("covered_seconds"u8, Math.Clamp(covered.TotalSeconds, 0, MaxCoveredSeconds));
        foreach (var info in ResourceMetrics.All)
        {
            WriteNumber(writer, info.WireName, sample[info.Metric]);
        }

        WriteLists(writer, sample);
        writer.WriteStartObject("sensors"u8);
        foreach (var (name, status) in sample.Sensors)
        {
            writer.WriteStartObject(name);
            writer.WriteString("state"u8, States[(int)status.State]);
            if (status.Reason is not null)
            {
                writer.WriteString("reason"u8, status.Reason);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static void WriteLists(Utf8JsonWriter writer, ResourceSample sample)
    {
        WriteList(writer, "cpu_cores", sample.CpuCores, static (writer, use) => writer.WriteNumberValue(use));
        WriteList(writer, "disks", sample.Disks, static (writer, disk) => WriteObject(writer, disk.Name, disk, static (writer, disk) =>
        {
            WriteNumber(writer, "total_gb", disk.TotalGb);
            WriteNumber(writer, "free_gb", disk.FreeGb);
            WriteNumber(writer, "used_percent", disk.UsedPercent);
            WriteNumber(writer, "read_bytes_per_second", disk.ReadBytesPerSecond);
            WriteNumber(writer, "write_bytes_per_second", disk.WriteBytesPerSecond);
            writer.WriteBoolean("holds_data"u8, disk.HoldsData);
        }));
        WriteList(writer, "networks", sample.Networks, static (writer, network) => WriteObject(writer, network.Name, network, static (writer, network) =>
        {
            WriteNumber(writer, "rx_bytes_per_second", network.RxBytesPerSecond);
            WriteNumber(writer, "tx_bytes_per_second", network.TxBytesPerSecond);
        }));
        WriteList(writer, "gpus", sample.Gpus, static (writer, gpu) => WriteObject(writer, gpu.Name, gpu, static (writer, gpu) =>
        {
            writer.WriteNumber("index"u8, gpu.Index);
            WriteNumber(writer, "utilization_percent", gpu.UtilizationPercent);
            WriteNumber(writer, "memory_used_mb", gpu.MemoryUsedMb);
            WriteNumber(writer, "memory_total_mb", gpu.MemoryTotalMb);
            WriteNumber(writer, "temperature_celsius", gpu.TemperatureCelsius);
            WriteNumber(writer, "power_watts", gpu.PowerWatts);
        }));
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
    }

    private static void WriteObject<T>(Utf8JsonWriter writer, string name, T item, Action<Utf8JsonWriter, T> writeMembers)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, name);
        writeMembers(writer, item);
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumber(name, number);
        }
    }
}
