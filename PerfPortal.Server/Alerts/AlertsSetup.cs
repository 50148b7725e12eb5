using Microsoft.AspNetCore.DataProtection;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Alerts.Channels;
using PerfPortal.Server.Alerts.Dispatch;
using PerfPortal.Server.Alerts.Guard;
using PerfPortal.Server.Alerts.Mail;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Alerts;

/// <summary>Registers the delivery of alerts: channels, secrets, the dispatcher and the heartbeat.</summary>
internal static class AlertsSetup
{
    /// <summary>Adds the services; all of them are singletons.</summary>
    public static IServiceCollection AddPortalAlerts(this IServiceCollection services, PortalOptions options)
    {
        services.AddHttpClient(AlertHttp.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)

            // The loggers of the client write addresses, and an address can contain a secret.
            .RemoveAllLoggers()
            .ConfigurePrimaryHttpMessageHandler(provider => CreateHandler(provider.GetRequiredService<TargetGuard>()));
        services
            .AddSingleton(new TargetGuard(options.Alerts.AllowPrivateTargets))
            .AddSingleton<AlertHttp>()
            .AddSingleton(provider => new ReceiverVault(provider.GetRequiredService<IDataProtectionProvider>()))
            .AddSingleton<IAlertChannel, WebhookChannel>()
            .AddSingleton<IAlertChannel, SlackChannel>()
            .AddSingleton<IAlertChannel, TeamsChannel>()
            .AddSingleton<IAlertChannel, AlertmanagerChannel>()
            .AddSingleton<IAlertChannel, EmailChannel>()
            .AddSingleton<IAlertSender, AlertSender>()
            .AddSingleton<ReceiverBook>()
            .AddSingleton(provider => new ReceiverTester(provider.GetRequiredService<IAlertSender>(), options.PublicUrl, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new AlertDispatcher(
                provider.GetRequiredService<IDeliveryStore>(), provider.GetRequiredService<IAlertStore>(), provider.GetRequiredService<AlertEngine>().ReadAsync,
                provider.GetRequiredService<IAlertSender>(), options.PublicUrl, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AlertDispatcher>>()))
            .AddSingleton(provider => new AlertmanagerRefresher(
                provider.GetRequiredService<IDeliveryStore>(), provider.GetRequiredService<AlertEngine>().ReadAsync, provider.GetRequiredService<IAlertSender>(),
                options.PublicUrl, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AlertmanagerRefresher>>()));
        return services;
    }

    /// <summary>Connects through the guard. A proxy would connect to addresses that the guard cannot see, and a redirect could lead anywhere.</summary>
    internal static SocketsHttpHandler CreateHandler(TargetGuard guard) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(8),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        MaxResponseHeadersLength = 16,
        ConnectCallback = async (context, token) => await guard.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, token).ConfigureAwait(false),
    };
}
