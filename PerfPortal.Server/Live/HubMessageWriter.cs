using System.Text.Json;
using System.Text.Json.Nodes;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Live;

/// <summary>Composes the messages of the hub and of the event stream.</summary>
internal sealed class HubMessageWriter(ActiveReader active, ResourceHistory resources, DashboardCache dashboards, AlertReader alerts, TimeProvider time)
{
    private const int MaxActive = 1_000;

    /// <summary>Whether a message of the feed concerns a topic; <see langword="null"/> requests a snapshot and concerns every topic.</summary>
    public static bool Concerns(string topic, LiveMessage? message) => message is null || topic switch
    {
        HubTopics.Operations => message.ActiveChanged || message.EndedCount > 0,
        HubTopics.Resources => message.Samples.Count > 0,
        HubTopics.Dashboard => true,
        HubTopics.Alerts => message.AlertsChanged,
        _ => false,
    };

    /// <summary>Composes the message of a topic for a change, or a snapshot without one; returns <see langword="null"/> when nothing matches the filter.</summary>
    public async Task<HubMessage?> WriteAsync(string topic, SeriesFilter filter, LiveMessage? message, CancellationToken cancellationToken) => topic switch
    {
        HubTopics.Operations => Message("OperationsChanged", await OperationsAsync(filter, message, cancellationToken).ConfigureAwait(false)),
        HubTopics.Resources => await ResourcesAsync(filter, message, cancellationToken).ConfigureAwait(false),
        HubTopics.Dashboard => Message("DashboardChanged", await DashboardAsync(filter, message, cancellationToken).ConfigureAwait(false)),
        HubTopics.Alerts => Message("AlertChanged", await AlertsAsync(filter, message, cancellationToken).ConfigureAwait(false)),
        _ => null,
    };

    private static HubMessage Message<T>(string method, T body) => new(method, JsonSerializer.SerializeToElement(body, WireJson.Options));

    private async Task<OperationsChangedMessage> OperationsAsync(SeriesFilter filter, LiveMessage? message, CancellationToken cancellationToken)
    {
        List<OperationBody>? running = null;
        if (message is null || message.ActiveChanged)
        {
            var list = await active.ReadAsync(filter, includePortal: false, passes: null, MaxActive, cancellationToken).ConfigureAwait(false);
            running = [.. list.Rows.Select(row => OperationBody.Of(row.Operation, row.Rate, row.Eta, row.StalledSeconds, row.Held))];
        }

        var finished = (message?.Ended ?? []).Where(item => filter.Matches(new(item.MetricType, item.Source, item.Name)))
            .Select(item => OperationBody.Of(item)).ToList();
        return new(message?.Sequence ?? 0, message is null, running, finished, message?.EndedCount > message?.Ended.Count);
    }

    private async Task<HubMessage?> ResourcesAsync(SeriesFilter filter, LiveMessage? message, CancellationToken cancellationToken)
    {
        string? host = filter.Source is null ? null : HostSource.Of(filter.Source);
        var samples = message?.Samples ?? await resources.ReadLatestAsync(host, cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        var items = samples.Where(sample => host is null || sample.Source == host).Select(sample => SampleBody.Of(sample, now)).ToList();
        return items.Count == 0 && message is not null
            ? null
            : Message("ResourceSampled", new ResourceSampledMessage(message?.Sequence ?? 0, message is null, items));
    }

    private async Task<DashboardChangedMessage> DashboardAsync(SeriesFilter filter, LiveMessage? message, CancellationToken cancellationToken)
    {
        var bytes = await dashboards.GetCurrentAsync(filter.Source, cancellationToken).ConfigureAwait(false);
        return new(message?.Sequence ?? 0, message is null, JsonNode.Parse(bytes.Json));
    }

    private async Task<AlertChangedMessage> AlertsAsync(SeriesFilter filter, LiveMessage? message, CancellationToken cancellationToken)
    {
        var book = await alerts.ReadBookAsync(cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        return new(message?.Sequence ?? 0, message is null, Bodies(book.Current), Bodies(book.Resolved));

        List<AlertBody> Bodies(IReadOnlyList<Alert> all) =>
        [
            .. all.Where(alert => Passes(filter, alert.Subject)).Take(AlertReader.MaxItems).Select(alert => AlertBody.Of(alert, AlertWords.Sentence(alert, now), now, [], null)),
        ];
    }

    private static bool Passes(SeriesFilter filter, AlertSubject subject) =>
        (filter.Source is null || filter.Source == subject.Source)
        && (filter.MetricType is null || filter.MetricType == subject.MetricType)
        && (filter.Name is null || filter.Name == subject.Name);
}
