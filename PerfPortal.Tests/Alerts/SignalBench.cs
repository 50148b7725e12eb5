using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Alerts.Preview;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Analysis;

namespace PerfPortal.Tests.Alerts;

/// <summary>A reader of signals over data in memory. Reports go through it, so that it knows when they arrived.</summary>
internal sealed class SignalBench : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly CountedResources _counted;

    public SignalBench(DateTimeOffset? start = null)
    {
        Time = new(start ?? Start);
        Reports = new(Time);
        Ledger = new(Findings);
        Active = new();
        _counted = new(Resources);
        Statistics = new(Operations, new RollupBuffer(Time, cacheBytes: 0), Days.Horizons(Time, 840));
        Reader = new(Statistics, _counted, Active, Ledger, Reports, Time, Scores, Health);
        History = new(Statistics, _counted, Operations, Active, Ledger, Days.Horizons(Time, 840), Time, Scores);
    }

    public FakeTimeProvider Time { get; }

    public MemoryOperations Operations { get; } = new();

    public MemoryResources Resources { get; } = new();

    public MemoryFindings Findings { get; } = new();

    public FindingLedger Ledger { get; }

    public ActiveOperations Active { get; }

    public LastReports Reports { get; }

    public FakeScores Scores { get; } = new();

    public FakeHealth Health { get; } = new();

    public StatisticsReader Statistics { get; }

    public SignalReader Reader { get; private set; }

    public SignalHistory History { get; }

    /// <summary>The number of minutes of hosts that were asked for.</summary>
    public long MinutesAsked => _counted.Asked;

    public void Dispose()
    {
        Reader.Dispose();
        Ledger.Dispose();
    }

    /// <summary>A reader that knows nothing yet, as after a start of the portal.</summary>
    public SignalReader Another(LastReports reports) => new(Statistics, Resources, Active, Ledger, reports, Time, Scores, Health);

    public void Sample(string host, DateTimeOffset at, double cpu, double seconds = 60)
    {
        var sample = new ResourceSample(host, at) { [ResourceMetric.CpuPercent] = cpu };
        Resources.Add(sample, TimeSpan.FromSeconds(seconds));
        Reports.OnCommitted(new([], [], [sample]));
    }

    public Operation End(
        DateTimeOffset end, double seconds = 1, string name = "generate", string source = "gpu-1", OperationStatus status = OperationStatus.Succeeded,
        MetricType type = MetricType.ModelOperation)
    {
        var operation = new Operation
        {
            Id = Guid.NewGuid(),
            MetricType = type,
            Name = name,
            Source = source,
            Status = status,
            StartTime = end - TimeSpan.FromSeconds(seconds),
            EndTime = end,
        };
        Operations.Ended.Add(operation);
        Reports.OnCommitted(new([operation], [], []));
        return operation;
    }

    /// <summary>Measures one rule as of a minute, 10 s later.</summary>
    public async Task<RuleObservation> ReadAsync(AlertRule rule, DateTimeOffset? at = null)
    {
        if (at is { } minute && minute + TimeSpan.FromSeconds(10) > Time.GetUtcNow())
        {
            Time.SetUtcNow(minute + TimeSpan.FromSeconds(10));
        }

        return (await Reader.ReadAsync([rule], at ?? Minute(), CancellationToken.None))[0];
    }

    /// <summary>The last whole minute.</summary>
    public DateTimeOffset Minute() => RollupBuckets.Start(RollupResolution.Minute, RollupBuckets.Of(RollupResolution.Minute, Time.GetUtcNow()));

    /// <summary>A rule on a signal, for tests to change.</summary>
    public static AlertRule Rule(AlertSignal signal, double threshold = 1, AlertPer per = AlertPer.All) => new()
    {
        Id = "r1",
        Name = "Rule",
        Signal = signal,
        Threshold = threshold,
        Per = per,
    };

    public static AlertSignal Cpu { get; } = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent);

    private sealed class CountedResources(IResourceReader inner) : IResourceReader
    {
        public long Asked { get; private set; }

        public Task<IReadOnlyList<ResourceSample>> ReadLatestAsync(CancellationToken cancellationToken) => inner.ReadLatestAsync(cancellationToken);

        public Task ReadSamplesAsync(string source, TimeRange range, Action<ResourceSample, TimeSpan> each, CancellationToken cancellationToken) =>
            inner.ReadSamplesAsync(source, range, each, cancellationToken);

        public ValueTask ReadResourceRollupsAsync(
            string source, RollupResolution resolution, long from, long to, Action<long, ResourceRollup> each, CancellationToken cancellationToken)
        {
            Asked += to - from;
            return inner.ReadResourceRollupsAsync(source, resolution, from, to, each, cancellationToken);
        }
    }
}

/// <summary>Keeps findings in memory.</summary>
internal sealed class MemoryFindings : IFindingStore
{
    public List<Finding> Stored { get; } = [];

    public Task<IReadOnlyList<Finding>> ReadAllAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>([.. Stored]);

    public Task SaveAsync(IReadOnlyCollection<Finding> written, IReadOnlyCollection<string> removedIds, CancellationToken cancellationToken) => Task.CompletedTask;

    public static Finding Of(FindingKind kind, DateTimeOffset since, double size, string? source = "gpu-1", string measure = FindingMeasures.Duration, Severity severity = Severity.Warning) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Latest = new()
        {
            Kind = kind,
            Subject = new(source, null, null, measure),
            Since = since,
            SinceLow = since,
            SinceHigh = since,
            Size = size,
            Unit = "s",
            Confidence = 0.9,
            Severity = severity,
            Impact = 1,
            Sentence = "Something is wrong.",
        },
        FirstSeen = since,
        LastSeen = since,
    };
}

/// <summary>A score as a test sets it.</summary>
internal sealed class FakeScores : IScoreSource
{
    public Dictionary<string, double?> Values { get; } = [];

    public int Reads { get; private set; }

    public Task<double?> ReadAsync(string? source, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(Values.GetValueOrDefault(source ?? ""));
    }
}

/// <summary>Parts of the portal as a test sets them.</summary>
internal sealed class FakeHealth : IPortalHealth
{
    public List<PortalPart> Parts { get; } = [];

    public ValueTask<IReadOnlyList<PortalPart>> ReadAsync(CancellationToken cancellationToken) => new([.. Parts]);
}
