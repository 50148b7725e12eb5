using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using PerfPortal.Domain.Models.Fallbacks;
using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Models.Fallbacks.Scoring;
using PerfPortal.Domain.Models.Health;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Benchmarks.Workload.Running;

/// <summary>Asks the model that a group wants, again and again, and falls back when it fails. Each request to a model is a model operation.</summary>
internal sealed class GenerationLoop(FallbackGroup group, FallbackManager fallbacks, ModelHealthMonitor monitor, HttpClient http, PerformanceTracker tracker, WorkloadTally tally)
{
    private const string Prompt = "Why is the sky blue on a clear day?";
    private static readonly int InputTokens = Prompt.Split(' ').Length;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await GenerateAsync(group.Wanted, cancellationToken);
            }
            catch (HttpRequestException)
            {
                await FallBackAsync(cancellationToken);
            }

            await Task.Delay(pause, TimeProvider.System, cancellationToken);
        }
    }

    private async Task FallBackAsync(CancellationToken cancellationToken)
    {
        FallbackDecision decision;
        try
        {
            decision = (await fallbacks.ExecuteAsync(group, FallbackRequest.Any, GenerateAsync, cancellationToken)).Decision;
        }
        catch (FallbackException exception)
        {
            decision = exception.Decision;
            tally.Add(WorkloadCount.FailedFallbacks);
        }

        tally.Add(WorkloadCount.Fallbacks);
        tally.Add(WorkloadCount.AdvisedFallbacks, decision.IsAdvised ? 1 : 0);
    }

    private async Task<string> GenerateAsync(ModelCandidate model, CancellationToken cancellationToken)
    {
        long begun = TimeProvider.System.GetTimestamp();
        using var scope = tracker.Start(MetricType.ModelOperation, model.Name);
        scope.Set("model", model.Name);
        scope.Set("input_tokens", (long)InputTokens);
        tally.Add(WorkloadCount.Generations);
        monitor.NoteUse(model.Name);
        try
        {
            using var response = await http.PostAsJsonAsync(model.Endpoint, new { prompt = Prompt }, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                scope.Fail(string.Create(CultureInfo.InvariantCulture, $"http_{(int)response.StatusCode}"), $"{model.Name} answered {(int)response.StatusCode} ({response.ReasonPhrase}).");
            }

            response.EnsureSuccessStatusCode();
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            int tokens = answer.GetProperty("tokens").GetInt32();
            scope.Set("output_tokens", (long)tokens);
            scope.Set("tokens_per_second", tokens / TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
            scope.Complete();
            return answer.GetProperty("text").GetString()!;
        }
        catch (OperationCanceledException)
        {
            scope.Cancel();
            throw;
        }
        catch (HttpRequestException exception)
        {
            // The first end of an operation counts.
            scope.Fail(exception);
            throw;
        }
    }
}
