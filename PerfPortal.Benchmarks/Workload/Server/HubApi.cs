using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PerfPortal.Benchmarks.Workload.Models;

namespace PerfPortal.Benchmarks.Workload.Server;

/// <summary>The part of the Hugging Face hub that a download needs: a model's description, its files, and their content.</summary>
internal sealed class HubApi(LocalModelServerOptions options, ModelShelf shelf, ContentSender sender, ServerCounter counter, Func<ServerFaults> faults)
{
    private const string OtherHost = "localhost";

    /// <summary>Maps the routes.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/models/{owner}/{name}", (HttpContext context, string owner, string name) => DescribeAsync(context, $"{owner}/{name}", ModelShelf.Main));
        app.MapGet("/api/models/{owner}/{name}/revision/{revision}", (HttpContext context, string owner, string name, string revision) =>
            DescribeAsync(context, $"{owner}/{name}", revision));
        app.MapGet("/api/models/{owner}/{name}/tree/{revision}", (HttpContext context, string owner, string name, string revision) =>
            ListAsync(context, $"{owner}/{name}", revision));
        app.MapMethods("/{owner}/{name}/resolve/{revision}/{**path}", ["GET", "HEAD"], (HttpContext context, string owner, string name, string revision, string path) =>
            ResolveAsync(context, $"{owner}/{name}", revision, path));
        app.MapMethods("/cdn/{oid}", ["GET", "HEAD"], SendLargeAsync);
    }

    private Task DescribeAsync(HttpContext context, string repository, string revision)
    {
        if (Find(context, repository, revision) is not { } commit)
        {
            return Task.CompletedTask;
        }

        bool hasBlobs = string.Equals(context.Request.Query["blobs"], "true", StringComparison.OrdinalIgnoreCase);
        return context.Response.WriteAsJsonAsync(new
        {
            id = repository,
            modelId = repository,
            sha = commit.Sha,
            @private = false,
            gated = false,
            tags = new[] { commit.Model.Format == ModelFormat.Gguf ? "gguf" : "safetensors", "text-generation" },
            siblings = Sorted(commit).Select(file => hasBlobs
                ? (object)new { rfilename = file.Path, size = file.Length, blobId = file.BlobId, lfs = file.IsLarge ? new { sha256 = file.Sha256, size = file.Length, pointerSize = file.Pointer.Length } : null }
                : new { rfilename = file.Path }),
        });
    }

    private Task ListAsync(HttpContext context, string repository, string revision)
    {
        if (Find(context, repository, revision) is not { } commit)
        {
            return Task.CompletedTask;
        }

        _ = int.TryParse(context.Request.Query["cursor"], NumberStyles.None, CultureInfo.InvariantCulture, out int start);
        var files = Sorted(commit).Skip(start).ToList();
        if (files.Count > options.TreePage)
        {
            string next = string.Create(CultureInfo.InvariantCulture, $"{Origin(context)}{context.Request.Path}?recursive=true&cursor={start + options.TreePage}");
            context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        return context.Response.WriteAsJsonAsync(files.Take(options.TreePage).Select(file => file.IsLarge
            ? (object)new { type = "file", oid = file.BlobId, size = file.Length, path = file.Path, lfs = new { oid = file.Sha256, size = file.Length, pointerSize = file.Pointer.Length } }
            : new { type = "file", oid = file.BlobId, size = file.Length, path = file.Path }));
    }

    private Task ResolveAsync(HttpContext context, string repository, string revision, string path)
    {
        if (Find(context, repository, revision) is not { } commit)
        {
            return Task.CompletedTask;
        }

        var response = context.Response;
        response.Headers["X-Repo-Commit"] = commit.Sha;
        if (commit.Files.GetValueOrDefault(path) is not { } file)
        {
            return Missing(response, "EntryNotFound", $"{path} is not in {repository} at {revision}.");
        }

        if (!file.IsLarge)
        {
            return sender.SendAsync(context, file, file.ETag, faults());
        }

        response.StatusCode = StatusCodes.Status302Found;
        response.Headers["X-Linked-Size"] = file.Length.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Linked-ETag"] = file.ETag;
        response.Headers.ETag = file.ETag;
        response.Headers.AcceptRanges = "bytes";
        string origin = options.RedirectsToOtherHost ? $"{context.Request.Scheme}://{OtherHost}:{context.Request.Host.Port}" : "";
        response.Headers.Location = $"{origin}/cdn/{file.Sha256}?response-content-disposition=attachment&signature={commit.Sha}";
        return Task.CompletedTask;
    }

    private Task SendLargeAsync(HttpContext context, string oid)
    {
        if (context.Request.Host.Host == OtherHost && context.Request.Headers.Authorization.Count > 0)
        {
            counter.Add(ServerCount.LeakedTokens);
        }

        // The tag of the store behind a hub is not that of the hub.
        return shelf.FindLarge(oid) is { } file
            ? sender.SendAsync(context, file, $"\"cdn-{oid[..16]}\"", faults())
            : Missing(context.Response, "EntryNotFound", "There is no such object.");
    }

    private ModelCommit? Find(HttpContext context, string repository, string revision)
    {
        var response = context.Response;
        if (options.Token is { } token && context.Request.Headers.Authorization != $"Bearer {token}")
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
            response.Headers.WWWAuthenticate = "Bearer";
            response.Headers["X-Error-Code"] = "GatedRepo";
            return null;
        }

        var commit = shelf.Find(repository, revision);
        if (commit is null)
        {
            bool isKnown = shelf.Find(repository, ModelShelf.Main) is not null;
            _ = Missing(response, isKnown ? "RevisionNotFound" : "RepoNotFound", isKnown ? "There is no such revision." : "There is no such repository.");
        }

        return commit;
    }

    private static Task Missing(HttpResponse response, string code, string message)
    {
        response.StatusCode = StatusCodes.Status404NotFound;
        response.Headers["X-Error-Code"] = code;
        response.Headers["X-Error-Message"] = message;
        return Task.CompletedTask;
    }

    private static IEnumerable<ModelFile> Sorted(ModelCommit commit) => commit.Files.Values.OrderBy(file => file.Path, StringComparer.Ordinal);

    private static string Origin(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}";
}
