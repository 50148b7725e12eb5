namespace PerfPortal.Server.Settings.Configuration;

/// <summary>A configuration value as written.</summary>
/// <param name="Text">The text, not blank.</param>
/// <param name="WrittenAs">The full key as written.</param>
internal readonly record struct SettingText(string Text, string WrittenAs);

/// <summary>
/// The portal's part of the configuration under canonical keys. Aliases are resolved within each provider before the providers are
/// merged, so an alias in the environment overrides a canonical key in a file. A blank value counts as missing: a compose file passes
/// unset variables as empty ones.
/// </summary>
internal sealed class SettingTexts
{
    private readonly Dictionary<string, SettingText> _texts = new(StringComparer.OrdinalIgnoreCase);

    private SettingTexts()
    {
    }

    public static SettingTexts From(IConfiguration configuration)
    {
        var texts = new SettingTexts();
        texts.Layer(configuration);
        return texts;
    }

    /// <summary>Returns the value of a key relative to the section.</summary>
    public SettingText? Find(string key) => _texts.TryGetValue(key, out var text) ? text : null;

    /// <summary>Returns the keys under <paramref name="parent"/>, without that prefix, and their values.</summary>
    public IEnumerable<KeyValuePair<string, SettingText>> Under(string parent) => _texts
        .Where(pair => pair.Key.StartsWith(parent + ":", StringComparison.OrdinalIgnoreCase))
        .Select(pair => KeyValuePair.Create(pair.Key[(parent.Length + 1)..], pair.Value))
        .OrderBy(pair => pair.Key, ConfigurationKeyComparer.Instance);

    private void Layer(IConfiguration configuration)
    {
        if (configuration is not IConfigurationRoot root)
        {
            Add(configuration.AsEnumerable().Where(pair => SettingAliases.IsRoot(pair.Key.Split(':')[0])));
            return;
        }

        foreach (var provider in root.Providers)
        {
            // A chained configuration has its own layers, and an alias must not take precedence over a higher layer.
            if (provider is ChainedConfigurationProvider chained)
            {
                Layer(chained.Configuration);
            }
            else
            {
                Add(Flatten(provider, null).ToList());
            }
        }
    }

    private void Add(IEnumerable<KeyValuePair<string, string?>> layer)
    {
        var best = new Dictionary<string, (int Rank, SettingText Text)>(StringComparer.OrdinalIgnoreCase);
        foreach ((string fullKey, string? value) in layer)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                continue;
            }

            (string key, int rank) = SettingAliases.Resolve(fullKey);
            if (!best.TryGetValue(key, out var known) || rank < known.Rank)
            {
                best[key] = (rank, new(value, fullKey));
            }
        }

        foreach ((string key, (_, var text)) in best)
        {
            _texts[key] = text;
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(IConfigurationProvider provider, string? parent)
    {
        foreach (string child in provider.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (parent is null && !SettingAliases.IsRoot(child))
            {
                continue;
            }

            string key = parent is null ? child : parent + ":" + child;
            if (provider.TryGet(key, out string? value))
            {
                yield return KeyValuePair.Create(key, value);
            }

            foreach (var pair in Flatten(provider, key))
            {
                yield return pair;
            }
        }
    }
}
