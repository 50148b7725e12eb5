using Microsoft.AspNetCore.Components;
using MudBlazor;
using PerfPortal.Domain.Models.Health.Results;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Models;

/// <summary>How models look and read on pages.</summary>
internal static class ModelLooks
{
    /// <summary>The health that a state shows as.</summary>
    public static Health HealthOf(HealthState state) => state switch
    {
        HealthState.Healthy => Health.Healthy,
        HealthState.Incomplete => Health.Warning,
        HealthState.Damaged => Health.Critical,
        _ => Health.Unknown,
    };

    /// <summary>A state for the rows of a table.</summary>
    public static RenderFragment Mark(HealthState state) => state switch
    {
        HealthState.Healthy => StatusMark.Of(Color.Success, "Healthy", Icons.Material.Outlined.CheckCircle),
        HealthState.Incomplete => StatusMark.Of(Color.Warning, "Incomplete", Icons.Material.Outlined.WarningAmber),
        HealthState.Damaged => StatusMark.Of(Color.Error, "Damaged", Icons.Material.Outlined.ErrorOutline),
        _ => StatusMark.Of(Color.Default, "Unknown", Icons.Material.Outlined.HelpOutline),
    };

    /// <summary>A severity for the rows of a table.</summary>
    public static RenderFragment Mark(HealthSeverity severity) => severity switch
    {
        HealthSeverity.Error => StatusMark.Of(Color.Error, "Error", Icons.Material.Outlined.ErrorOutline),
        HealthSeverity.Warning => StatusMark.Of(Color.Warning, "Warning", Icons.Material.Outlined.WarningAmber),
        _ => StatusMark.Of(Color.Default, "Info", Icons.Material.Outlined.Info),
    };

    /// <summary>What the last check found, in one sentence.</summary>
    public static string Sentence(ModelBody model) => model switch
    {
        { State: HealthState.Healthy, LastCheck: HealthCheckKind.Full } => "Every file is there, and every byte was read and is as it should be.",
        { State: HealthState.Healthy } => $"Every file is there, and what was read of it is as it should be. A silent change of any byte is found within {Format.Count(model.FoundWithinChecks)} checks.",
        { LastCheckedAt: null, CheckingOperationId: null } => "It was not checked yet.",
        { LastCheckedAt: null } => "It is checked for the first time.",
        { Reasons: [var worst, ..] } => Worst(worst, model.Reasons.Count - 1 + model.ReasonsLeftOut),
        { State: HealthState.Incomplete } => "A file is missing.",
        { State: HealthState.Damaged } => "The content of a file is not what it should be.",
        _ => "It could not be read to the end.",
    };

    private static string Worst(ModelReasonBody worst, int others) =>
        $"{(worst.File.Length > 0 ? worst.File + ": " : "")}{worst.Sentence}{(others > 0 ? $" {Many(others, "more reason")}." : "")}";

    /// <summary>The factors of the integrity score, with what they mean.</summary>
    public static IReadOnlyList<(string Name, double Value, string Meaning)> Parts(IntegrityPartsBody parts) =>
    [
        ("Usable", parts.Usable, "half with any error, because a single wrong byte may spoil a model"),
        ("Presence", parts.Presence, "bytes that are there, of those that should be"),
        ("Content", parts.Content, "bytes that are not known to be damaged"),
        ("Structure", parts.Structure, "files with a valid structure, of those examined"),
    ];

    /// <summary>Where in its file a reason is; <see langword="null"/> when it has no place.</summary>
    public static string? Place(long? offset, long? length) => (offset, length) switch
    {
        (null, _) => null,
        ({ } at, null or 1) => $"byte {Format.Count(at)}",
        ({ } at, { } size) => $"bytes {Format.Count(at)}–{Format.Count(at + size - 1)}",
    };

    /// <summary>What a check read.</summary>
    public static string Word(HealthCheckKind kind) => kind == HealthCheckKind.Full ? "every byte" : "sampled";

    /// <summary>The page of a model, without range and source.</summary>
    public static string Path(string model) => $"/models/view?name={Uri.EscapeDataString(model)}";

    /// <summary>A count with its noun: <c>1 file</c>, <c>12 files</c>.</summary>
    public static string Many(long count, string noun) => $"{Format.Count(count)} {noun}{(count == 1 ? "" : "s")}";
}
