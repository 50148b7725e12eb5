using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Alerts;
using PerfPortal.Tests.Api;

namespace PerfPortal.Tests.Pages.Alerts;

/// <summary>A portal in which one rule measures what a test sets.</summary>
internal sealed class AlertingPortal : IAsyncDisposable
{
    private AlertingPortal(PortalFactory portal, FakeAlertSource source) => (Portal, Source) = (portal, source);

    public PortalFactory Portal { get; }

    public FakeAlertSource Source { get; }

    public AlertEngine Engine => Portal.Services.GetRequiredService<AlertEngine>();

    public static async Task<AlertingPortal> StartAsync(double? cpu = 96.5, AlertSeverity severity = AlertSeverity.Warning, AlertExplanation? explanation = null)
    {
        var source = new FakeAlertSource();
        source.Explanation = explanation ?? source.Explanation;
        source.Rules.Add(new() { Id = "test", Name = "High CPU", Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent), Threshold = 80, Severity = severity, Note = "https://runbook.example/cpu" });
        source.Values[("test", "gpu-1")] = cpu;
        var portal = await PortalFactory.StartWithAsync(services => services.AddSingleton<IAlertSource>(source));
        var alerting = new AlertingPortal(portal, source);
        await alerting.Engine.EvaluateAsync(CancellationToken.None);
        return alerting;
    }

    public async Task<Alert> AlertAsync() => (await Engine.ReadAsync(CancellationToken.None)).Current.Single();

    /// <summary>A browser of somebody who may act, with dialogs, menus and messages.</summary>
    public AlertingBrowser Browse(string uri, params Scope[] scopes) => new(Portal.BrowseAs(uri, scopes));

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}

/// <summary>A browser with the providers of the layout.</summary>
internal sealed class AlertingBrowser : IDisposable
{
    public AlertingBrowser(PortalContext context)
    {
        Context = context;
        context.Render<MudPopoverProvider>();
        Dialogs = context.Render<MudDialogProvider>();
        Snackbars = context.Render<MudSnackbarProvider>();
    }

    public PortalContext Context { get; }

    public IRenderedComponent<MudDialogProvider> Dialogs { get; }

    public IRenderedComponent<MudSnackbarProvider> Snackbars { get; }

    /// <summary>Presses the button with this text, or with this label.</summary>
    public static Task PressAsync<T>(IRenderedComponent<T> where, string text)
        where T : Microsoft.AspNetCore.Components.IComponent =>
        where.InvokeAsync(() => where.FindAll("button").First(button => button.TextContent.Trim() == text || button.GetAttribute("aria-label") == text).Click());

    public void Dispose() => Context.Dispose();
}
