using System.Text.Json;
using System.Text.Json.Nodes;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Wire;

/// <summary>The wire form of a resource sample.</summary>
internal static class SampleBody
{
    /// <summary>Returns every metric by its wire name (null when it was not measured) and the age of the sample at <paramref name="now"/>.</summary>
    public static JsonObject Of(ResourceSample sample, DateTimeOffset now)
    {
        var body = new JsonObject
        {
            ["source"] = sample.Source,
            ["sampled_at"] = WireJson.Text(sample.SampledAt),
            ["age_seconds"] = Math.Max(0, Math.Round((now - sample.SampledAt).TotalSeconds, 3)),
        };
        foreach (var info in ResourceMetrics.All)
        {
            body[info.WireName] = sample[info.Metric] is { } value ? JsonValue.Create(value) : null;
        }

        body["cpu_cores"] = JsonSerializer.SerializeToNode(sample.CpuCores, WireJson.Options);
        body["disks"] = JsonSerializer.SerializeToNode(sample.Disks, WireJson.Options);
        body["networks"] = JsonSerializer.SerializeToNode(sample.Networks, WireJson.Options);
        body["gpus"] = JsonSerializer.SerializeToNode(sample.Gpus, WireJson.Options);
        body["sensors"] = new JsonObject(sample.Sensors.Select(sensor => KeyValuePair.Create(
            sensor.Key, (JsonNode?)new JsonObject { ["state"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(sensor.Value.State.ToString()), ["reason"] = sensor.Value.Reason })));
        return body;
    }
}

/// <summary>The newest sample of a host. A value that was not measured is null, never 0.</summary>
/// <remarks>The members of <see cref="SampleBody"/>, for the OpenAPI document; measured values are added from the catalogue of metrics.</remarks>
/// <param name="Source">The host.</param>
/// <param name="SampledAt">When the sensors were read.</param>
/// <param name="AgeSeconds">The age of the sample.</param>
/// <param name="CpuCores">The usage of each processor, 0–100; empty when not measured.</param>
/// <param name="Disks">The mounted file systems; empty when not measured.</param>
/// <param name="Networks">The network interfaces; empty when not measured.</param>
/// <param name="Gpus">The GPUs; empty when the host has none.</param>
/// <param name="Sensors">The state of each sensor.</param>
internal sealed record SampleMembers(
    string Source, DateTimeOffset SampledAt, double AgeSeconds, IReadOnlyList<double> CpuCores, IReadOnlyList<DiskReading> Disks,
    IReadOnlyList<NetworkReading> Networks, IReadOnlyList<GpuReading> Gpus, IReadOnlyDictionary<string, SensorStatus> Sensors);

/// <summary>The history of a host's resources.</summary>
/// <param name="Source">The host.</param>
/// <param name="Range">The range that the steps cover.</param>
/// <param name="StepSeconds">The length of a step.</param>
/// <param name="Times">The start of each step.</param>
/// <param name="Series">Each metric that was measured, by wire name.</param>
internal sealed record ResourceHistoryBody(
    string Source, RangeBody Range, double StepSeconds, IReadOnlyList<DateTimeOffset> Times, IReadOnlyDictionary<string, SeriesBody> Series);

/// <summary>A metric with one value per step; null for steps without samples.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Min">The minimum of each step.</param>
/// <param name="Mean">The time-weighted mean of each step.</param>
/// <param name="Max">The maximum of each step.</param>
internal sealed record SeriesBody(string Unit, IReadOnlyList<double?> Min, IReadOnlyList<double?> Mean, IReadOnlyList<double?> Max);
