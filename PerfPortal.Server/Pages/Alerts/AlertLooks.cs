using Microsoft.AspNetCore.Components;
using MudBlazor;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>How alerts and rules look and read on pages.</summary>
internal static class AlertLooks
{
    /// <summary>The health that a severity shows as.</summary>
    public static Health HealthOf(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => Health.Critical,
        AlertSeverity.Warning => Health.Warning,
        _ => Health.Unknown,
    };

    /// <summary>The icon of a severity.</summary>
    public static string Icon(AlertSeverity severity) => severity switch
    {
        AlertSeverity.Critical => Icons.Material.Outlined.ErrorOutline,
        AlertSeverity.Warning => Icons.Material.Outlined.WarningAmber,
        _ => Icons.Material.Outlined.Info,
    };

    /// <summary>A severity for the rows of a table.</summary>
    public static RenderFragment Mark(AlertSeverity severity) =>
        StatusMark.Of(severity switch { AlertSeverity.Critical => Color.Error, AlertSeverity.Warning => Color.Warning, _ => Color.Default }, severity.ToString(), Icon(severity));

    /// <summary>The word for a state.</summary>
    public static string Word(AlertState state) => state == AlertState.NoData ? "No data" : state.ToString();

    /// <summary>The word for the state of an alert: one whose rule or source is gone has ended, and nobody knows whether it is resolved.</summary>
    public static string Word(Alert alert) => alert is { State: AlertState.Resolved, EndReason: not null } ? "Ended" : Word(alert.State);

    /// <summary>The health that the state of an alert shows as.</summary>
    public static Health HealthOf(Alert alert) => alert switch
    {
        { State: AlertState.Resolved, EndReason: null } => Health.Healthy,
        { State: AlertState.Firing } => HealthOf(alert.Severity),
        _ => Health.Unknown,
    };

    /// <summary>The state of a message for the rows of a table.</summary>
    public static RenderFragment Mark(DeliveryState state) => state switch
    {
        DeliveryState.Delivered => StatusMark.Of(Color.Success, "Delivered", Icons.Material.Outlined.CheckCircle),
        DeliveryState.GivenUp => StatusMark.Of(Color.Error, "Given up", Icons.Material.Outlined.Cancel),
        _ => StatusMark.Of(Color.Primary, "Waiting", Icons.Material.Outlined.HourglassEmpty),
    };

    /// <summary>A value of an alert; a problem of the portal has none.</summary>
    public static string Value(Alert alert, double? value) => alert.Signal.Kind == AlertSignalKind.Portal ? Format.None : AlertWords.ValueOf(alert, value);

    /// <summary>The threshold of an alert; a problem of the portal has none.</summary>
    public static string Threshold(Alert alert) => alert.Signal.Kind == AlertSignalKind.Portal ? Format.None : AlertWords.ThresholdOf(alert);

    /// <summary>The condition of a rule, such as <c>P95 duration above 60 s over 1 h with at least 20 operations, for 5 min</c>.</summary>
    public static string Condition(AlertRule rule)
    {
        string what = AlertWords.Title(rule.Signal);
        string limit = rule switch
        {
            { Signal.Kind: AlertSignalKind.Portal } => " has a problem",
            { Signal.Kind: AlertSignalKind.Finding, Comparison: AlertComparison.Above, Threshold: 0 } => " found",
            _ => " " + AlertWords.Threshold(rule.Signal, rule.Comparison, rule.Threshold),
        };
        var traits = SignalTraits.Of(rule.Signal);
        string window = traits.HasWindow ? " over " + Period(rule.Window) : "";
        string least = traits.HasMinOperations && rule.MinOperations > 1 ? $" with at least {Format.Count((long)rule.MinOperations)} operations" : "";
        return what + limit + window + least + (rule.For > TimeSpan.Zero ? $"{(traits.HasWindow ? "," : "")} for {Period(rule.For)}" : "");
    }

    /// <summary>A configured time: whole minutes and hours without seconds.</summary>
    public static string Period(TimeSpan time) =>
        time >= TimeSpan.FromHours(1) && time.Ticks % TimeSpan.TicksPerHour == 0 ? $"{Format.Count(time.TotalHours)} h"
        : time >= TimeSpan.FromMinutes(1) && time < TimeSpan.FromHours(1) && time.Ticks % TimeSpan.TicksPerMinute == 0 ? $"{Format.Count(time.TotalMinutes)} min"
        : time < TimeSpan.FromMinutes(1) && time.Ticks % TimeSpan.TicksPerSecond == 0 ? $"{Format.Count(time.TotalSeconds)} s"
        : Format.Duration(time);

    /// <summary>What a rule looks at, such as <c>each source</c> or <c>downloads on loader, each name</c>.</summary>
    public static string Scope(AlertRule rule)
    {
        var scope = rule.Scope;
        string what = scope == AlertScope.Everything ? "" : AlertWords.Subject(new(scope.Source, scope.MetricType, scope.Name));
        string each = rule.Per switch
        {
            AlertPer.Source => "each source",
            AlertPer.MetricType => "each type",
            AlertPer.Name => "each name",
            _ => "",
        };
        return (what, each) switch
        {
            ("", "") => "everything",
            (_, "") => what,
            ("", _) => each,
            _ => $"{what}, {each}",
        };
    }

    /// <summary>The page that shows what an alert is about, without range and source.</summary>
    public static string SubjectPath(Alert alert) => alert switch
    {
        { Subject.FindingId: { } finding } => $"/insights?finding={Uri.EscapeDataString(finding)}",
        { Signal.Kind: AlertSignalKind.Portal } => "/admin/storage",
        { Signal.Kind: AlertSignalKind.Score } => "/insights",
        { Signal.Kind: AlertSignalKind.Resource } => "/resources",
        { Signal.Kind: AlertSignalKind.RunningFor } => "/live",
        { Subject: { MetricType: { } type, Name: { } name } } => $"/operations?metric_type={type.WireName()}&name={Uri.EscapeDataString(name)}",
        { Subject.MetricType: { } type } => $"/operations?metric_type={type.WireName()}",
        _ => "/operations",
    };

    /// <summary>Labels as text, such as <c>severity = critical, source = gpu-1</c>.</summary>
    public static string Labels(IReadOnlyDictionary<string, string> labels) =>
        labels.Count == 0 ? "every alert" : string.Join(", ", labels.Select(label => $"{label.Key} = {label.Value}"));
}
