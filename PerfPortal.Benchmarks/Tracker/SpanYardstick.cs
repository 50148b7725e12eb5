using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace PerfPortal.Benchmarks.Tracker;

/// <summary>A span of OpenTelemetry's SDK with three tags, always sampled, handed to a processor that does nothing with it.</summary>
internal sealed class SpanYardstick : IDisposable
{
    private readonly ActivitySource _source = new("perfportal.benchmarks.tracker");
    private readonly TracerProvider _provider;

    public SpanYardstick() =>
        _provider = Sdk.CreateTracerProviderBuilder().AddSource(_source.Name).SetSampler(new AlwaysOnSampler()).AddProcessor(new Nothing()).Build();

    public void Burst()
    {
        for (int i = 0; i < Bursts.Length; i++)
        {
            using var span = _source.StartActivity("load_model") ?? throw new InvalidOperationException("No span was sampled.");
            span.SetTag("model", "llama");
            span.SetTag("tokens", (long)i);
            span.SetTag("load_factor", 0.5);
        }
    }

    public void Dispose()
    {
        _provider.Dispose();
        _source.Dispose();
    }

    private sealed class Nothing : BaseProcessor<Activity>;
}
