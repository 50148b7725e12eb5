using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling;

/// <summary>Takes the samples that the sampler's loop makes. Called from one thread at a time; an exception is logged and makes the loop back off.</summary>
public interface ISampleSink
{
    /// <summary>Takes a sample.</summary>
    /// <param name="sample">The sample; nobody changes it afterwards.</param>
    /// <param name="covered">
    /// The time that the sample stands for in statistics weighted by time: what has passed since the loop's previous sample, at most three
    /// times the interval that was in force; <see cref="TimeSpan.Zero"/> for the first sample.
    /// </param>
    void OnSample(ResourceSample sample, TimeSpan covered);
}
