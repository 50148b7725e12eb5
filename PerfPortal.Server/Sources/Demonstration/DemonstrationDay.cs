using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Sources.Demonstration;

/// <summary>
/// A made-up day of one host that serves models: operations of all six types, a slow download server in the evening, a registry that was away for three quarters of an hour, and a few
/// operations in progress. The same for the same end: the random numbers have a fixed seed.
/// </summary>
internal sealed class DemonstrationDay
{
    /// <summary>The source of everything.</summary>
    public const string Source = Views.DemonstrationMark.Source;

    /// <summary>The length.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromDays(1);

    private const int Seed = 20_260_304;
    private const double Mega = 1e6;

    // Otherwise the first operations are in the period before the last 24 hours as soon as they are loaded, and every change is compared with one operation.
    private const double FirstMinute = 20;

    // Hours before the end.
    private const double SlowFrom = 8;
    private const double SlowTo = 5;
    private const double OutageFrom = 3;
    private const double OutageTo = 2.25;

    private static readonly (string Name, double Share, double TokensPerSecond, double LoadSeconds)[] Models =
        [("llama-3-8b", 0.46, 62, 4.1), ("mistral-7b", 0.34, 74, 3.2), ("qwen-2.5-14b", 0.2, 31, 7.8)];

    private static readonly (string Name, double Gigabytes)[] Downloads = [("llama-3-8b", 4.9), ("mistral-7b", 4.1), ("qwen-2.5-14b", 8.9), ("phi-4-mini", 2.5)];

    // The host is overloaded while the registry is away, because everything is retried.
    private const double OutageLoad = 1.5;

    private readonly Random _random = new(Seed);
    private readonly DateTimeOffset _end;
    private readonly List<Operation> _ended = [];

    private DemonstrationDay(DateTimeOffset end)
    {
        _end = end.ToWholeMicroseconds();
        AddModelOperations();
        AddHealthChecks();
        AddDownloads();
        AddCollections();
        AddScans();
        Ended = [.. _ended.Where(operation => operation.EndTime <= _end).OrderBy(operation => operation.EndTime).ThenBy(operation => operation.Id)];
        Running =
        [
            InProgress(MetricType.DownloadOperation, "qwen-2.5-14b", 95, new(3.1e9, 8.9e9, "B")),
            InProgress(MetricType.ModelOperation, "llama-3-8b", 12, new(310, 512, "tokens")),
            InProgress(MetricType.AnalyticsCollection, "usage", 40, new(18_000, 52_000, "records")),
        ];
        Samples = [.. Enumerable.Range(0, (int)Length.TotalMinutes).Select(minute => Sample(_end - TimeSpan.FromMinutes(minute))).Reverse()];
    }

    /// <summary>The ended operations, by end.</summary>
    public IReadOnlyList<Operation> Ended { get; }

    /// <summary>The operations in progress, with their progress.</summary>
    public IReadOnlyList<Operation> Running { get; }

    /// <summary>A sample of the host for each minute, oldest first.</summary>
    public IReadOnlyList<ResourceSample> Samples { get; }

    /// <summary>Makes the day that ends at a time.</summary>
    public static DemonstrationDay EndingAt(DateTimeOffset end) => new(end);

    private void AddModelOperations()
    {
        for (double minute = FirstMinute; minute < Length.TotalMinutes; minute += Exponential(0.75 / Load(_end - Length + TimeSpan.FromMinutes(minute))))
        {
            var model = Pick();
            int output = 20 + (int)Exponential(140);
            double first = Spread(0.35, 0.3);
            double speed = Spread(model.TokensPerSecond, 0.12);
            double load = _random.NextDouble() < 0.03 ? Spread(model.LoadSeconds, 0.2) : 0;
            bool isOutOfMemory = model.Name == "qwen-2.5-14b" && _random.NextDouble() < 0.45;
            Add(
                MetricType.ModelOperation, model.Name, minute, isOutOfMemory ? Spread(2, 0.3) : load + first + (output / speed),
                isOutOfMemory ? ("OutOfMemory", "CUDA out of memory: 1.2 GiB could not be allocated.") : _random.NextDouble() < 0.008 ? ("Timeout", "No answer within 60 s.") : null,
                ("model", MetadataValue.From(model.Name)), ("input_tokens", MetadataValue.From((long)Exponential(400))), ("output_tokens", MetadataValue.From((long)output)),
                ("tokens_per_second", MetadataValue.From(Math.Round(speed, 2))), ("time_to_first_token_seconds", MetadataValue.From(Math.Round(first, 3))));
        }

        (string Name, double Share, double TokensPerSecond, double LoadSeconds) Pick()
        {
            double draw = _random.NextDouble();
            return draw < Models[0].Share ? Models[0] : draw < Models[0].Share + Models[1].Share ? Models[1] : Models[2];
        }
    }

