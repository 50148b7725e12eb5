using PerfPortal.Domain.Settings;

namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>
/// Built-in, stored and provisioned rules as one list. A stored rule with the ID of a built-in one is that rule as edited; a provisioned rule stands over both. Holds the stored rules in
/// memory, at most <see cref="MaxRules"/> in all. Thread-safe; exceptions of the store propagate, and nothing is changed then.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="readThresholds">Reads the thresholds in effect.</param>
/// <param name="provisioned">The rules of the rules file.</param>
public sealed class AlertRuleBook(IAlertStore store, Func<CancellationToken, ValueTask<PerformanceThresholds>> readThresholds, IReadOnlyList<AlertRule> provisioned) : IDisposable
{
    /// <summary>The maximum number of rules.</summary>
    public const int MaxRules = 1000;

    private readonly SemaphoreSlim _gate = new(1);
    private List<AlertRule>? _stored;
    private PerformanceThresholds? _thresholds;
    private AlertRuleList? _list;
    private long _version;

    /// <summary>Returns all rules.</summary>
    public async ValueTask<AlertRuleList> ReadAsync(CancellationToken cancellationToken)
    {
        var thresholds = await readThresholds(cancellationToken).ConfigureAwait(false);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await ListAsync(thresholds, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Adds a rule; it gets a new ID.</summary>
    public Task<RuleChange> AddAsync(AlertRule rule, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return ChangeAsync(list => SaveAsync(list, rule with { Id = Guid.NewGuid().ToString("N"), IsBuiltIn = false }, null, 0, cancellationToken), cancellationToken);
    }

    /// <summary>Replaces a rule. A built-in one no longer follows the thresholds then.</summary>
    /// <param name="rule">The rule, by its ID.</param>
    /// <param name="expectedVersion">The version that was edited; <see langword="null"/> for any.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<RuleChange> UpdateAsync(AlertRule rule, long? expectedVersion, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return ChangeAsync(
            list => Refuse(list, rule.Id, expectedVersion) is { } refused
                ? Task.FromResult(refused)
                : SaveAsync(list, rule with { IsBuiltIn = list.Find(rule.Id)!.IsBuiltIn }, rule.Id, list.Find(rule.Id)!.Version, cancellationToken),
            cancellationToken);
    }

    /// <summary>Deletes a rule; a built-in one is reset, and follows the thresholds again.</summary>
    /// <param name="id">The ID.</param>
    /// <param name="expectedVersion">The version that was looked at; <see langword="null"/> for any.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<RuleChange> DeleteAsync(string id, long? expectedVersion, CancellationToken cancellationToken) => ChangeAsync(
        async list =>
        {
            if (Refuse(list, id, expectedVersion) is { } refused)
            {
                return refused;
            }

            var rule = list.Find(id)!;
            if (rule is { IsBuiltIn: true, Version: 0 })
            {
                return new(RuleOutcome.NothingToReset, rule);
            }

            await store.DeleteRuleAsync(id, cancellationToken).ConfigureAwait(false);
            return new(RuleOutcome.Done);
        },
        cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<RuleChange> ChangeAsync(Func<AlertRuleList, Task<RuleChange>> change, CancellationToken cancellationToken)
    {
        var thresholds = await readThresholds(cancellationToken).ConfigureAwait(false);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var result = await change(await ListAsync(thresholds, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            if (result.Outcome is RuleOutcome.Done or RuleOutcome.Lost)
            {
                // What was stored is read again, whatever happens to this reading.
                (_stored, _list) = (null, null);
                return result with { Rule = (await ListAsync(thresholds, cancellationToken).ConfigureAwait(false)).Find(result.Rule?.Id ?? "") };
            }

            return result;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static RuleChange? Refuse(AlertRuleList list, string id, long? expectedVersion) => list.Find(id) switch
    {
        null => new(RuleOutcome.Unknown),
        { IsProvisioned: true } rule => new(RuleOutcome.Provisioned, rule),
        var rule when expectedVersion is { } version && version != rule.Version => new(RuleOutcome.Lost, rule),
        _ => null,
    };

    private async Task<RuleChange> SaveAsync(AlertRuleList list, AlertRule rule, string? replaced, long version, CancellationToken cancellationToken)
    {
        rule = rule with { IsProvisioned = false, OwnThresholds = null, Follows = [] };
        var errors = new List<AlertRuleError>(AlertRuleValidator.Check(rule));
        var others = list.Rules.Where(other => other.Id != replaced).ToList();
        if (others.Exists(other => string.Equals(other.Name, rule.Name, StringComparison.OrdinalIgnoreCase)))
        {
            errors.Add(new("name", $"There is another rule with the name {rule.Name}; names must differ, regardless of case."));
        }

        if (others.Count >= MaxRules)
        {
            errors.Add(new("name", $"There are {MaxRules} rules already, which is the maximum; delete one first."));
        }

        if (errors.Count > 0)
        {
            return new(RuleOutcome.Invalid, null, errors);
        }

        return new(await store.SaveRuleAsync(rule, version, cancellationToken).ConfigureAwait(false) ? RuleOutcome.Done : RuleOutcome.Lost, rule);
    }

    private async Task<AlertRuleList> ListAsync(PerformanceThresholds thresholds, CancellationToken cancellationToken)
    {
        if (_list is { } known && thresholds.Equals(_thresholds))
        {
            return known;
        }

        _stored ??= [.. await store.ReadRulesAsync(cancellationToken).ConfigureAwait(false)];
        var builtIn = BuiltInRules.Of(thresholds);
        var over = _stored.Select(rule => rule with { IsBuiltIn = builtIn.Any(known => known.Id == rule.Id), IsProvisioned = false }).ToDictionary(rule => rule.Id);
        foreach (var rule in provisioned)
        {
            over[rule.Id] = rule with { IsBuiltIn = builtIn.Any(known => known.Id == rule.Id), IsProvisioned = true };
        }

        var first = builtIn.Select(rule => over.GetValueOrDefault(rule.Id, rule));
        var rest = over.Values.Where(rule => !rule.IsBuiltIn).OrderBy(rule => rule.Name, StringComparer.OrdinalIgnoreCase).ThenBy(rule => rule.Id, StringComparer.Ordinal);
        (_thresholds, _list) = (thresholds, new([.. first, .. rest], ++_version));
        return _list;
    }
}
