using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Alerts.Rules;

public sealed class AlertRuleBookTests : IDisposable
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;
    private static readonly AlertRule Mine = SignalBench.Rule(SignalBench.Cpu, 50, AlertPer.Source) with { Name = "Mine" };

    private readonly MemoryRules _store = new();
    private readonly List<AlertRule> _provisioned = [];
    private readonly AlertRuleBook _book;
    private PerformanceThresholds _thresholds = PerformanceThresholds.Default;

    public AlertRuleBookTests() => _book = new(_store, _ => new(_thresholds), _provisioned);

    public void Dispose() => _book.Dispose();

    [Fact]
    public async Task A_built_in_rule_follows_the_thresholds_until_it_is_edited_and_again_after_a_reset()
    {
        var before = await _book.ReadAsync(None);
        _thresholds = _thresholds with { HighCpuPercent = 55 };
        var after = await _book.ReadAsync(None);
        Assert.Equal((80, 55), (before.Find("builtin-high-cpu")!.Threshold, after.Find("builtin-high-cpu")!.Threshold));
        Assert.True(after.Version > before.Version);
        Assert.Same(after, await _book.ReadAsync(None));

        var edited = await _book.UpdateAsync(after.Find("builtin-high-cpu")! with { Threshold = 90, RecoveryThreshold = null }, 0, None);
        Assert.Equal((RuleOutcome.Done, 90, true, 1), (edited.Outcome, edited.Rule!.Threshold, edited.Rule.IsBuiltIn, edited.Rule.Version));
        Assert.Empty(edited.Rule.Follows);
        _thresholds = _thresholds with { HighCpuPercent = 65 };
        Assert.Equal(90, (await _book.ReadAsync(None)).Find("builtin-high-cpu")!.Threshold);

        Assert.Equal(RuleOutcome.Done, (await _book.DeleteAsync("builtin-high-cpu", 1, None)).Outcome);
        Assert.Equal(65, (await _book.ReadAsync(None)).Find("builtin-high-cpu")!.Threshold);
        Assert.Equal(RuleOutcome.NothingToReset, (await _book.DeleteAsync("builtin-high-cpu", 0, None)).Outcome);
    }

    [Fact]
    public async Task A_lost_race_changes_nothing()
    {
        var added = (await _book.AddAsync(Mine, None)).Rule!;
        Assert.Equal(32, added.Id.Length);
        Assert.Equal(RuleOutcome.Done, (await _book.UpdateAsync(added with { Threshold = 60 }, added.Version, None)).Outcome);
        var lost = await _book.UpdateAsync(added with { Threshold = 70 }, added.Version, None);
        Assert.Equal((RuleOutcome.Lost, 60), (lost.Outcome, lost.Rule!.Threshold));
        Assert.Equal(RuleOutcome.Lost, (await _book.DeleteAsync(added.Id, added.Version, None)).Outcome);
        Assert.Equal(RuleOutcome.Done, (await _book.DeleteAsync(added.Id, lost.Rule.Version, None)).Outcome);
        Assert.Equal(RuleOutcome.Unknown, (await _book.UpdateAsync(added, 1, None)).Outcome);
    }

    [Fact]
    public async Task Names_differ_regardless_of_case_also_from_built_in_ones()
    {
        await _book.AddAsync(Mine, None);
        Assert.Equal(("name", RuleOutcome.Invalid), (Assert.Single((await _book.AddAsync(Mine with { Name = "mINE" }, None)).Errors).Field, RuleOutcome.Invalid));
        Assert.Equal(RuleOutcome.Invalid, (await _book.AddAsync(Mine with { Name = "high CPU usage" }, None)).Outcome);
        Assert.Single(_store.Rules);
    }

    [Fact]
    public async Task There_are_at_most_a_thousand_rules()
    {
        int builtIn = BuiltInRules.Of(_thresholds).Count;
        for (int i = builtIn; i < AlertRuleBook.MaxRules; i++)
        {
            _store.Rules[$"{i:x32}"] = Mine with { Id = $"{i:x32}", Name = $"Rule {i}", Version = 1 };
        }

        var error = Assert.Single((await _book.AddAsync(Mine, None)).Errors);
        Assert.Contains("1000", error.Detail.Replace(",", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_provisioned_rule_stands_over_others_and_cannot_be_changed()
    {
        _provisioned.Add(Mine with { Id = "builtin-high-cpu", Name = "CPU of ours" });
        var rule = (await _book.ReadAsync(None)).Find("builtin-high-cpu")!;
        Assert.Equal((true, true, "CPU of ours"), (rule.IsProvisioned, rule.IsBuiltIn, rule.Name));
        Assert.Equal(RuleOutcome.Provisioned, (await _book.UpdateAsync(rule, 0, None)).Outcome);
        Assert.Equal(RuleOutcome.Provisioned, (await _book.DeleteAsync(rule.Id, 0, None)).Outcome);
    }
}
