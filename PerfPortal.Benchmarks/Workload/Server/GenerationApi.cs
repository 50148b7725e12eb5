using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PerfPortal.Benchmarks.Workload.Models;

namespace PerfPortal.Benchmarks.Workload.Server;

/// <summary>Models that answer after a delay, or fail, as they are told to.</summary>
internal sealed class GenerationApi(int seed, ServerCounter counter, TimeProvider time)
{
    private const int Tokens = 16;

    private readonly ConcurrentDictionary<string, Answering> _models = new(StringComparer.Ordinal);

    /// <summary>Has a model answer like this from now on.</summary>
    public void Set(string model, GenerationBehaviour behaviour)
    {
        if (!(behaviour.FailureShare is >= 0 and <= 1) || behaviour.Delay < TimeSpan.Zero || !(behaviour.Spread >= 0))
        {
            throw new ArgumentException("FailureShare must be from 0 to 1, and Delay and Spread at least 0.", nameof(behaviour));
        }

        _models.AddOrUpdate(model, _ => new(behaviour), (_, known) =>
        {
            known.Behaviour = behaviour;
            return known;
        });
    }

    /// <summary>Maps the route.</summary>
    public void Map(IEndpointRouteBuilder app) => app.MapPost("/generate/{model}", AnswerAsync);

    private async Task<IResult> AnswerAsync(HttpContext context, string model)
    {
        counter.Add(ServerCount.Generations);
        if (!_models.TryGetValue(model, out var answering))
        {
            return Results.NotFound();
        }

        var behaviour = answering.Behaviour;
        long number = answering.Next();
        int own = (int)Chance.Seed(seed, model);
        if (behaviour.Delay > TimeSpan.Zero)
        {
            await Task.Delay(behaviour.Delay * (1 + (behaviour.Spread * Chance.Draw(own, number, 3))), time, context.RequestAborted);
        }

        if (Chance.Draw(own, number, 2) < behaviour.FailureShare)
        {
            counter.Add(ServerCount.FailedGenerations);
            return Results.Problem($"{model} is out of order.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        string text = string.Join(' ', Enumerable.Range(0, Tokens).Select(i => ModelShape.Token(3 + (int)(Chance.Draw(seed, number, i) * 250))));
        return Results.Json(new { model, text, tokens = Tokens });
    }

    private sealed class Answering(GenerationBehaviour behaviour)
    {
        private long _asked;

        public GenerationBehaviour Behaviour { get; set; } = behaviour;

        public long Next() => Interlocked.Increment(ref _asked) - 1;
    }
}
