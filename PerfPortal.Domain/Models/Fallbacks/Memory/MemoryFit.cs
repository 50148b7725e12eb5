using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Fallbacks.Memory;

/// <summary>Whether a candidate fits the memory that its host has free now.</summary>
public sealed record MemoryFit
{
    // A decision compares many candidates, and hardly anyone reads why one fits: the sentence is made when it is read.
    private readonly Func<string> _reason;

    private MemoryFit(bool fits, double? neededBytes, Func<string> reason)
    {
        (Fits, NeededBytes, _reason) = (fits, neededBytes, reason);
    }

    /// <summary>Whether it fits; what cannot be told counts as fitting.</summary>
    public bool Fits { get; }

    /// <summary>What it needs with the margin, in bytes; <see langword="null"/> when nothing is needed here, or it is not known.</summary>
    public double? NeededBytes { get; }

    /// <summary>Why, in a sentence with the numbers.</summary>
    public string Reason => _reason();

    /// <summary>Compares a candidate's need with the free memory.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="free">The memory that is free.</param>
    /// <param name="margin">What must be free on top of the need, as a share of it, at least 0.</param>
    public static MemoryFit Of(ModelCandidate candidate, FreeMemory free, double margin)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return Of(candidate, MemoryNeed.Of(candidate), free, margin);
    }

    /// <summary>The same for a need that is known already.</summary>
    internal static MemoryFit Of(ModelCandidate candidate, MemoryNeed? need, FreeMemory free, double margin)
    {
        ArgumentNullException.ThrowIfNull(free);
        if (!candidate.IsLocal || candidate.IsLoaded)
        {
            return candidate.IsLocal ? Loaded : Elsewhere;
        }

        if (need is null)
        {
            return Undeclared;
        }

        double needed = need.Bytes * (1 + margin);
        bool? gpu = candidate.Place == MemoryPlace.Host ? false : FitsGpus(candidate.GpuCount, free.GpuBytes, needed);
        bool? host = candidate.Place == MemoryPlace.Gpu ? false : free.HostBytes is { } bytes ? bytes >= needed : null;
        bool isSure = gpu is true || host is true;
        return new(isSure || gpu is null || host is null, needed, () => Sentence(candidate, need, free, margin, gpu, host));
    }

    private static MemoryFit Loaded { get; } = new(true, null, () => "It is in memory already.");

    private static MemoryFit Elsewhere { get; } = new(true, null, () => "It needs no memory on this host.");

    private static MemoryFit Undeclared { get; } = new(true, null, () => "What it needs is not declared, so it is assumed to fit.");

    private static bool? FitsGpus(int count, IReadOnlyList<double>? free, double needed) => free is null ? null : free.Count >= count && free[count - 1] >= needed / count;

    private static string Sentence(ModelCandidate candidate, MemoryNeed need, FreeMemory free, double margin, bool? gpu, bool? host)
    {
        string needs = margin > 0 ? $"It needs {need.Text}, with the margin {Format.Bytes(need.Bytes * (1 + margin))}" : $"It needs {need.Text}";
        string onGpus = OnGpus(candidate.GpuCount, free.GpuBytes);
        string onHost = free.HostBytes is { } bytes ? $"{Format.Bytes(bytes)} of memory are free" : "the free memory is not known";
        return (gpu, host) switch
        {
            (true, _) => $"{needs}; {onGpus}.",
            (_, true) => $"{needs}; {onHost}.",
            (null, _) => $"{needs}; {onGpus}, so it is assumed to fit.",
            (_, null) => $"{needs}; {onHost}, so it is assumed to fit.",
            _ => candidate.Place switch
            {
                MemoryPlace.Gpu => $"{needs}; {onGpus}.",
                MemoryPlace.Host => $"{needs}; {onHost}.",
                _ => $"{needs}; {onGpus} and {onHost}.",
            },
        };
    }

    private static string OnGpus(int count, IReadOnlyList<double>? free) =>
        free is null ? "the free GPU memory is not known"
        : free.Count < count ? free.Count switch { 0 => "there is no GPU", 1 => $"there is one GPU, and {count} are needed", var there => $"there are {there} GPUs, and {count} are needed" }
        : count == 1 ? $"{Format.Bytes(free[0])} of GPU memory are free"
        : $"{Format.Bytes(free[count - 1])} are free on each of {count} GPUs";
}
