using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling;

/// <summary>Receives the samples of the sampling loop. Called from one thread at a time; an exception is logged and makes the loop back off.</summary>
public interface ISampleSink
{
    /// <summary>Receives a sample.</summary>
    /// <param name="sample">The sample; it is not changed afterwards.</param>
    /// <param name="covered">
    /// The time that the sample covers in time-weighted statistics: the time since the previous sample of the loop, at most three
    /// times the effective interval; <see cref="TimeSpan.Zero"/> for the first sample.
    /// </param>
    void OnSample(ResourceSample sample, TimeSpan covered);
}
