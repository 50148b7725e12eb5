using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Advice.Learned;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Tests.Advice;

/// <summary>A generated history, and an adviser on it. Operations end one minute apart unless told otherwise.</summary>
internal sealed class Past : IAdviceFactsReader
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private DateTimeOffset _end = Start;

    public Past()
    {
        History = new(Time);
        Adviser = new(History, this, Time);
    }

    public FakeTimeProvider Time { get; } = new(Start.AddDays(3));

    public AdviceHistory History { get; }

    public HistoryAdviser Adviser { get; }

    public List<Operation> Operations { get; } = [];

    public ResourceSample? Load { get; set; }

    public Dictionary<string, long>? Uses { get; set; }

    public TimeSpan Step { get; set; } = TimeSpan.FromMinutes(1);

    public static Operation Operation(MetricType type, string name, double seconds, bool succeeded, DateTimeOffset end, params (string Name, object? Value)[] facts) => new()
    {
        Id = Guid.NewGuid(),
        MetricType = type,
        Name = name,
        Source = "host",
        Status = succeeded ? OperationStatus.Succeeded : OperationStatus.Failed,
        StartTime = end - TimeSpan.FromSeconds(seconds),
        EndTime = end,
        Metadata = Metadata.Of(facts.Select(fact => KeyValuePair.Create(fact.Name, fact.Value switch
        {
            string text => MetadataValue.From(text),
            bool flag => MetadataValue.From(flag),
            int whole => MetadataValue.From((long)whole),
            double number => MetadataValue.From(number),
            _ => default,
        }))),
    };

    public void Add(Operation operation)
    {
        Operations.Add(operation);
        History.OnCommitted(new([operation], [], []));
    }

    public void Add(MetricType type, string name, double seconds, bool succeeded, params (string Name, object? Value)[] facts)
    {
        _end += Step;
        Add(Operation(type, name, seconds, succeeded, _end, facts));
    }

    public void Download(double seconds, double bytes, bool succeeded = true, string host = "models.example", params (string Name, object? Value)[] facts) =>
        Add(MetricType.DownloadOperation, "file", seconds, succeeded, [("bytes_downloaded", bytes), ("url", $"https://{host}/a/file"), .. facts]);

    public void Check(string name, double seconds, double? score, bool corrupted, bool? full = null, double? bytes = null) => Add(
        MetricType.HealthCheck, name, seconds, true, ("integrity_score", score), ("corruption_detected", corrupted), ("check", full is { } whole ? whole ? "full" : "sampled" : null), ("bytes_checked", bytes));

    public void Fallback(string attempts, double seconds = 1, bool succeeded = true, string name = "chat", params (string Name, object? Value)[] facts) =>
        Add(MetricType.FallbackStrategy, name, seconds, succeeded, [("attempts", attempts), .. facts]);

    public async Task<AdviceItem[]> AskAsync(AdviceQuestion question) => [.. await Adviser.AdviseAsync(question, CancellationToken.None)];

    public Task<AdviceItem[]> DownloadAsync(string? host = "models.example", long? size = null) => AskAsync(new(AdviceTopic.Download, "host", null, host, size));

    public Task<AdviceItem[]> HealthAsync(string? name = null) => AskAsync(new(AdviceTopic.HealthCheck, "host", name));

    public Task<AdviceItem[]> FallbackAsync(string? name = "chat") => AskAsync(new(AdviceTopic.Fallback, "host", name));

    public ValueTask<ResourceSample?> ReadLoadAsync(string? source, CancellationToken cancellationToken) => new(Load);

    public ValueTask<IReadOnlyDictionary<string, long>?> ReadUsesAsync(string? source, CancellationToken cancellationToken) => new(Uses);
}

/// <summary>Finds items.</summary>
internal static class AdviceItems
{
    public static AdviceItem Of(this IEnumerable<AdviceItem> items, string kind, string? subject = null) =>
        items.Single(item => item.Kind == kind && item.Subject == subject);

    public static bool Has(this IEnumerable<AdviceItem> items, string kind) => items.Any(item => item.Kind == kind);
}
