using PerfPortal.Benchmarks.Workload.Models;
using PerfPortal.Benchmarks.Workload.Server;
using PerfPortal.Domain.Models.Fallbacks.Candidates;

namespace PerfPortal.Benchmarks.Workload.Running;

/// <summary>What a workload works with, and how often what goes wrong. docs/models/workload.md states the same numbers.</summary>
internal static class WorkloadPlan
{
    /// <summary>Of the checks, every how many reads all bytes.</summary>
    public const int FullCheckEvery = 12;

    /// <summary>The chance that a byte on the disk is flipped before a check.</summary>
    public const double FlipShare = 1.0 / 24;

    private const int BytesPerWeight = 2;
    private const long Large = 24_000_000;
    private const long Medium = 6_000_000;
    private const long Small = 3_000_000;

    /// <summary>The pause after a download.</summary>
    public static readonly TimeSpan DownloadPause = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a check.</summary>
    public static readonly TimeSpan CheckPause = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a generation, in each group.</summary>
    public static readonly TimeSpan GenerationPause = TimeSpan.FromSeconds(1);

    /// <summary>The models.</summary>
    public static IReadOnlyList<ServedModel> Models { get; } =
    [
        new("local/chat", ModelFormat.Safetensors, Large) { Shards = 3 },
        new("local/chat-q8", ModelFormat.Gguf, Large),
        new("local/chat-mini", ModelFormat.Safetensors, Small),
        new("local/summary", ModelFormat.Safetensors, Medium) { Shards = 2 },
        new("local/summary-q8", ModelFormat.Gguf, Medium),
    ];

    /// <summary>What goes wrong with requests for the content of files.</summary>
    public static ServerFaults Faults { get; } = new()
    {
        BytesPerSecondPerConnection = 2_000_000,
        UnavailableShare = 0.02,
        TooManyShare = 0.01,
        ResetShare = 0.02,
        CorruptShare = 0.005,
    };

    /// <summary>How the models answer.</summary>
    public static IReadOnlyDictionary<string, GenerationBehaviour> Generation { get; } = new Dictionary<string, GenerationBehaviour>
    {
        ["chat"] = Answers(300, 0.35),
        ["chat-standby"] = Answers(900, 0.4),
        ["chat-q8"] = Answers(500, 0.15),
        ["chat-mini"] = Answers(150, 0.03),
        ["summary"] = Answers(400, 0.25),
        ["summary-q8"] = Answers(200, 0.05),
    };

    /// <summary>The groups. In <c>chat</c> the default order begins with what is slow and fails often; in <c>summary</c> it is right already.</summary>
    /// <param name="server">Where the models answer.</param>
    public static IReadOnlyList<FallbackGroup> Groups(Uri server)
    {
        var chat = Candidate(server, "local/chat", "chat", Large, "bf16");
        var mini = Candidate(server, "local/chat-mini", "chat", Small, "bf16");
        var summary = Candidate(server, "local/summary", "summary", Medium, "bf16");
        return
        [
            new("chat", chat,
            [
                chat with { Name = "local/chat-standby", Endpoint = new(server, "generate/chat-standby") },
                chat with { Name = "local/chat-q8", Quantization = "Q8_0", Endpoint = new(server, "generate/chat-q8") },
                mini,
            ]),
            new("summary", summary, [summary with { Name = "local/summary-q8", Quantization = "Q8_0", Endpoint = new(server, "generate/summary-q8") }, mini]),
        ];
    }

    private static GenerationBehaviour Answers(int milliseconds, double failureShare) => new(TimeSpan.FromMilliseconds(milliseconds), failureShare, Spread: 0.5);

    private static ModelCandidate Candidate(Uri server, string name, string family, long bytes, string quantization) => new()
    {
        Name = name,
        Task = "text-generation",
        Family = family,
        Parameters = bytes / BytesPerWeight,
        Quantization = quantization,
        ContextTokens = 2_048,
        Licence = "MIT",
        Endpoint = new(server, "generate/" + name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]),
        IsLoaded = true,
    };
}
