using PerfPortal.Domain.Advice.Effects;

namespace PerfPortal.Domain.Advice.Learned;

/// <summary>Keeps measured effects for a minute, because comparing the arms at many ratios is the most expensive part of an answer. At most <see cref="MaxItems"/>. Thread-safe.</summary>
internal sealed class EffectCache(TimeProvider time)
{
    /// <summary>The maximum number of effects.</summary>
    public const int MaxItems = 500;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(AdviceTopic Topic, string? Source, string? Subject), (AdviceEffect Effect, long At)> _effects = [];

    /// <summary>Returns the effect, measured again when it is older than a minute.</summary>
    public AdviceEffect Get((AdviceTopic Topic, string? Source, string? Subject) key, Func<AdviceEffect> measure)
    {
        lock (_lock)
        {
            if (_effects.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < Lifetime)
            {
                return known.Effect;
            }
        }

        var effect = measure();
        lock (_lock)
        {
            if (_effects.Count >= MaxItems && !_effects.ContainsKey(key))
            {
                _effects.Clear();
            }

            _effects[key] = (effect, time.GetTimestamp());
        }

        return effect;
    }
}