    private void AddHealthChecks()
    {
        for (double minute = FirstMinute; minute < Length.TotalMinutes; minute += 3)
        {
            Add(MetricType.HealthCheck, "model-files", minute, Spread(1.8, 0.2), null,
                (HealthCheckFacts.IntegrityScore, MetadataValue.From(1.0)), (HealthCheckFacts.FilesChecked, MetadataValue.From(412L)), (HealthCheckFacts.FilesMissing, MetadataValue.From(0L)));
            bool isAway = IsBetween(minute, OutageFrom, OutageTo);
            Add(MetricType.HealthCheck, "registry", minute + 1, isAway ? 5 : Spread(0.12, 0.4), isAway ? ("ConnectionRefused", "registry.example:443 refused the connection.") : null);
            if (isAway)
            {
                Add(MetricType.FallbackStrategy, "mirror", minute + 1.2, Spread(0.6, 0.3), null,
                    ("strategy", MetadataValue.From("mirror")), ("chosen", MetadataValue.From("mirror-eu")), ("alternatives_considered", MetadataValue.From(2L)));
            }
        }
    }

    private void AddDownloads()
    {
        for (double minute = FirstMinute + 4; minute < Length.TotalMinutes - 10; minute += 8 + Exponential(7))
        {
            var (name, gigabytes) = Downloads[_random.Next(Downloads.Length)];
            double bytes = gigabytes * 1e9;
            double speed = Spread(IsBetween(minute, SlowFrom, SlowTo) ? 9 * Mega : 92 * Mega, 0.2);
            bool isReset = _random.NextDouble() < (name == "qwen-2.5-14b" ? 0.35 : 0.02);
            double share = isReset ? 0.2 + (0.6 * _random.NextDouble()) : 1;
            Add(MetricType.DownloadOperation, name, minute, bytes * share / speed,
                isReset ? ("ConnectionReset", "The server closed the connection.") : null,
                ("bytes_total", MetadataValue.From((long)bytes)), ("bytes_downloaded", MetadataValue.From((long)(bytes * share))),
                ("download_speed_bytes_per_second", MetadataValue.From(Math.Round(speed))), ("retry_count", MetadataValue.From(isReset ? 1L : 0L)));
            if (isReset)
            {
                Add(MetricType.FallbackStrategy, "resume", minute + 0.1 + (bytes * share / speed / 60), Spread(0.9, 0.3), null,
                    ("strategy", MetadataValue.From("resume")), ("cache_hit", MetadataValue.From(true)));
            }
        }
    }

    private void AddCollections()
    {
        for (double minute = FirstMinute + 2; minute < Length.TotalMinutes; minute += 15)
        {
            double seconds = Spread(38, 0.15);
            Add(MetricType.AnalyticsCollection, "usage", minute, seconds, null,
                ("records_processed", MetadataValue.From((long)Spread(50_000, 0.1))), ("processing_seconds", MetadataValue.From(Math.Round(seconds * 0.9, 2))));
        }
    }

    private void AddScans()
    {
        for (double minute = 30; minute < Length.TotalMinutes; minute += 60)
        {
            Add(MetricType.SystemResource, "disk-scan", minute, Spread(9, 0.2), null);
        }
    }

