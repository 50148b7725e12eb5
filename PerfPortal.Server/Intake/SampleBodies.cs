using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>Reads host samples from a JSON document. Reports values of the wrong type and leaves validation to <see cref="SampleValidator"/>.</summary>
internal static class SampleBodies
{
    private const int EnoughErrors = 100;

    /// <summary>Reads a sample or an array of samples.</summary>
    /// <returns>The samples without errors.</returns>
    public static List<SampleTaken> Read(JsonElement body, SampleValidator validator, List<ValidationError> errors)
    {
        var samples = new List<SampleTaken>();
        if (body.ValueKind != JsonValueKind.Array)
        {
            Add(body, new(errors));
            return samples;
        }

        if (body.GetArrayLength() > SampleValidator.MaxSamples)
        {
            new FieldErrors(errors).Add(string.Create(
                CultureInfo.InvariantCulture, $"The body contains {body.GetArrayLength()} samples; at most {SampleValidator.MaxSamples} are accepted."));
            return samples;
        }

        int index = 0;
        foreach (var item in body.EnumerateArray())
        {
            Add(item, new(errors, "/" + index++.ToString(CultureInfo.InvariantCulture)));
            if (errors.Count > EnoughErrors)
            {
                break;
            }
        }

        return samples;

        void Add(JsonElement item, FieldErrors itemErrors)
        {
            if (MemberReader.Begin(item, itemErrors) is { } members && validator.Check(ReadSample(members, itemErrors), itemErrors) is { } sample)
            {
                samples.Add(sample);
            }
        }
    }

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
