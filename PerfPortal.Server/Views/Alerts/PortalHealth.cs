using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Alerts;

/// <summary>Tells alert rules how the portal itself is doing: whether reports are stored, its host is sampled, and messages arrive.</summary>
internal sealed class PortalHealth(OperationJournal journal, StorageLimit limit, ResourceSampler sampler, SamplerOptions sampling, IDeliveryStore deliveries, TimeProvider time) : IPortalHealth
{
    /// <summary>The number of attempts from which a message that does not arrive is a problem.</summary>
    public const int MaxAttempts = 3;

    /// <summary>How long a message that was given up is a problem.</summary>
    public static readonly TimeSpan GivenUpFor = TimeSpan.FromHours(1);

    private const int MaxRead = 50;

    /// <summary>How many intervals may pass without a sample.</summary>
    public const int MaxIntervals = 5;

    public async ValueTask<IReadOnlyList<PortalPart>> ReadAsync(CancellationToken cancellationToken) =>
    [
        Part("storage", JournalTrouble.Of(journal.Status)),
        Part("size_limit", limit.Read() is { State: not StorageLimitState.Within } reached ? reached.Summary : null),
        Part("sampler", Sampler()),
        Part("delivery", await DeliveryAsync(cancellationToken).ConfigureAwait(false)),
    ];

    private static PortalPart Part(string name, string? problem) => new(name, problem is not null, problem);

    private string? Sampler()
    {
        if (sampler.Latest is not { } latest)
        {
            return null;
        }

        var age = time.GetUtcNow() - latest.SampledAt;
        var allowed = sampling.Interval * MaxIntervals;
        return age > allowed && age > TimeSpan.FromMinutes(1) ? $"The portal's own host has not been sampled for {Format.Duration(age)}." : null;
    }

    private async Task<string?> DeliveryAsync(CancellationToken cancellationToken)
    {
        var waiting = await deliveries.ReadUnfinishedAsync(cancellationToken).ConfigureAwait(false);
        var failing = waiting.Where(delivery => delivery.Attempts >= MaxAttempts).ToList();
        if (failing.Count > 0)
        {
            var stuck = failing.Select(delivery => delivery.ReceiverId).ToHashSet();
            int count = waiting.Count(delivery => stuck.Contains(delivery.ReceiverId));
            return $"{Format.Count(count)} {(count == 1 ? "message waits" : "messages wait")} for {await NamesAsync(stuck, cancellationToken).ConfigureAwait(false)}; the last answer: {failing[^1].Answer ?? "none"}";
        }

        var since = time.GetUtcNow() - GivenUpFor;
        var lost = (await deliveries.ReadDeliveriesAsync(null, null, MaxRead, cancellationToken).ConfigureAwait(false))
            .Where(delivery => delivery.State == DeliveryState.GivenUp && delivery.FinishedAt >= since && !delivery.Message.IsTest).ToList();
        return lost.Count == 0
            ? null
            : $"{Format.Count(lost.Count)} {(lost.Count == 1 ? "message" : "messages")} to {await NamesAsync([.. lost.Select(delivery => delivery.ReceiverId)], cancellationToken).ConfigureAwait(false)} had to be given up; the last answer: {lost[0].Answer ?? "none"}";
    }

    private async Task<string> NamesAsync(HashSet<string> ids, CancellationToken cancellationToken)
    {
        var names = (await deliveries.ReadReceiversAsync(cancellationToken).ConfigureAwait(false)).Where(receiver => ids.Contains(receiver.Id)).Select(receiver => receiver.Name).ToList();
        return names.Count == 0 ? "a removed receiver" : string.Join(", ", names);
    }
}
