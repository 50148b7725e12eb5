using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Repair;

/// <summary>A file to repair.</summary>
/// <param name="Step">What is wrong with it, and what it must be.</param>
/// <param name="Source">Where it is loaded from, and what of it; <see langword="null"/> when its origin is not known.</param>
public sealed record RepairFile(RepairStep Step, DownloadFile? Source)
{
    /// <summary>The address without credentials and query; <see langword="null"/> when the origin is not known.</summary>
    public string? Origin => Source is null ? null : SafeUrl.ForReports(Source.Url);

    /// <summary>The bytes to load, at least 0; <see langword="null"/> when unknown.</summary>
    public long? Bytes => Source is not { } source ? null : source.Damage.Count > 0 ? source.Damage.Sum(range => range.Length) : source.SizeBytes;
}

/// <summary>How a model can be repaired: the files of its repair advice, in order, with their origins.</summary>
/// <param name="Model">The name of the model.</param>
/// <param name="Directory">Its directory.</param>
/// <param name="Files">The files, in the order of the advice.</param>
public sealed record RepairPlan(string Model, string Directory, IReadOnlyList<RepairFile> Files)
{
    /// <summary>Whether the origin of at least one file is known.</summary>
    public bool IsPossible => Files.Any(file => file.Source is not null);

    /// <summary>The files whose origin is not known.</summary>
    public IReadOnlyList<string> WithoutOrigin => [.. Files.Where(file => file.Source is null).Select(file => file.Step.File)];

    /// <summary>The bytes to load of the files whose origin and size are known.</summary>
    public long BytesToLoad => Files.Sum(file => file.Bytes ?? 0);

    /// <summary>The size of the files whose origin and size are known.</summary>
    public long BytesTotal => Files.Sum(file => file.Source?.SizeBytes ?? 0);

    /// <summary>The request; <see langword="null"/> when no origin is known.</summary>
    internal DownloadRequest? Request { get; init; }
}