    private void Add(MetricType type, string name, double minute, double seconds, (string Type, string Message)? error, params (string Name, MetadataValue Value)[] facts)
    {
        var start = (_end - Length + TimeSpan.FromMinutes(minute)).ToWholeMicroseconds();
        _ended.Add(new()
        {
            Id = NextId(start),
            MetricType = type,
            Name = name,
            Source = Source,
            Status = error is null ? OperationStatus.Succeeded : OperationStatus.Failed,
            StartTime = start,
            EndTime = start + Microseconds.FromSeconds(Math.Max(0.001, seconds)),
            ErrorType = error?.Type,
            ErrorMessage = error?.Message,
            Metadata = Metadata.Of(facts.Select(fact => KeyValuePair.Create(fact.Name, fact.Value))),
        });
    }

    private Operation InProgress(MetricType type, string name, double seconds, Progress progress)
    {
        var start = (_end - TimeSpan.FromSeconds(seconds)).ToWholeMicroseconds();
        return new() { Id = NextId(start), MetricType = type, Name = name, Source = Source, Status = OperationStatus.Running, StartTime = start, Progress = progress };
    }

    private ResourceSample Sample(DateTimeOffset at)
    {
        double hoursLeft = (_end - at).TotalHours;
        double load = Load(at) * (hoursLeft is <= OutageFrom and > OutageTo ? OutageLoad : 1);
        double busy = Math.Clamp(Spread(70 * load, 0.12), 2, 100);
        double free = 180 + (hoursLeft * 6.5);
        double memory = Math.Clamp(Spread(38 + (22 * load), 0.03), 5, 97);
        double gpuMemory = Math.Clamp(Spread(11_500 + (11_000 * load), 0.03), 500, 24_000);
        return new(Source, at)
        {
            [ResourceMetric.CpuPercent] = Math.Round(busy, 1),
            [ResourceMetric.CpuCount] = 16,
            [ResourceMetric.Load1] = Math.Round(busy * 0.16, 2),
            [ResourceMetric.MemoryPercent] = Math.Round(memory, 1),
            [ResourceMetric.MemoryTotalMb] = 65_536,
            [ResourceMetric.MemoryUsedMb] = Math.Round(memory * 655.36),
            [ResourceMetric.MemoryAvailableMb] = Math.Round((100 - memory) * 655.36),
            [ResourceMetric.DiskTotalGb] = 931,
            [ResourceMetric.DiskFreeGb] = Math.Round(free, 1),
            [ResourceMetric.DiskPercent] = Math.Round(100 * (931 - free) / 931, 1),
            [ResourceMetric.NetworkRxBytesPerSecond] = Math.Round(Spread((hoursLeft is < SlowFrom and > SlowTo ? 12 : 40) * Mega * load, 0.3)),
            [ResourceMetric.NetworkTxBytesPerSecond] = Math.Round(Spread(3 * Mega * load, 0.3)),
            [ResourceMetric.GpuUtilizationPercent] = Math.Round(Math.Clamp(Spread(78 * load, 0.15), 0, 100), 1),
            [ResourceMetric.GpuMemoryTotalMb] = 24_576,
            [ResourceMetric.GpuMemoryUsedMb] = Math.Round(gpuMemory),
            [ResourceMetric.GpuMemoryPercent] = Math.Round(gpuMemory / 245.76, 1),
            [ResourceMetric.GpuTemperatureCelsius] = Math.Round(Math.Min(92, 38 + (34 * load))),
        };
    }

    /// <summary>How busy the host is, 0.25–1: least at four in the night (UTC), most twelve hours later.</summary>
    private static double Load(DateTimeOffset at) => 0.625 - (0.375 * Math.Cos((at.UtcDateTime.TimeOfDay.TotalHours - 4) / 24 * 2 * Math.PI));

    private static bool IsBetween(double minute, double fromHours, double toHours) => (Length.TotalMinutes - minute) / 60 is var left && left <= fromHours && left > toHours;

    /// <summary>A version 7 id that depends on the start and the seed only.</summary>
    private Guid NextId(DateTimeOffset start)
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        long ms = start.ToUnixTimeMilliseconds();
        for (int i = 0; i < 6; i++)
        {
            bytes[i] = (byte)(ms >> (40 - (8 * i)));
        }

        bytes[6] = (byte)(0x70 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new(bytes, bigEndian: true);
    }

    private double Exponential(double mean) => -mean * Math.Log(1 - _random.NextDouble());

    /// <summary>A value around a mean, log-normal.</summary>
    private double Spread(double mean, double spread) =>
        mean * Math.Exp(spread * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));
}
