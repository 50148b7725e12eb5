using FsCheck;
using FsCheck.Xunit;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class DurationSketchTests
{
    private static readonly double[] Asked = [0, 0.001, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

    [Property(MaxTest = 300)]
    public void A_quantile_is_within_one_percent_of_the_exact_nearest_rank(int seed, PositiveInt size)
    {
        double[] values = Spread(seed, size.Get * 7 % 900 + 1);
        var sketch = Of(values);
        Array.Sort(values);
        foreach (double q in Asked)
        {
            double exact = values[(int)Math.Max(1, Math.Ceiling(q * values.Length)) - 1];
            Assert.InRange(sketch.Quantile(q)!.Value, exact * 0.99, exact * 1.01);
        }
    }

    [Property(MaxTest = 100)]
    public void Merging_is_adding_all_in_any_order(int seed, PositiveInt size)
    {
        double[] values = Spread(seed, size.Get * 13 % 700 + 1);
        var random = new Random(seed);
        var parts = values.GroupBy(_ => random.Next(9)).Select(part => Of([.. part])).ToArray();
        random.Shuffle(parts);
        var merged = new DurationSketch();
        foreach (var part in parts)
        {
            merged.Merge(part);
        }

        random.Shuffle(values);
        Assert.Equal(Of(values).Buckets(), merged.Buckets());
        Assert.Equal(values.Length, merged.Count);
    }

    [Fact]
    public void An_empty_sketch_answers_nothing()
    {
        var sketch = new DurationSketch();
        Assert.Null(sketch.Quantile(0.5));
        Assert.Null(sketch.QuantileAbove(0, 0.5));
        Assert.Equal(0, sketch.CountAbove(0));
        Assert.Empty(sketch.Buckets());
    }

    [Fact]
    public void Up_to_four_values_are_exact()
    {
        var sketch = Of([3.21, 0.017, 100.125, 0.017]);
        Assert.Equal([(0.017, 2L), (3.21, 1L), (100.125, 1L)], sketch.Buckets());
        Assert.Equal(0.017, sketch.Quantile(0.5));
        Assert.Equal(3.21, sketch.Quantile(0.51));
        Assert.Equal(100.125, sketch.QuantileAbove(3.21, 0));
        Assert.Equal(2, sketch.CountAbove(0.017));
    }

    [Fact]
    public void A_fifth_value_turns_all_into_buckets()
    {
        var sketch = Of([1, 2, 3, 4, 5]);
        Assert.Equal(5, sketch.Buckets().Count);
        Assert.InRange(sketch.Quantile(0.5)!.Value, 2.97, 3.03);
        Assert.NotEqual(3, sketch.Quantile(0.5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-17)]
    [InlineData(double.MinValue)]
    public void Zero_and_below_count_as_zero(double seconds)
    {
        var sketch = new DurationSketch();
        sketch.Add(seconds, 9);
        Assert.Equal([(0.0, 9L)], sketch.Buckets());
        Assert.Equal(0, sketch.Quantile(0.99));
        Assert.Equal(0, sketch.CountAbove(0));
        Assert.Equal(9, sketch.CountAbove(-1));
    }

    [Theory]
    [InlineData(1e-9, 1e-6)]
    [InlineData(double.Epsilon, 1e-6)]
    [InlineData(1e9, 1e7)]
    [InlineData(double.MaxValue, 1e7)]
    public void A_value_out_of_range_counts_at_the_edge(double seconds, double edge)
    {
        var few = new DurationSketch();
        few.Add(seconds);
        Assert.Equal(edge, few.Quantile(0.5));
        var many = new DurationSketch();
        many.Add(seconds, 1000);
        Assert.InRange(many.Quantile(0.5)!.Value, edge * 0.99, edge * 1.01);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_no_number_is_refused(double seconds)
    {
        var sketch = new DurationSketch();
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Add(seconds));
        Assert.Equal(0, sketch.Count);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        var sketch = Of([1, 2]);
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Add(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Quantile(1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.Quantile(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => sketch.CountAbove(double.NaN));
        sketch.Add(1, 0);
        Assert.Equal(2, sketch.Count);
    }

    [Property(MaxTest = 100)]
    public void The_conditional_quantile_is_that_of_the_values_above(int seed, PositiveInt size)
    {
        var sketch = Of(Spread(seed, size.Get * 11 % 500 + 1));
        double[] values = sketch.Buckets().SelectMany(bucket => Enumerable.Repeat(bucket.Value, (int)bucket.Count)).ToArray();
        foreach (double limit in new[] { -1, 0, 1e-5, 0.5, 20, 1e5, 1e8 })
        {
            double[] above = values.Where(value => value > limit).ToArray();
            Assert.Equal(above.Length, sketch.CountAbove(limit));
            foreach (double q in Asked)
            {
                double? expected = above.Length == 0 ? null : above[(int)Math.Max(1, Math.Ceiling(q * above.Length)) - 1];
                Assert.Equal(expected, sketch.QuantileAbove(limit, q));
            }
        }
    }

    [Fact]
    public void A_clone_and_a_merge_with_itself_leave_the_original_alone()
    {
        var sketch = Of(Spread(5, 300));
        var before = sketch.Buckets().ToList();
        var clone = sketch.Clone();
        clone.Merge(clone);
        clone.Add(0.5, 10);
        Assert.Equal(610, clone.Count);
        Assert.Equal(before, sketch.Buckets());
        var few = Of([1, 2]);
        few.Merge(few);
        Assert.Equal([(1.0, 2L), (2.0, 2L)], few.Buckets());
    }

    [Fact]
    public void Many_sketches_of_any_width_merge_to_the_buckets_of_one()
    {
        var all = new DurationSketch();
        var merged = new DurationSketch();
        for (int i = 0; i < 3000; i++)
        {
            double[] values = Spread(i, i % 17 == 0 ? 400 : i % 5);
            foreach (double value in values)
            {
                all.Add(value);
            }

            merged.Merge(Of(values));
        }

        Assert.Equal(all.Buckets(), merged.Buckets());
    }

    [Fact]
    public void The_rank_does_not_suffer_from_rounding()
    {
        for (int percent = 1; percent <= 100; percent++)
        {
            Assert.Equal(percent, Quantiles.Rank(percent / 100.0, 100));
        }

        Assert.Equal(1, Quantiles.Rank(0, 10));
        Assert.Equal(3, Quantiles.Rank(0.201, 10));
        Assert.Equal(long.MaxValue, Quantiles.Rank(1, long.MaxValue));
    }

    /// <summary>Values over the whole range of the sketch, spread evenly over the logarithm, some at the edges and some zeros.</summary>
    internal static double[] Spread(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(40) switch
        {
            0 => 0,
            1 => 1e-6,
            2 => 1e7,
            _ => Math.Pow(10, random.NextDouble() * 13 - 6),
        })];
    }

    internal static DurationSketch Of(double[] values)
    {
        var sketch = new DurationSketch();
        foreach (double value in values)
        {
            sketch.Add(value);
        }

        return sketch;
    }
}
