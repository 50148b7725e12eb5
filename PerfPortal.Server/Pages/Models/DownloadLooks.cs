using Microsoft.AspNetCore.Components;
using MudBlazor;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Models;

/// <summary>How downloads look and read on pages.</summary>
internal static class DownloadLooks
{
    private const int CommitCharacters = 7;

    /// <summary>Whether a download waits or runs.</summary>
    public static bool IsActive(ModelDownloadBody download) => download.State is DownloadState.Queued or DownloadState.Running;

    /// <summary>The state of a download. That nothing says whether the right bytes came is part of it.</summary>
    public static RenderFragment Mark(ModelDownloadBody download) => download.State switch
    {
        DownloadState.Completed when download.Verified != true => StatusMark.Of(Color.Default, "Completed, not verified", Icons.Material.Outlined.CheckCircle),
        DownloadState.Queued => StatusMark.Of(Color.Primary, "Waiting", Icons.Material.Outlined.HourglassEmpty),
        DownloadState.Running => StatusMark.Of(Color.Primary, "Running", Icons.Material.Outlined.PlayCircle),
        DownloadState.Completed => StatusMark.Of(Color.Success, "Completed", Icons.Material.Outlined.CheckCircle),
        DownloadState.Failed => StatusMark.Of(Color.Error, "Failed", Icons.Material.Outlined.Cancel),
        DownloadState.Interrupted => StatusMark.Of(Color.Warning, "Interrupted", Icons.Material.Outlined.LinkOff),
        _ => StatusMark.Of(Color.Default, "Cancelled", Icons.Material.Outlined.Block),
    };

    /// <summary>The state as the edge of a card.</summary>
    public static string? Edge(ModelDownloadBody download) => download.State switch
    {
        DownloadState.Completed when download.Verified == true => "healthy",
        DownloadState.Failed => "critical",
        DownloadState.Interrupted => "warning",
        _ => null,
    };

    /// <summary>The completed share, 0–1; <see langword="null"/> while the size is not known.</summary>
    public static double? Share(ModelDownloadBody download) => download.BytesTotal is > 0 and { } total ? Math.Min(1, (double)download.BytesDone / total) : null;

    /// <summary>What is there: <c>1.2 GiB of 4 GiB</c>, or <c>all but 312 B of 4 GiB</c> where rounding would hide what is missing.</summary>
    public static string Amount(ModelDownloadBody download)
    {
        string done = Format.Bytes(download.BytesDone);
        return download.BytesTotal is not { } total ? done
            : download.State == DownloadState.Completed ? Format.Bytes(total)
            : download.BytesDone < total && done == Format.Bytes(total) ? $"all but {Format.Bytes(total - download.BytesDone)} of {done}"
            : $"{done} of {Format.Bytes(total)}";
    }

    /// <summary>Why nothing arrives, and what happens next; <see langword="null"/> while a connection works.</summary>
    public static string? Waiting(ModelDownloadBody download, DateTimeOffset now)
    {
        if (download.LastError is not { } error)
        {
            return null;
        }

        string retry = download.NextRetry is > 0 and { } number ? $" (retry {Format.Count(number)} of {Format.Count(download.MaxRetries)})" : "";
        return download.NextAttemptAt is { } at && at > now
            ? $"Waits {Format.Seconds(Math.Ceiling((at - now).TotalSeconds))}, then tries again{retry}: {error}"
            : $"Tries again now{retry}: {error}";
    }

    /// <summary>Where the files come from: a repository at its revision, or an address.</summary>
    public static string Origin(ModelDownloadBody download)
    {
        if (download is not { Repository: { } repository, Commit: { } commit, Hub: { } hub })
        {
            return download.Url;
        }

        string shortCommit = commit[..Math.Min(commit.Length, CommitCharacters)];
        string at = download.Revision is not { Length: > 0 } revision || commit.StartsWith(revision, StringComparison.OrdinalIgnoreCase) ? $"commit {shortCommit}" : $"{revision} (commit {shortCommit})";
        return $"{repository} at {at} on {(Uri.TryCreate(hub, UriKind.Absolute, out var url) ? url.Authority : hub)}";
    }

    /// <summary>The state of a file of a download.</summary>
    public static string State(ModelFileBody file) => file.Verified ? "Verified" : file.Complete ? "Complete, not verified" : "Incomplete";

    /// <summary>A category of errors as a word: <c>Rate limit</c>.</summary>
    public static string Category(string category) => category.Length == 0 ? category : char.ToUpperInvariant(category[0]) + category[1..].Replace('_', ' ');
}
