using System.Diagnostics;
using System.Globalization;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Benchmarks.Components;

/// <summary>A decision of the fallback manager among 30 candidates with cached scores, against one that scores them.</summary>
internal static class FallbackAnswers
{
    private const int Candidates = 30;
    private const int WarmUp = 3;
    private const int Batch = 2_000;
    private const int Burst = 200;
    private static readonly string[] Families = ["llama-3.1", "llama-2", "qwen-2.5", "mistral"];
    private static readonly string[] Quantizations = ["Q8_0", "Q4_K_M", "Q6_K", "awq", "bf16"];
    private static readonly string[] Licences = ["llama3.1", "apache-2.0", "mit"];

    /// <summary>Measures.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(ComponentBench bench, CancellationToken cancellationToken)
    {
        await bench.TellAsync("Fallback decisions ...");
        var cached = new Manager(new());
        var uncached = new Manager(new() { MaxCachedScores = 0 });
        for (int i = 0; i < WarmUp; i++)
        {
            await cached.MeasureAsync(cancellationToken);
            await uncached.MeasureAsync(cancellationToken);
        }

        double[] hits = new double[bench.Runs];
        double[] misses = new double[bench.Runs];
        for (int i = 0; i < bench.Runs; i++)
        {
            hits[i] = await cached.MeasureAsync(cancellationToken);
            misses[i] = await uncached.MeasureAsync(cancellationToken);
        }

        return uncached.HitRate is 0 && cached.HitRate > 0.99
            ? [new("fallback decision among 30 candidates, cached scores", Medians.Median(hits), "µs", "scores calculated", Medians.Median(misses), Goal.AtMost(0.5))]
            : throw new MeasuringException(string.Create(CultureInfo.InvariantCulture, $"The hit rates of the caches are {cached.HitRate} and {uncached.HitRate} instead of 1 and 0."));
    }

    private static FallbackGroup Group()
    {
        var wanted = new ModelCandidate
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
        return new("chat", wanted, [.. Enumerable.Range(0, Candidates).Select(number => wanted with
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"candidate-{number}"),
            Family = Families[number % Families.Length],
            Parameters = 8_030_000_000 / (1 + (number % 3)),
            Quantization = Quantizations[number % Quantizations.Length],
            ContextTokens = 131_072 >> (number % 4),
            Licence = Licences[number % Licences.Length],
            Endpoint = number % 5 == 0 ? new("https://models.example/v1") : null,
        })]);
    }

    /// <summary>A manager as a host has it: with a tracker and with samples of its memory.</summary>
    private sealed class Manager
    {
        private static readonly FallbackRequest Request = new() { MinContextTokens = 8_192, MinCompatibility = 0.3 };

        private readonly FallbackGroup _group = Group();
        private readonly PerformanceTracker _tracker = new(new(), null, TimeProvider.System, BenchDownloads.Source);
        private readonly FallbackManager _manager;
        private ResourceSample? _sample;

        public Manager(FallbackOptions options)
        {
            _manager = new(options, _tracker, resources: () => _sample);
        }

        public double? HitRate => _manager.CacheHitRate;

        /// <summary>The mean of many decisions, in microseconds.</summary>
        public async Task<double> MeasureAsync(CancellationToken cancellationToken)
        {
            long ticks = 0;
            for (int done = 0; done < Batch; done += Burst)
            {
                _sample = new(BenchDownloads.Source, TimeProvider.System.GetUtcNow()) { [ResourceMetric.MemoryAvailableMb] = 16_384, [ResourceMetric.GpuMemoryTotalMb] = 24_576, [ResourceMetric.GpuMemoryUsedMb] = 8_192 };
                long began = Stopwatch.GetTimestamp();
                for (int i = 0; i < Burst; i++)
                {
                    await _manager.ChooseAsync(_group, Request, cancellationToken);
                }

                ticks += Stopwatch.GetTimestamp() - began;
                _tracker.Drain();
            }

            return Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds / Batch;
        }
    }
}
