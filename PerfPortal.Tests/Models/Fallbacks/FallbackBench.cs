using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;
using PerfPortal.Tests.Journal;

namespace PerfPortal.Tests.Models.Fallbacks;

/// <summary>A fallback manager with a clock that stands still, and what it reports.</summary>
internal sealed class FallbackBench : IOperationSink
{
    public static readonly DateTimeOffset Start = new(2026, 3, 8, 12, 0, 0, TimeSpan.Zero);

    public static readonly ModelCandidate Wanted = new()
    {
        Name = "llama-8b",
        Task = "text-generation",
        Family = "llama-3.1",
        Parameters = 8_030_000_000,
        Quantization = "Q8_0",
        ContextTokens = 131_072,
        Licence = "llama3.1",
        Modalities = ["text"],
    };

    private readonly ConcurrentQueue<Operation> _ended = [];

    public FallbackBench(FallbackOptions? options = null, IAdviser? adviser = null)
    {
        Tracker = new(new ActiveOperations(), this, Time, "host-a");
        Manager = new(options ?? new() { Random = () => 0.9 }, Tracker, adviser, () => Sample, Time);
    }

    public FakeTimeProvider Time { get; } = new(Start);

    public PerformanceTracker Tracker { get; }

    public FallbackManager Manager { get; }

    public ResourceSample? Sample { get; set; }

    bool IOperationSink.IsClosed => false;

    /// <summary>What was reported so far.</summary>
    public Operation[] Ended
    {
        get
        {
            Tracker.Drain();
            return [.. _ended];
        }
    }

    /// <summary>A candidate that differs from the wanted model only in name and place.</summary>
    public static ModelCandidate Other(string name) => Wanted with { Name = name, Endpoint = new($"http://127.0.0.1/{Uri.EscapeDataString(name)}") };

    public static FallbackGroup Group(params ModelCandidate[] candidates) => new("chat", Wanted, candidates);

    public static FallbackGroup GroupOf(params string[] names) => Group([.. names.Select(Other)]);

    /// <summary>Lets time pass until the task ends.</summary>
    public async Task PassUntilAsync(Task task, double seconds)
    {
        await JournalBench.WhenAsync(() =>
        {
            Time.Advance(TimeSpan.FromSeconds(seconds));
            return task.IsCompleted;
        });
    }

    bool IOperationSink.HasRoomFor(int entries) => true;

    bool IOperationSink.TrySubmit(IReadOnlyList<JournalEntry> entries)
    {
        foreach (var entry in entries.OfType<OperationEnded>())
        {
            _ended.Enqueue(entry.Operation);
        }

        return true;
    }
}

/// <summary>An adviser that answers what it is told, and the ranks that follow from the times.</summary>
internal sealed class FakeAdviser(params AdviceItem[] items) : IAdviser
{
    private readonly AdviceItem[] _items =
    [
        .. items,
        .. items.Where(item => item is { Kind: AdviceKinds.ExpectedSeconds, Subject: not null, IsLearned: true, Value: >= 0 }).OrderBy(item => item.Value)
            .Select((item, index) => item with { Kind = AdviceKinds.AlternativeRank, Value = index + 1 }),
    ];

    private int _asked;

    public int Asked => Volatile.Read(ref _asked);

    public Func<CancellationToken, Task>? Before { get; set; }

    public static AdviceItem Item(string kind, string? subject, double value, double confidence = 0.9, double validSeconds = 300) => new()
    {
        Kind = kind,
        Subject = subject,
        Value = value,
        Unit = "",
        SampleCount = 100,
        Confidence = confidence,
        ExpiresAt = FallbackBench.Start.AddSeconds(validSeconds),
        SafeDefault = null,
        Reason = "Recorded.",
    };

    public async ValueTask<IReadOnlyList<AdviceItem>> AdviseAsync(AdviceQuestion question, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        if (Before is { } before)
        {
            await before(cancellationToken);
        }

        return _items;
    }
}
