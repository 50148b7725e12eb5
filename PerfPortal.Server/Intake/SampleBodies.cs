using System.Text.Json;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>Reads host samples from a JSON document. Reports values of the wrong type and leaves validation to <see cref="SampleValidator"/>.</summary>
internal static class SampleBodies
{
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
