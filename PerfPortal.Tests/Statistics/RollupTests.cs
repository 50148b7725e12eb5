using FsCheck;
using FsCheck.Xunit;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class RollupTests
{
    [Fact]
    public void Facts_of_any_size_and_sign_are_read_back()
    {
        var rollup = new Rollup();
        foreach (double value in new[] { -1, 0.1, 1e-300, double.MaxValue, double.MaxValue, double.Epsilon, -0.0, 1L << 53, 1.0 / 3 })
        {
            rollup.AddFact("all", value);
            rollup.AddFact($"only {value}", value);
        }

        Same(rollup, WrittenAndRead(rollup));
        Assert.Equal(double.MaxValue, rollup.Facts["all"].Sum);
    }

    [Property(MaxTest = 100)]
    public void Merging_is_adding_all(int seed, NonNegativeInt size)
    {
        double[] values = DurationSketchTests.Spread(seed, size.Get % 200);
        var whole = new Rollup();
        Rollup[] parts = [new(), new(), new()];
        for (int i = 0; i < values.Length; i++)
        {
            foreach (var rollup in new[] { whole, parts[i % 3] })
            {
                rollup.Add(values[i]);
                rollup.AddFact("tokens", i);
            }
        }

        parts[2].Merge(parts[0]);
        parts[2].Merge(parts[1]);
        Assert.Equal(values.Length, parts[2].Count);
        Assert.Equal(whole.Sum, parts[2].Sum, Math.Abs(whole.Sum) * 1e-12);
        Assert.Equal((whole.Min, whole.Max), (parts[2].Min, parts[2].Max));
        Assert.Equal(whole.Facts, parts[2].Facts);
        Assert.Equal(whole.Durations.Buckets(), parts[2].Durations.Buckets());
    }

    [Fact]
    public void A_taken_back_abandonment_leaves_nothing()
    {
        var first = new Rollup();
        first.AddCount(2);
        var back = new Rollup();
        back.AddCount(-1);
        back = WrittenAndRead(back);
        Assert.Equal(-1, back.Count);
        first.Merge(back);
        first.Merge(back);
        Assert.Equal(0, first.Count);
        Assert.Equal(0, first.Durations.Count);
    }

    [Fact]
    public void A_negative_duration_counts_as_zero()
    {
        var rollup = new Rollup();
        rollup.Add(-3);
        rollup.Add(2);
        Assert.Equal(new Summary(2, 2, 0, 2), rollup.Times);
        Assert.Equal(0, rollup.Durations.Quantile(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => rollup.Add(double.NaN));
        Assert.Equal(2, rollup.Count);
    }

    [Fact]
    public void Facts_beyond_the_limit_are_counted_not_kept()
    {
        var rollup = new Rollup();
        for (int i = 0; i < 60; i++)
        {
            rollup.AddFact($"fact {i}", i);
        }

        rollup.AddFact("fact 3", 1);
        rollup.AddFact(new string('x', 129), 1);
        Assert.Equal(48, rollup.Facts.Count);
        Assert.Equal(13, rollup.FactsOverflowed);
        Assert.Equal(new Summary(2, 4, 1, 3), rollup.Facts["fact 3"]);
        var other = new Rollup();
        other.AddFact("another", 1);
        other.AddFact("another", 2);
        rollup.Merge(other);
        Assert.Equal(15, rollup.FactsOverflowed);
        Same(rollup, WrittenAndRead(rollup));
    }

    [Fact]
    public void Names_that_are_no_text_still_round_trip()
    {
        var rollup = new Rollup();
        rollup.AddFact("a\uD800", 1);
        rollup.AddFact("a\uDC00", 2);
        rollup.AddFact("größe 💾", 3);
        Same(rollup, WrittenAndRead(rollup));
        Assert.Contains("größe 💾", rollup.Facts.Keys);
        Assert.Throws<ArgumentException>(() => rollup.AddFact("", 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => rollup.AddFact("a", double.PositiveInfinity));
    }

    [Fact]
    public void A_clone_shares_nothing_and_a_rollup_merges_with_itself()
    {
        var rollup = Any(3, 20);
        byte[] bytes = Write(rollup);
        var clone = rollup.Clone();
        clone.Merge(clone);
        clone.AddFact("new", 1);
        Assert.Equal(bytes, Write(rollup));
        Assert.Equal(rollup.Count * 2, clone.Count);
    }

    [Fact]
    public void The_summary_of_none_says_so()
    {
        Summary none = default;
        Assert.Null(none.Mean);
        Assert.Equal(new Summary(1, 5, 5, 5), none.Merge(none.Add(5)));
        Assert.Equal(2.5, none.Add(-1).Add(6).Mean);
        Assert.Throws<ArgumentOutOfRangeException>(() => none.Add(double.NaN));
    }

    private static Rollup Any(int seed, int size)
    {
        var random = new Random(seed);
        var rollup = new Rollup();
        foreach (double value in DurationSketchTests.Spread(seed, size))
        {
            rollup.Add(random.Next(2) == 0 ? value : Math.Round(value, 6));
            rollup.AddFact($"fact {random.Next(5)}", (random.NextDouble() - 0.5) * 1e6);
        }

        rollup.AddCount(random.Next(3));
        return rollup;
    }

    private static void Same(Rollup expected, Rollup actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Equal(expected.Times, actual.Times);
        Assert.Equal(expected.Durations.Buckets(), actual.Durations.Buckets());
        Assert.Equal(expected.Facts, actual.Facts);
        Assert.Equal(expected.FactsOverflowed, actual.FactsOverflowed);
    }

    private static byte[] Write(Rollup rollup) => RollupPageFormat.Write([KeyValuePair.Create(new PageKey(1, 2, 3, 1), rollup)], PageDensity.Plain);

    private static Rollup WrittenAndRead(Rollup rollup) => Assert.Single(RollupPageTests.Read(Write(rollup))).Value;
}
