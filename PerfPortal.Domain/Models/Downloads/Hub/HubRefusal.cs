using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Transport;

namespace PerfPortal.Domain.Models.Downloads.Hub;

/// <summary>Says what it means for a repository that a hub does not answer with its files.</summary>
internal static class HubRefusal
{
    // What the hub of Hugging Face sends along; it answers 401 also for repositories that do not exist.
    private const string CodeHeader = "X-Error-Code";
    private const string NoRevision = "RevisionNotFound";

    /// <summary>The failure; <see langword="null"/> when the answer says nothing about the repository.</summary>
    public static DownloadException? Of(SourceReply reply, SnapshotRequest snapshot)
    {
        int status = (int)reply.Response.StatusCode;
        string host = reply.Uri.Host;
        bool isRevision = reply.Response.Headers.TryGetValues(CodeHeader, out var codes) && codes.Contains(NoRevision, StringComparer.OrdinalIgnoreCase);
        string token = snapshot.Token is null ? "needs a token" : "the token does not open it";
        (DownloadErrorCategory Category, string Sentence)? refusal = status switch
        {
            404 when isRevision => (DownloadErrorCategory.Server, $"{snapshot.Repository} on {host} has no revision {snapshot.Revision}."),
            404 => (DownloadErrorCategory.Server, $"{host} has no repository {snapshot.Repository} with the revision {snapshot.Revision}, or it is private and {token}."),
            401 => (DownloadErrorCategory.Authentication, $"{host} does not show {snapshot.Repository}: there is no such repository, or it is private and {token}."),
            403 => (DownloadErrorCategory.Authentication, $"{host} does not give access to {snapshot.Repository}: it is gated or private, and {(snapshot.Token is null ? "needs a token of somebody who may read it" : "the token does not open it")}."),
            _ => null,
        };
        return refusal is { } known ? new(known.Category, known.Sentence) { Status = status } : null;
    }
}
