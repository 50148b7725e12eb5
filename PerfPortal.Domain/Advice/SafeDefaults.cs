namespace PerfPortal.Domain.Advice;

/// <summary>Advice without a history: the safe defaults of <see cref="AdviceCatalog"/>. What a component uses without a portal.</summary>
/// <param name="time">The clock.</param>
public sealed class SafeDefaults(TimeProvider time) : IAdviser
{
    /// <summary>How long defaults are valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<AdviceItem>> AdviseAsync(AdviceQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        cancellationToken.ThrowIfCancellationRequested();
        return new(Items(question.Topic, time.GetUtcNow() + Lifetime));
    }

    /// <summary>Returns one item for each kind of a topic that has a default, and one per error category where it differs by category.</summary>
    public static IReadOnlyList<AdviceItem> Items(AdviceTopic topic, DateTimeOffset expiresAt)
    {
        var items = new List<AdviceItem>();
        foreach (var info in AdviceCatalog.All)
        {
            if (info.Topic != topic || info.Default is null)
            {
                continue;
            }

            if (info.Kind is AdviceKinds.RetryDelay or AdviceKinds.RetrySuccess)
            {
                items.AddRange(AdviceCatalog.RetryCategories.Select(category => Item(info, category, expiresAt, 0, "Nothing is recorded yet; this is the safe default.")));
            }
            else
            {
                items.Add(Item(info, null, expiresAt, 0, "Nothing is recorded yet; this is the safe default."));
            }
        }

        return items;
    }

    /// <summary>Returns the default of a kind as an item.</summary>
    internal static AdviceItem Item(AdviceKindInfo info, string? subject, DateTimeOffset expiresAt, long sampleCount, string reason)
    {
        double? value = AdviceCatalog.DefaultOf(info.Kind, subject);
        return new()
        {
            Kind = info.Kind,
            Subject = subject,
            Value = value,
            Unit = info.Unit,
            SampleCount = sampleCount,
            Confidence = 0,
            ExpiresAt = expiresAt,
            SafeDefault = value,
            Reason = reason,
        };
    }
}
