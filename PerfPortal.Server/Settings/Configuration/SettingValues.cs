using System.Globalization;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Server.Settings.Configuration;

/// <summary>Parses the settings by the catalogs. Collects the errors and continues with the default of an invalid setting.</summary>
internal sealed class SettingValues(SettingTexts texts)
{
    private const string ThresholdSection = "PerformanceThresholds";
    private const string TimeoutSection = ThresholdSection + ":OperationTimeoutSeconds";
    private const string NamesSection = ThresholdSection + ":SlowOperationSecondsByName";

    public List<string> Errors { get; } = [];

    public string? Text(SettingInfo info) => texts.Find(Name(info))?.Text.Trim();

    public int Number(SettingInfo info)
    {
        if (texts.Find(Name(info)) is not { } text)
        {
            return info.DefaultNumber;
        }

        if (info.TryReadNumber(text.Text, out int value))
        {
            return value;
        }

        Wrong(info.Key, text, info.Expectation);
        return info.DefaultNumber;
    }

    /// <summary>Returns an absolute address of HTTP or HTTPS.</summary>
    public Uri? Url(SettingInfo info)
    {
        if (texts.Find(Name(info)) is not { } text)
        {
            return null;
        }

        if (text.Text.Trim() is var trimmed && trimmed.Length <= info.Max && Uri.TryCreate(trimmed, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.UserInfo.Length == 0 && url.Fragment.Length == 0)
        {
            return url;
        }

        const string Expectation = "an absolute http:// or https:// address without user name and fragment";
        if (info.Secret)
        {
            Errors.Add($"{info.Key} must be {Expectation}.");
        }
        else
        {
            Wrong(info.Key, text, Expectation);
        }

        return null;
    }

    public bool Flag(SettingInfo info) => OptionalFlag(info) ?? bool.Parse(info.Default!);

    /// <summary>Returns a flag without a fixed default; <see langword="null"/> when it is not set.</summary>
    public bool? OptionalFlag(SettingInfo info)
    {
        if (texts.Find(Name(info)) is not { } text)
        {
            return null;
        }

        switch (text.Text.Trim().ToUpperInvariant())
        {
            case "TRUE" or "1":
                return true;
            case "FALSE" or "0":
                return false;
            default:
                Wrong(info.Key, text, info.Expectation);
                return null;
        }
    }

    public T Choice<T>(SettingInfo info)
        where T : struct, Enum
    {
        if (texts.Find(Name(info)) is not { } text)
        {
            return Enum.Parse<T>(info.Default!);
        }

        string word = text.Text.Trim();
        if (info.Choices.Contains(word, StringComparer.OrdinalIgnoreCase))
        {
            return Enum.Parse<T>(word, ignoreCase: true);
        }

        Wrong(info.Key, text, info.Expectation);
        return Enum.Parse<T>(info.Default!);
    }

    /// <summary>Returns the values of a setting per metric type; a single value applies to every type without its own value.</summary>
    public IEnumerable<KeyValuePair<MetricType, int>> PerType(SettingInfo info)
    {
        var result = new Dictionary<MetricType, int>();
        foreach ((var type, string key, var text) in TextsPerType(Name(info)))
        {
            if (info.TryReadNumber(text.Text, out int value))
            {
                result[type] = value;
            }
            else
            {
                Wrong(key, text, info.Expectation);
            }
        }

        return result;
    }

    public PerformanceThresholds Thresholds()
    {
        var thresholds = PerformanceThresholds.Default;
        var timeouts = ThresholdCatalog.All.Where(info => info.Key.Contains(':', StringComparison.Ordinal))
            .ToDictionary(info => info.Key[(info.Key.IndexOf(':', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal);

        foreach (var info in ThresholdCatalog.All.Except(timeouts.Values))
        {
            if (texts.Find(ThresholdSection + ":" + info.Key) is { } text)
            {
                thresholds = Apply(thresholds, info, Full(ThresholdSection + ":" + info.Key), text);
            }
        }

        thresholds = thresholds with { SlowOperationSecondsByName = LimitsByName() };
        foreach ((var type, string key, var text) in TextsPerType(TimeoutSection))
        {
            thresholds = Apply(thresholds, timeouts[type.WireName()], key, text);
        }

        if (texts.Find(ThresholdSection) is { } bare)
        {
            Wrong(Full(ThresholdSection), bare, "a section with a value for each threshold");
        }

        foreach ((string member, var text) in texts.Under(ThresholdSection))
        {
            bool known = ThresholdCatalog.All.Any(info => info.Key.Equals(member, StringComparison.OrdinalIgnoreCase))
                || Full(ThresholdSection + ":" + member).StartsWith(Full(TimeoutSection), StringComparison.OrdinalIgnoreCase)
                || (ThresholdSection + ":" + member).StartsWith(NamesSection + ":", StringComparison.OrdinalIgnoreCase)
                || NamesSection.Equals(ThresholdSection + ":" + member, StringComparison.OrdinalIgnoreCase);
            if (!known)
            {
                Errors.Add($"{text.WrittenAs} is not a threshold. Valid thresholds: {string.Join(", ", ThresholdCatalog.All.Select(info => info.WireName))}.");
            }
        }

        return thresholds;
    }

    /// <summary>The slow limit of each operation name, whose case is as written.</summary>
    private NameLimits LimitsByName()
    {
        var limits = NameLimits.None;
        if (texts.Find(NamesSection) is { } bare)
        {
            Wrong(Full(NamesSection), bare, "a section with a number of seconds for each operation name");
        }

        foreach ((string member, var text) in texts.Under(NamesSection))
        {
            string name = text.WrittenAs[^member.Length..];
            if (!NameLimits.AllowsName(name))
            {
                Errors.Add($"{Full(NamesSection)} names an operation of {name.Length} characters; 1 to {OperationLimits.NameCharacters} are accepted.");
            }
            else if (double.TryParse(text.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && NameLimits.Allows(seconds))
            {
                limits = limits.With(name, seconds);
            }
            else
            {
                Wrong(Full(NamesSection) + ":" + name, text, $"a number {NameLimits.Limits}");
            }
        }

        if (limits.Count > NameLimits.MaxNames)
        {
            Errors.Add($"{Full(NamesSection)} has {limits.Count} names; the maximum is {NameLimits.MaxNames}.");
        }

        return limits;
    }

    public IReadOnlyList<string> HostNames(SettingInfo info)
    {
        var hosts = new List<string>();
        foreach (var text in Items(info))
        {
            var host = new HostString(text.Text.Trim());
            string bare = host.Host.Trim('[', ']');
            bool whole = host.Value == bare || host.Port is > 0 and <= 65535 || host.Value == "[" + bare + "]";
            if (whole && Uri.CheckHostName(bare) != UriHostNameType.Unknown)
            {
                hosts.Add(host.Value!);
            }
            else
            {
                Wrong(info.Key, text, "a host name with an optional port, without a scheme or a wildcard");
            }
        }

        return hosts;
    }

    /// <summary>Returns the items of a list: separated by commas or semicolons, or numbered as the configuration writes arrays.</summary>
    public IReadOnlyList<SettingText> Items(SettingInfo info)
    {
        var items = new List<SettingText>();
        if (texts.Find(Name(info)) is { } joined)
        {
            items.AddRange(joined.Text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries).Select(item => joined with { Text = item }));
        }

        items.AddRange(texts.Under(Name(info)).Select(pair => pair.Value));
        return items;
    }

    public void Wrong(string key, SettingText text, string expectation) =>
        Errors.Add($"{key}{Origin(key, text)} is \"{Shortened(text.Text)}\" and must be {expectation}.");

    /// <summary>The name relative to the section.</summary>
    public static string Name(SettingInfo info) => info.Key[(SettingsCatalog.Section.Length + 1)..];

    private PerformanceThresholds Apply(PerformanceThresholds thresholds, ThresholdInfo info, string key, SettingText text)
    {
        if (double.TryParse(text.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && info.Allows(value))
        {
            return info.With(thresholds, value);
        }

        Wrong(key, text, $"a number {info.Limits}");
        return thresholds;
    }

    private List<(MetricType Type, string Key, SettingText Text)> TextsPerType(string setting)
    {
        var result = new List<(MetricType, string, SettingText)>();
        if (texts.Find(setting) is { } bare)
        {
            result.AddRange(MetricTypes.All
                .Where(type => texts.Find(SettingAliases.PerType(setting, type)) is null)
                .Select(type => (type, Full(setting), bare)));
        }

        foreach ((string name, var text) in texts.Under(setting))
        {
            string? wireName = MetricTypes.WireNames.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (MetricTypes.TryParse(wireName, out var type))
            {
                result.Add((type, Full(SettingAliases.PerType(setting, type)), text));
            }
            else
            {
                Errors.Add($"{text.WrittenAs} is not a metric type. Valid types: {string.Join(", ", MetricTypes.WireNames)}.");
            }
        }

        return result;
    }

    private static string Full(string name) => SettingsCatalog.Section + ":" + name;

    private static string Origin(string key, SettingText text) =>
        text.WrittenAs.Equals(key, StringComparison.OrdinalIgnoreCase) ? "" : $" (written as {text.WrittenAs})";

    private static string Shortened(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");
}
