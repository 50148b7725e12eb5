using PerfPortal.Domain.Models.Fallbacks.Candidates;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Fallbacks.Memory;

/// <summary>Whether a candidate fits the memory that its host has free now.</summary>
/// <param name="Fits">Whether it fits; what cannot be told counts as fitting.</param>
/// <param name="NeededBytes">What it needs with the margin; <see langword="null"/> when nothing is needed here, or it is not known.</param>
/// <param name="Reason">Why, in a sentence with the numbers.</param>
public sealed record MemoryFit(bool Fits, double? NeededBytes, string Reason)
{
    /// <summary>Compares a candidate's need with the free memory.</summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="free">The memory that is free.</param>
    /// <param name="margin">What must be free on top of the need, as a share of it, at least 0.</param>
    public static MemoryFit Of(ModelCandidate candidate, FreeMemory free, double margin)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        ArgumentNullException.ThrowIfNull(free);
        if (!candidate.IsLocal || candidate.IsLoaded)
        {
            return new(true, null, candidate.IsLocal ? "It is in memory already." : "It needs no memory on this host.");
        }

        if (MemoryNeed.Of(candidate) is not { } need)
        {
            return new(true, null, "What it needs is not declared, so it is assumed to fit.");
        }

        double needed = need.Bytes * (1 + margin);
        string needs = margin > 0 ? $"It needs {need.Text}, with the margin {Format.Bytes(needed)}" : $"It needs {need.Text}";
        var gpu = candidate.Place == MemoryPlace.Host ? null : OnGpus(candidate.GpuCount, free.GpuBytes, needed);
        var host = candidate.Place == MemoryPlace.Gpu ? null : OnHost(free.HostBytes, needed);
        return (gpu, host) switch
        {
            ({ Fits: true } fit, _) => new(true, needed, $"{needs}; {fit.Text}."),
            (_, { Fits: true } fit) => new(true, needed, $"{needs}; {fit.Text}."),
            ({ Fits: null } unknown, _) => new(true, needed, $"{needs}; {unknown.Text}, so it is assumed to fit."),
            (_, { Fits: null } unknown) => new(true, needed, $"{needs}; {unknown.Text}, so it is assumed to fit."),
            ({ } full, { } fullHost) => new(false, needed, $"{needs}; {full.Text} and {fullHost.Text}."),
            _ => new(false, needed, $"{needs}; {(gpu ?? host)!.Value.Text}."),
        };
    }

    private static (bool? Fits, string Text)? OnHost(double? free, double needed) =>
        free is { } bytes ? (bytes >= needed, $"{Format.Bytes(bytes)} of memory are free") : (null, "the free memory is not known");

    private static (bool? Fits, string Text)? OnGpus(int count, IReadOnlyList<double>? free, double needed) =>
        free is null ? (null, "the free GPU memory is not known")
        : free.Count < count ? (false, free.Count == 0 ? "there is no GPU" : $"there are {free.Count} GPUs, and {count} are needed")
        : count == 1 ? (free[0] >= needed, $"{Format.Bytes(free[0])} of GPU memory are free")
        : (free[count - 1] >= needed / count, $"{Format.Bytes(free[count - 1])} are free on each of {count} GPUs");
}
