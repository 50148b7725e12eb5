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
    /// <summary>Whether a download waits or runs.</summary>
    public static bool IsActive(ModelDownloadBody download) => download.State is DownloadState.Queued or DownloadState.Running;

    /// <summary>The state of a download for the rows of a list.</summary>
    public static RenderFragment Mark(DownloadState state) => state switch
    {
        DownloadState.Queued => StatusMark.Of(Color.Primary, "Waiting", Icons.Material.Outlined.HourglassEmpty),
        DownloadState.Running => StatusMark.Of(Color.Primary, "Running", Icons.Material.Outlined.PlayCircle),
        DownloadState.Completed => StatusMark.Of(Color.Success, "Completed", Icons.Material.Outlined.CheckCircle),
        DownloadState.Failed => StatusMark.Of(Color.Error, "Failed", Icons.Material.Outlined.Cancel),
        DownloadState.Interrupted => StatusMark.Of(Color.Warning, "Interrupted", Icons.Material.Outlined.LinkOff),
        _ => StatusMark.Of(Color.Default, "Cancelled", Icons.Material.Outlined.Block),
    };

    /// <summary>The state as the edge of a card.</summary>
    public static string? Edge(DownloadState state) => state switch
    {
        DownloadState.Completed => "healthy",
        DownloadState.Failed => "critical",
        DownloadState.Interrupted => "warning",
        _ => null,
    };

    /// <summary>The completed share, 0–1; <see langword="null"/> while the size is not known.</summary>
    public static double? Share(ModelDownloadBody download) => download.BytesTotal is > 0 and { } total ? Math.Min(1, (double)download.BytesDone / total) : null;

    /// <summary>What is there: <c>1.2 GiB of 4 GiB</c>.</summary>
    public static string Amount(ModelDownloadBody download) => download.State == DownloadState.Completed && download.BytesTotal is { } whole ? Format.Bytes(whole)
        : download.BytesTotal is { } total ? $"{Format.Bytes(download.BytesDone)} of {Format.Bytes(total)}" : Format.Bytes(download.BytesDone);

    /// <summary>A category of errors as a word: <c>Rate limit</c>.</summary>
    public static string Category(string category) => category.Length == 0 ? category : char.ToUpperInvariant(category[0]) + category[1..].Replace('_', ' ');
}
