using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Ranges;
using PerfPortal.Domain.Models.Downloads.Transfers;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Models.Files;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>A request as files to load at full paths; a content that several files link to is loaded once.</summary>
/// <param name="Specs">What to load.</param>
/// <param name="Links">The links to set afterwards, with the index of what they lead to.</param>
internal sealed record DownloadPlan(IReadOnlyList<TransferSpec> Specs, IReadOnlyList<(string Link, int Spec)> Links)
{
    /// <summary>Makes the plan of a request.</summary>
    /// <exception cref="DownloadException">A path leads out of the directory.</exception>
    public static DownloadPlan Of(DownloadRequest request, Func<Uri, string?>? authorize)
    {
        var specs = new List<TransferSpec>();
        var links = new List<(string, int)>();
        var known = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in request.Files)
        {
            if (!known.TryGetValue(file.Path, out int index))
            {
                index = known[file.Path] = specs.Count;
                specs.Add(SpecOf(request, file, authorize));
            }

            if (file.LinkPath is { } link)
            {
                links.Add((SafePath.Resolve(request.Directory, link), index));
            }
        }

        return new(specs, links);
    }

    /// <summary>The bytes of a file that still have to be written: those that are neither there nor set aside for it.</summary>
    public static long MissingBytes(TransferSpec spec)
    {
        if (spec.Size is not { } size || (!spec.IsRepair && spec.Damage.Count == 0 && RegularFile.Exists(spec.Path) && new FileInfo(spec.Path) is { Exists: true } there && there.Length == size))
        {
            return 0;
        }

        return PartJournal.Read(spec.Path, null) is not { } record || record.Size != size ? size
            : record.IsReserved ? 0
            : size - (record.Read()?.Sum(range => range.Length) ?? 0);
    }

    private static TransferSpec SpecOf(DownloadRequest request, DownloadFile file, Func<Uri, string?>? authorize) => new()
    {
        Label = file.LinkPath?.Split('/')[^1] ?? file.Path,
        Path = SafePath.Resolve(request.Directory, file.Path),
        Sources =
        [
            new(file.Url, new(file.Url, request.Authorization ?? SourceCredentials.BasicOf(file.Url) ?? authorize?.Invoke(file.Url), request.Headers)),
            .. file.Mirrors.Select(mirror => new TransferSource(mirror, MirrorCredentials(request, file.Url, mirror, authorize))),
        ],
        Sha256 = file.Sha256?.ToLowerInvariant(),
        GitSha1 = file.GitSha1?.ToLowerInvariant(),
        Size = file.SizeBytes,
        IsRepair = request.IsRepair,
        Damage = [.. file.Damage.Select(range => new ByteRange(range.Offset, range.Offset + range.Length))],
    };

    /// <summary>The credentials of a request are for the server of the first address; a mirror there gets them too.</summary>
    private static SourceCredentials MirrorCredentials(DownloadRequest request, Uri first, Uri mirror, Func<Uri, string?>? authorize) =>
        SafeUrl.IsSameOrigin(first, mirror)
            ? new(mirror, request.Authorization ?? SourceCredentials.BasicOf(mirror) ?? authorize?.Invoke(mirror), request.Headers)
            : new(mirror, SourceCredentials.BasicOf(mirror) ?? authorize?.Invoke(mirror), new Dictionary<string, string>());
}
