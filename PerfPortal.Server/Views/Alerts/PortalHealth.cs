using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Sampling;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Views.Alerts;

/// <summary>Tells alert rules how the portal itself is doing: whether reports are stored, its host is sampled, and messages arrive.</summary>
internal sealed class PortalHealth(OperationJournal journal, StorageLimit limit, ResourceSampler sampler, SamplerOptions sampling, IDeliveryStore deliveries, TimeProvider time) : IPortalHealth
{
    /// <summary>How many intervals may pass without a sample.</summary>
    public const int MaxIntervals = 5;

    public async ValueTask<IReadOnlyList<PortalPart>> ReadAsync(CancellationToken cancellationToken) =>
    [
        Part("storage", JournalTrouble.Of(journal.Status)),
        Part("size_limit", limit.Read() is { State: not StorageLimitState.Within } reached ? reached.Summary : null),
        Part("sampler", Sampler()),
        Part("delivery", await DeliveryTrouble.ReadAsync(deliveries, time.GetUtcNow(), cancellationToken).ConfigureAwait(false)),
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
}
