using System.Threading.Channels;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling;
using Xunit;

namespace PerfPortal.Tests.Sampling;

/// <summary>Keeps what the loop hands out, for a test to wait for.</summary>
internal sealed class RecordingSink : ISampleSink
{
    private readonly Channel<(ResourceSample Sample, TimeSpan Covered)> _samples = Channel.CreateUnbounded<(ResourceSample, TimeSpan)>();
    private int _calls;

    /// <summary>What to do at the call of this number, from 1.</summary>
    public Action<int> OnCall { get; set; } = _ => { };

    public int Waiting => _samples.Reader.Count;

    public void OnSample(ResourceSample sample, TimeSpan covered)
    {
        OnCall(++_calls);
        _samples.Writer.TryWrite((sample, covered));
    }

    public ValueTask<(ResourceSample Sample, TimeSpan Covered)> NextAsync() => _samples.Reader.ReadAsync(TestContext.Current.CancellationToken);
}
