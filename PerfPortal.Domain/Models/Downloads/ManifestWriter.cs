using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Models.Manifests;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>Notes in a model's directory what was downloaded, so that health checks know the hashes and a repair knows where each file came from.</summary>
internal static class ManifestWriter
{
    /// <summary>Adds the files of a download to the manifest of its directory; what earlier downloads noted of other files stays.</summary>
    /// <returns>Whether it could be written; it is not worth failing a download for.</returns>
    public static bool TryWrite(DownloadRequest request, IReadOnlyList<DownloadedFile> files, ILogger? logger)
    {
        try
        {
            var before = ReadKnown(request.Directory, logger);
            var known = (before?.Files ?? []).ToDictionary(file => file.Path, StringComparer.Ordinal);
            foreach (var file in request.Files)
            {
                var done = files.FirstOrDefault(one => one.Path == SafePath.Resolve(request.Directory, file.Path));
                known[file.Path] = new()
                {
                    Path = file.Path,
                    SizeBytes = done?.SizeBytes ?? file.SizeBytes,
                    Sha256 = (done?.Sha256 ?? file.Sha256)?.ToLowerInvariant(),
                    GitSha1 = file.GitSha1?.ToLowerInvariant(),
                    Url = SafeUrl.ForOthers(file.Url),
                    Mirrors = file.Mirrors.Count == 0 ? null : [.. file.Mirrors.Select(SafeUrl.ForOthers)],
                };
            }

            // The name that a model was given stays, whoever repairs it.
            var kept = request.IsRepair ? before : null;
            new ModelManifest
            {
                Name = kept?.Name ?? request.DisplayName,
                Revision = kept?.Revision,
                Files = [.. known.Values.OrderBy(file => file.Path, StringComparer.Ordinal)],
            }.Write(request.Directory);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            logger?.LogWarning(exception, "The manifest of {Name} could not be written; its health checks know no hashes.", request.DisplayName);
            return false;
        }
    }

    private static ModelManifest? ReadKnown(string directory, ILogger? logger)
    {
        try
        {
            var manifest = ModelManifest.Read(directory);
            return manifest is null || manifest.Files.DistinctBy(file => file.Path, StringComparer.Ordinal).Count() == manifest.Files.Count
                ? manifest : throw new InvalidDataException("The manifest names a file twice.");
        }
        catch (InvalidDataException exception)
        {
            logger?.LogWarning(exception, "The manifest in {Directory} is not valid and is replaced.", directory);
            return null;
        }
    }
}
