using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using Xunit;

namespace PerfPortal.Tests.Models.Fallbacks;

/// <summary>The example of <c>docs/models/fallbacks.md</c> compiles and does what the page says.</summary>
public sealed class FallbackDocumentTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "PerfPortal.Tests", "Models", "Fallbacks");
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "models", "fallbacks.md"));

    [Fact]
    public async Task The_example_runs()
    {
        // The example begins.
        var manager = new FallbackManager();
        var group = new FallbackGroup(
            "chat",
            wanted: new()
            {
                Name = "llama-8b",
                Task = "text-generation",
                Family = "llama-3.1",
                Parameters = 8_030_000_000,
                Quantization = "Q8_0",
                ContextTokens = 131_072,
            },
            candidates:
            [
                new()
                {
                    Name = "llama-8b-q4", Task = "text-generation", Family = "llama-3.1", Parameters = 8_030_000_000, Quantization = "Q4_K_M", ContextTokens = 131_072,
                },
                new()
                {
                    Name = "llama-3b", Task = "text-generation", Family = "llama-3.2", Parameters = 3_210_000_000, Quantization = "Q8_0", ContextTokens = 131_072,
                    Endpoint = new("http://127.0.0.1:8081/"),
                },
            ]);

        var result = await manager.ExecuteAsync(
            group,
            new FallbackRequest { MinContextTokens = 8_192, MustBeLocal = true },
            (candidate, token) => GenerateAsync(candidate, "Why is the sky blue?", token),
            CancellationToken.None);

        Console.WriteLine($"{result.Decision.Chosen!.Candidate.Name}: {result.Value}");

        // Your call of the model. Here only models behind an address answer.
        static Task<string> GenerateAsync(ModelCandidate candidate, string prompt, CancellationToken cancellationToken) =>
            candidate.Endpoint is null ? throw new IOException("It is not running.") : Task.FromResult($"The answer to: {prompt}");
        // The example ends.
        Assert.Equal("llama-3b", result.Decision.Chosen.Candidate.Name);
        Assert.Equal("other_family", result.Decision.Chosen.Strategy.WireName());
    }

    [Fact]
    public void The_page_has_the_example_as_it_runs()
    {
        string source = File.ReadAllText(Path.Combine(Folder, "FallbackDocumentTests.cs"));
        string body = source.Split("// The example begins.")[1].Split("// The example ends.")[0];
        string example = string.Join('\n', body.Trim('\n', ' ').Split('\n').Select(line => line.Length > 8 && line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : line.Trim()));
        string usings = string.Join('\n', source.Split('\n').Where(line => line.StartsWith("using PerfPortal.Domain.", StringComparison.Ordinal)));
        Assert.Contains("```csharp\n" + usings + "\n\n" + example + "\n```", Page);
    }

    [Fact]
    public void The_page_states_the_weights_and_the_strategies()
    {
        var weights = new ScoreWeights();
        (string Part, double Weight)[] parts =
        [
            ("family", weights.Family), ("size", weights.Size), ("quantization", weights.Quantization), ("context", weights.Context), ("locality", weights.Locality),
            ("licence", weights.Licence),
        ];
        Assert.All(parts, part => Assert.Contains(FormattableString.Invariant($"| `{part.Part}` | {part.Weight:0.00} |"), Page));
        Assert.All(Enum.GetValues<FallbackStrategy>(), strategy => Assert.Contains($"`{strategy.WireName()}`", Page));
    }
}
