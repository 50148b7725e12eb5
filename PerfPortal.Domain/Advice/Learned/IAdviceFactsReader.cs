using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Advice.Learned;

/// <summary>What advice asks besides the history of operations. Thread-safe.</summary>
public interface IAdviceFactsReader
{
    /// <summary>Returns the newest sample of a host; of the portal's own host without a source; <see langword="null"/> when there is none.</summary>
    ValueTask<ResourceSample?> ReadLoadAsync(string? source, CancellationToken cancellationToken);

    /// <summary>Returns how often each model was used in the last 7 days, by operation name; <see langword="null"/> when that is not known.</summary>
    ValueTask<IReadOnlyDictionary<string, long>?> ReadUsesAsync(string? source, CancellationToken cancellationToken);
}
