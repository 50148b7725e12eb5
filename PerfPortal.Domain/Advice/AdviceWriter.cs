using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice;

/// <summary>Collects the items of an answer.</summary>
/// <param name="now">The time of the answer, UTC.</param>
internal sealed class AdviceWriter(DateTimeOffset now)
{
    /// <summary>Without data, and for what depends on the load of a host, the next answer may differ in a minute.</summary>
    public static readonly TimeSpan ShortLifetime = TimeSpan.FromMinutes(1);

    /// <summary>The lifetime of advice of full confidence.</summary>
    public static readonly TimeSpan LongLifetime = TimeSpan.FromMinutes(30);

    private readonly List<AdviceItem> _items = [];

    /// <summary>The time of the answer.</summary>
    public DateTimeOffset Now => now;

    /// <summary>The items so far.</summary>
    public IReadOnlyList<AdviceItem> Items => _items;

    /// <summary>Adds what was learned. A value outside the safe range of its kind is brought into it; its lifetime grows with the confidence.</summary>
    public void Learned(string kind, string? subject, double value, long sampleCount, double confidence, string reason)
    {
        if (!double.IsFinite(value) || Info(kind) is not { } info || !(confidence > 0))
        {
            Default(kind, subject, sampleCount, reason);
            return;
        }

        double trust = Math.Clamp(confidence, 0, 1);
        bool ofLoad = kind is AdviceKinds.BandwidthShare or AdviceKinds.ReadRate;
        double bounded = Math.Clamp(value, info.Min, info.Max);
        _items.Add(new()
        {
            Kind = kind,
            Subject = subject,
            Value = bounded,
            Unit = info.Unit,
            SampleCount = sampleCount,
            Confidence = trust,
            ExpiresAt = now + (ofLoad ? ShortLifetime : ShortLifetime + (trust * (LongLifetime - ShortLifetime))),
            SafeDefault = AdviceCatalog.DefaultOf(kind, subject),
            Reason = bounded == value ? reason : $"{reason} It is kept between {Format.Value(info.Min, info.Unit)} and {Format.Value(info.Max, info.Unit)}.",
        });
    }

    /// <summary>Adds a safe default, or an item without a value where a kind has none.</summary>
    public void Default(string kind, string? subject, long sampleCount, string reason) =>
        _items.Add(SafeDefaults.Item(Info(kind)!, subject, now + ShortLifetime, sampleCount, reason));

    /// <summary>Whether a level is still to be measured, so that what is advised may soon be better.</summary>
    public bool IsExploring => _items.Any(item => item.Kind is AdviceKinds.ConnectionsTrial or AdviceKinds.ConcurrencyTrial);

    /// <summary>Replaces what was learned of tried kinds by the safe defaults, because it did not help.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="keepCheaper">Whether fewer connections or files than the default are kept: as fast, they cost less.</param>
    public void FallBack(string reason, bool keepCheaper)
    {
        for (int i = _items.Count - 1; i >= 0; i--)
        {
            var item = _items[i];
            bool isTrial = item.Kind is AdviceKinds.ConnectionsTrial or AdviceKinds.ConcurrencyTrial;
            bool isKept = keepCheaper && item.Kind is AdviceKinds.Connections or AdviceKinds.Concurrency && item.Value <= item.SafeDefault;
            if (isTrial)
            {
                _items.RemoveAt(i);
            }
            else if (item.IsLearned && Info(item.Kind)!.Use == AdviceUse.Tried && !isKept)
            {
                _items[i] = item with { Value = item.SafeDefault, Confidence = 0, ExpiresAt = now + ShortLifetime, Reason = reason };
            }
        }
    }

    /// <summary>Adds a sentence to the reasons of what was learned of tried kinds.</summary>
    public void Remark(string sentence)
    {
        for (int i = 0; i < _items.Count; i++)
        {
            if (_items[i].IsLearned && Info(_items[i].Kind)!.Use == AdviceUse.Tried)
            {
                _items[i] = _items[i] with { Reason = $"{_items[i].Reason} {sentence}" };
            }
        }
    }

    private static AdviceKindInfo? Info(string kind) => AdviceCatalog.Find(kind);
}
