using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Samples of other hosts: one or an array, all or nothing.</summary>
internal static class ResourceReportApi
{
    private const int MaxSamples = 10_000;
    private const int MaxMembers = 1_024;
    private static readonly TimeSpan AssumedCover = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxCover = TimeSpan.FromMinutes(5);

    /// <summary>Maps the route.</summary>
    public static void MapResourceReportApi(this RouteGroupBuilder group) => group.MapPost("/resources", ReportAsync)
        .Accepts<JsonElement>("application/json").Produces<SamplesAnswer>()
        .WithSummary("Report samples of another host")
        .WithDescription("A sample or an array of at most 10,000, all or nothing: source, sampled_at?, covered_seconds? (the time that the sample stands for; 30 when it is missing), and members as in /resources/current. The same source and moment again changes nothing.");

    private static async Task<IResult> ReportAsync(
        HttpContext context, OperationJournal journal, RetentionHorizons horizons, TimeProvider time, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            var entries = Read(document.RootElement, Reporter.SourceOf(context), time.GetUtcNow(), horizons.OldestSample, errors);
            if (errors.Count > 0)
            {
                return Problems.Invalid(errors);
            }

            try
            {
                await journal.SubmitAsync(entries, cancellationToken).ConfigureAwait(false);
                return TypedResults.Ok(new SamplesAnswer(entries.Count));
            }
            catch (JournalUnavailableException exception)
            {
                return Problems.Unavailable(exception.Message, exception.RetryAfter);
            }
        }
    }

    private static List<JournalEntry> Read(JsonElement body, string defaultSource, DateTimeOffset now, DateTimeOffset oldest, List<ValidationError> errors)
    {
        var entries = new List<JournalEntry>();
        if (body.ValueKind != JsonValueKind.Array)
        {
            Add(body, "");
            return entries;
        }

        if (body.GetArrayLength() > MaxSamples)
        {
            errors.Add(new(string.Create(CultureInfo.InvariantCulture, $"The body holds {body.GetArrayLength()} samples; at most {MaxSamples} are taken."), ""));
            return entries;
        }

        int index = 0;
        foreach (var item in body.EnumerateArray())
        {
            Add(item, "/" + index++.ToString(CultureInfo.InvariantCulture));
            if (errors.Count > 100)
            {
                break;
            }
        }

        return entries;

        void Add(JsonElement item, string pointer)
        {
            if (MemberReader.Begin(item, pointer, errors) is { } members && ReadSample(members, defaultSource, now, oldest) is { } entry)
            {
                entries.Add(entry);
            }
        }
    }

    private static SampleTaken? ReadSample(MemberReader members, string defaultSource, DateTimeOffset now, DateTimeOffset oldest)
    {
        string source = members.Text("source", OperationLimits.SourceCharacters) is { Length: > 0 } text ? text : defaultSource;
        if (source == PortalSource.Name)
        {
            members.AddError("source", $"source {PortalSource.Name} is the portal's own.");
        }

        var at = members.Time("sampled_at") ?? now.ToWholeMicroseconds();
        if (at > now + OperationLimits.FutureTolerance)
        {
            members.AddError("sampled_at", "sampled_at lies more than 5 minutes in the future.");
        }
        else if (at < oldest)
        {
            members.AddError("sampled_at", string.Create(
                CultureInfo.InvariantCulture, $"sampled_at lies before {oldest:yyyy-MM-ddTHH:mm:ssZ}, the retention horizon; raise MetricsRetentionHours to import older samples."));
        }

        var covered = members.Number("covered_seconds", 0, MaxCover.TotalSeconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : AssumedCover;
        var sample = new ResourceSample(source, at);
        int values = 0;
        foreach (var info in ResourceMetrics.All)
        {
            if (members.Number(info.WireName, 0, info.Max) is { } value)
            {
                sample[info.Metric] = value;
                values++;
            }
        }

        sample.CpuCores = Items(members, "cpu_cores", (item, _) => item.ValueKind == JsonValueKind.Number && item.TryGetDouble(out double use) && use is >= 0 and <= 100 ? use : (double?)null, "numbers from 0 to 100")
            .OfType<double>().ToList();
        sample.Disks = ReadObjects<DiskReading>(members, "disks");
        sample.Networks = ReadObjects<NetworkReading>(members, "networks");
        sample.Gpus = ReadObjects<GpuReading>(members, "gpus");
        if (values == 0 && sample.CpuCores.Count + sample.Disks.Count + sample.Networks.Count + sample.Gpus.Count == 0)
        {
            members.AddError("source", "The sample holds no measured value; it needs at least one member such as cpu_percent.");
        }

        sample.Sensors = SensorsOf(sample);
        return members.IsValid ? new(sample, covered) : null;
    }

    /// <summary>A sensor none of whose values is reported is absent, and says so.</summary>
    private static Dictionary<string, SensorStatus> SensorsOf(ResourceSample sample) => Sensors.All.ToDictionary(
        sensor => sensor,
        sensor => ResourceMetrics.All.Any(info => info.Sensor == sensor && sample[info.Metric] is not null)
            ? SensorStatus.Ok
            : new SensorStatus(SensorState.Absent, "The host does not report it."));

    private static List<T> ReadObjects<T>(MemberReader members, string name)
        where T : class => Items(
            members, name,
            (item, _) =>
            {
                try
                {
                    return IsReading(item) ? item.Deserialize<T>(Wire.WireJson.Options) : null;
                }
                catch (JsonException)
                {
                    return null;
                }
            },
            "objects as in /resources/current, each with a name, and with finite numbers").OfType<T>().ToList();

    private static bool IsReading(JsonElement item) => item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
        && MemberReader.TryGetString(name, out string text) && text.Length is > 0 and <= OperationLimits.SourceCharacters
        && item.EnumerateObject().All(member => member.Value.ValueKind != JsonValueKind.Number || (member.Value.TryGetDouble(out double number) && double.IsFinite(number)));

    private static List<T?> Items<T>(MemberReader members, string name, Func<JsonElement, int, T?> read, string expected)
    {
        if (members.Find(name, isRequired: false) is not { } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxMembers)
        {
            members.AddError(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be an array of at most {MaxMembers} {expected}."));
            return [];
        }

        var items = list.EnumerateArray().Select((item, index) => read(item, index)).ToList();
        if (items.Any(item => item is null))
        {
            members.AddError(name, $"{name} must hold {expected}.");
        }

        return items;
    }
}

/// <summary>What became of samples.</summary>
/// <param name="Accepted">Samples that are durable now.</param>
internal sealed record SamplesAnswer(int Accepted);
