using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Advice;
using Xunit;

namespace PerfPortal.Tests.Advice;

public sealed class AdviceTrialTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Safe_defaults_answer_every_kind_that_has_one_with_confidence_0()
    {
        var time = new FakeTimeProvider(Past.Start);
        foreach (var topic in Enum.GetValues<AdviceTopic>())
        {
            var items = await new SafeDefaults(time).AdviseAsync(new(topic), Token);
            Assert.Equal(
                AdviceCatalog.All.Where(info => info.Topic == topic && info.Default is not null).Select(info => info.Kind), items.Select(item => item.Kind).Distinct());
            Assert.All(items, item =>
            {
                Assert.Equal(0, item.Confidence);
                Assert.False(item.IsLearned);
                Assert.Equal(item.SafeDefault, item.Value);
                Assert.Equal(time.GetUtcNow() + SafeDefaults.Lifetime, item.ExpiresAt);
                Assert.Equal(AdviceCatalog.Bound(item.Kind, item.Value), item.Value);
            });
        }
    }

    [Fact]
    public void Every_default_is_within_its_range_and_every_kind_is_there_once()
    {
        Assert.Equal(AdviceCatalog.All.Count, AdviceCatalog.All.DistinctBy(info => info.Kind).Count());
        Assert.All(AdviceCatalog.All, info => Assert.True(info.Min < info.Max && (info.Default is null || (info.Default >= info.Min && info.Default <= info.Max)), info.Kind));
        Assert.Equal(
            typeof(AdviceKinds).GetFields().Select(field => (string)field.GetValue(null)!).Order(), AdviceCatalog.All.Select(info => info.Kind).Order());
    }

    [Fact]
    public void A_value_outside_the_safe_range_is_brought_into_it_and_one_that_is_no_number_is_the_default()
    {
        Assert.Equal(16, new AdviceSet([Item(AdviceKinds.Connections, 5000)]).Get(AdviceKinds.Connections));
        Assert.Equal(1, new AdviceSet([Item(AdviceKinds.Connections, -3)]).Get(AdviceKinds.Connections));
        Assert.Equal(4, new AdviceSet([Item(AdviceKinds.Connections, double.NaN)]).Get(AdviceKinds.Connections));
        Assert.Equal(4, new AdviceSet([Item(AdviceKinds.Connections, null)]).Get(AdviceKinds.Connections));
        Assert.Equal(4, new AdviceSet([]).Get(AdviceKinds.Connections));
        Assert.Null(new AdviceSet([]).Find(AdviceKinds.ExpectedSpeed));
        Assert.Throws<ArgumentException>(() => new AdviceSet([]).Get(AdviceKinds.ExpectedSpeed));
        Assert.Equal(7, new AdviceSet([Item("kind_of_a_newer_portal", 7)]).Find("kind_of_a_newer_portal"));
    }

    [Fact]
    public void A_subject_has_its_own_item_then_the_common_one_then_its_default()
    {
        var set = new AdviceSet([Item(AdviceKinds.RetryDelay, 3) with { Subject = "network" }, Item(AdviceKinds.RetryDelay, 7)]);
        Assert.Equal(3, set.Get(AdviceKinds.RetryDelay, "network"));
        Assert.Equal(7, set.Get(AdviceKinds.RetryDelay, "server"));
        Assert.Equal(10, new AdviceSet([]).Get(AdviceKinds.RetryDelay, "rate_limit"));
        Assert.True(new AdviceSet([]).IsRetryWorthwhile("network"));
        Assert.False(new AdviceSet([]).IsRetryWorthwhile("disk"));
    }

    [Fact]
    public void One_in_eight_uses_the_defaults_and_one_in_eight_tries_a_level()
    {
        var trial = new AdviceTrial(new SafeDefaults(TimeProvider.System), new Random(1));
        AdviceItem[] items = [Item(AdviceKinds.Connections, 2), Item(AdviceKinds.ConnectionsTrial, 8) with { SafeDefault = null }];
        var used = Enumerable.Range(0, 8000).Select(_ => trial.Choose(items)).Select(set => (set.Arm, Value: set.Get(AdviceKinds.Connections))).ToList();
        Assert.InRange(used.Count(one => one is { Arm: AdviceFacts.Default, Value: 4 }), 880, 1120);
        Assert.InRange(used.Count(one => one is { Arm: AdviceFacts.Trial, Value: 8 }), 880, 1120);
        Assert.Equal(8000, used.Count(one => one.Value == 4) + used.Count(one => one.Value == 8) + used.Count(one => one is { Arm: AdviceFacts.Advised, Value: 2 }));
    }

    [Fact]
    public void Of_connections_and_files_each_is_tried_by_one_in_eight_and_never_both_at_once()
    {
        var trial = new AdviceTrial(new SafeDefaults(TimeProvider.System), new Random(1));
        AdviceItem[] items =
        [
            Item(AdviceKinds.Connections, 2), Item(AdviceKinds.ConnectionsTrial, 8) with { SafeDefault = null },
            Item(AdviceKinds.Concurrency, 1), Item(AdviceKinds.ConcurrencyTrial, 4) with { SafeDefault = null },
        ];
        var used = Enumerable.Range(0, 8000).Select(_ => trial.Choose(items)).ToList();
        Assert.InRange(used.Count(set => set.Get(AdviceKinds.Connections) == 8), 880, 1120);
        Assert.InRange(used.Count(set => set.Get(AdviceKinds.Concurrency) == 4), 880, 1120);
        Assert.DoesNotContain(used, set => set.Get(AdviceKinds.Connections) == 8 && set.Get(AdviceKinds.Concurrency) == 4);
        Assert.All(used, set => Assert.Equal(set.Get(AdviceKinds.Connections) == 8 || set.Get(AdviceKinds.Concurrency) == 4, set.Arm == AdviceFacts.Trial));
    }

    [Fact]
    public void Without_anything_learned_every_operation_uses_the_defaults()
    {
        var trial = new AdviceTrial(new SafeDefaults(TimeProvider.System), new Random(1));
        var items = SafeDefaults.Items(AdviceTopic.Download, Past.Start);
        Assert.All(Enumerable.Range(0, 100).Select(_ => trial.Choose(items)), set => Assert.Equal(AdviceFacts.Default, set.Arm));
    }

    [Fact]
    public void What_spares_a_busy_host_is_followed_by_those_that_use_the_defaults_as_well()
    {
        AdviceItem[] items = [Item(AdviceKinds.BandwidthShare, 0.3), Item(AdviceKinds.Connections, 2)];
        var set = new AdviceSet(items, useDefaults: true);
        Assert.Equal(0.3, set.Get(AdviceKinds.BandwidthShare));
        Assert.Equal(4, set.Get(AdviceKinds.Connections));
        Assert.Equal(AdviceFacts.Default, set.Arm);
    }

    [Fact]
    public void An_operation_that_only_spares_a_busy_host_is_not_compared_with_the_default()
    {
        Assert.Equal(AdviceFacts.Default, new AdviceSet([Item(AdviceKinds.BandwidthShare, 0.3)]).Arm);
        Assert.Equal(AdviceFacts.Advised, new AdviceSet([Item(AdviceKinds.CheckInterval, 7200)]).Arm);
    }

    [Fact]
    public async Task Operations_that_choose_at_the_same_time_do_not_disturb_each_other()
    {
        var trial = new AdviceTrial(new SafeDefaults(TimeProvider.System), new Random(1));
        AdviceItem[] items = [Item(AdviceKinds.Connections, 2)];
        await Parallel.ForAsync(0, 20_000, Token, (_, _) =>
        {
            trial.Choose(items);
            return ValueTask.CompletedTask;
        });

        // A Random that was used by two threads at once returns 0 for ever.
        Assert.Contains(Enumerable.Range(0, 100).Select(_ => trial.Choose(items).Arm), arm => arm == AdviceFacts.Advised);
    }

    private static AdviceItem Item(string kind, double? value) => new()
    {
        Kind = kind,
        Value = value,
        Unit = "",
        SampleCount = 40,
        Confidence = 0.5,
        ExpiresAt = Past.Start,
        SafeDefault = AdviceCatalog.DefaultOf(kind),
        Reason = "Measured.",
    };
}
