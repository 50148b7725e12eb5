using System.Text.Json;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>Reads host samples from a JSON document. Reports values of the wrong type and leaves validation to <see cref="SampleValidator"/>.</summary>
internal static class SampleBodies
{
    private static readonly Dictionary<string, SensorState> States =
        Enum.GetValues<SensorState>().ToDictionary(state => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString()), StringComparer.Ordinal);

    /// <summary>Reads a sample.</summary>
    /// <returns>The sample, or <see langword="null"/> when it has errors.</returns>
    public static SampleTaken? Read(JsonElement body, SampleValidator validator, FieldErrors errors) =>
        MemberReader.Begin(body, errors) is { } members ? validator.Check(ReadSample(members, errors), errors) : null;

    private static SampleDraft ReadSample(MemberReader members, FieldErrors errors)
    {
        var draft = new SampleDraft
        {
            Source = members.Text("source"),
            SampledAt = members.Time("sampled_at"),
            CoveredSeconds = members.Number("covered_seconds"),
            CpuCores = ReadList(members, "cpu_cores", errors, static item => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double use) ? use : double.NaN),
            Disks = ReadList(members, "disks", errors, ReadObject<DiskReading>),
            Networks = ReadList(members, "networks", errors, ReadObject<NetworkReading>),
            Gpus = ReadList(members, "gpus", errors, ReadObject<GpuReading>),
            Sensors = ReadSensors(members, errors.In("sensors")),
        };
        foreach (var info in ResourceMetrics.All)
        {
            if (members.Number(info.WireName) is { } value)
            {
                draft.Values[info.Metric] = value;
            }
        }

        return draft;
    }

    private static Dictionary<string, SensorStatus> ReadSensors(MemberReader members, FieldErrors errors)
    {
        var read = new Dictionary<string, SensorStatus>(StringComparer.Ordinal);
        if (members.Object("sensors") is not { } sensors)
        {
            return read;
        }

        foreach (string name in Sensors.All)
        {
            if (sensors.Object(name) is not { } sensor)
            {
                continue;
            }

            string? reason = sensor.Text("reason", SampleValidator.ReasonCharacters);
            if (sensor.Find("state") is not null && sensor.Text("state") is var word && States.TryGetValue(word ?? "", out var state))
            {
                read[name] = new(state, reason);
            }
            else if (!errors.In(name).Has("state"))
            {
                sensor.AddError("state", $"state of {name} must be one of {string.Join(", ", States.Keys)}.");
            }
        }

        return read;
    }

    private static List<T> ReadList<T>(MemberReader members, string name, FieldErrors errors, Func<JsonElement, T> read)
    {
        if (members.Find(name) is not { } list)
        {
            return [];
        }

        if (list.ValueKind == JsonValueKind.Array && list.GetArrayLength() <= SampleValidator.MaxListItems)
        {
            return [.. list.EnumerateArray().Select(read)];
        }

        SampleValidator.AddInvalidList(name, errors);
        return [];
    }

    private static T? ReadObject<T>(JsonElement item)
        where T : class
    {
        try
        {
            return item.ValueKind == JsonValueKind.Object ? item.Deserialize<T>(WireJson.Options) : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
