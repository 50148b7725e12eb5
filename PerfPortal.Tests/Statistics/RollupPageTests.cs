using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class RollupPageTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 30)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_page_gives_back_what_was_written(int seed)
    {
        var rollups = Random(seed);
        foreach (var density in new[] { PageDensity.Plain, PageDensity.Packed })
        {
            byte[] bytes = RollupPageFormat.Write(rollups, density);
            var found = Read(bytes);
            Assert.Equal(rollups.Keys.Order(), found.Keys);
            Assert.All(found, entry => AssertSame(rollups[entry.Key], entry.Value));
            Assert.Equal(bytes, RollupPageFormat.Write(found, density));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_minutes_of_an_hour_keep_counts_quantiles_and_facts_and_sums_within_one_percent(int seed)
    {
        var minutes = MinutesOf(seed);
        byte[] bytes = RollupPageFormat.WriteMinutes(Flat(minutes));
        var found = ReadMinutes(bytes);
        Assert.Equal(minutes.Where(minute => minute.Value.Count > 0).Select(minute => minute.Key), found.Keys);
        foreach (var (minute, rollups) in found)
        {
            Assert.Equal(minutes[minute].Keys.Order(), rollups.Keys);
            Assert.All(rollups, entry => AssertAlike(minutes[minute][entry.Key], entry.Value));
        }

        Assert.Equal(bytes, RollupPageFormat.WriteMinutes(Flat(found)));
    }

    [Fact]
    public void Of_the_minutes_of_an_hour_some_may_be_read()
    {
        var minutes = MinutesOf(3);
        var some = minutes.Where(minute => minute.Value.Count > 0).Select(minute => minute.Key).Where((_, i) => i % 2 == 1).ToList();
        Assert.Equal(some, RollupPageFormat.ReadMinutes(RollupPageFormat.WriteMinutes(Flat(minutes)), some.Contains, _ => 0).Select(minute => minute.Minute));
    }

    [Fact]
    public void An_hour_has_sixty_minutes_and_each_a_key_once()
    {
        var key = new PageKey(1, 2, 3, 1);
        Assert.Equal(2, ReadMinutes(RollupPageFormat.WriteMinutes([(59, key, new()), (0, key, new())])).Count);
        Assert.Throws<ArgumentException>(() => RollupPageFormat.WriteMinutes([(7, key, new()), (7, key, new())]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RollupPageFormat.WriteMinutes([(60, key, new())]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RollupPageFormat.WriteMinutes([(-1, key, new())]));
        Assert.Empty(ReadMinutes(RollupPageFormat.WriteMinutes([])));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Merging_pages_is_merging_their_rollups(int seed)
    {
        var byPage = new StatisticsBuilder();
        var byRollup = new StatisticsBuilder();
        for (int i = 0; i < 6; i++)
        {
            var rollups = Random(seed * 7 + i, facts: Rollup.MaxFacts);
            var page = RollupPageFormat.Read(RollupPageFormat.Write(rollups, PageDensity.Plain), _ => 0);
            var facts = new Rollup?[page.Count];
            for (int entry = 0; entry < page.Count; entry++)
            {
                facts[entry] = byPage.Add((OutcomeKind)(page.Outcomes[entry] - 1), page, entry);
            }

            page.MergeFacts(facts);
            foreach (var (key, rollup) in rollups.OrderBy(entry => entry.Key))
            {
                byRollup.Add((OutcomeKind)(key.Outcome - 1), rollup);
            }
        }

        var (left, right) = (byPage.Build(TimeSpan.FromHours(1)), byRollup.Build(TimeSpan.FromHours(1)));
        Assert.Equal(right with { Mean = null }, left with { Mean = null });
        Assert.Equal(right.Mean ?? 0, left.Mean ?? 0, 1e-9);
        Assert.Equal(byRollup.Durations.Buckets(), byPage.Durations.Buckets());
        Assert.Equal(byRollup.Facts.Keys, byPage.Facts.Keys);
        Assert.All(byRollup.Facts, fact => Assert.Equal(fact.Value.Sum, byPage.Facts[fact.Key].Sum, 1e-6));
    }

    [Fact]
    public void Damage_is_noticed_or_harmless_and_never_anything_else()
    {
        var random = new Random(5);
        byte[][] sound = [.. Enumerable.Range(0, 21).Select(seed => RollupPageFormat.Write(Random(seed), (PageDensity)(seed % 2)))];
        byte[][] minutes = [.. Enumerable.Range(0, 5).Select(seed => RollupPageFormat.WriteMinutes(Flat(MinutesOf(seed))))];
        sound = [.. sound, .. minutes];
        for (int i = 0; i < 4000; i++)
        {
            byte[] bytes = [.. sound[i % sound.Length]];
            switch (i % 4)
            {
                case 0:
                    bytes = bytes[..random.Next(bytes.Length)];
                    break;
                case 1:
                    random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
                    break;
                default:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
            }

            try
            {
                _ = bytes is [2 or 130, ..] ? (object)ReadMinutes(bytes) : Read(bytes);
            }
            catch (InvalidDataException)
            {
                // Noticed.
            }
        }
    }

    [Fact]
    public void Pages_of_an_unknown_version_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => RollupPageFormat.Read([3, 0], _ => 0));
        Assert.Throws<InvalidDataException>(() => RollupPageFormat.Read([], _ => 0));
        Assert.Throws<InvalidDataException>(() => RollupPageFormat.Read(RollupPageFormat.WriteMinutes([]), _ => 0));
        Assert.Throws<InvalidDataException>(() => RollupPageFormat.ReadMinutes(RollupPageFormat.Write([], PageDensity.Plain), _ => true, _ => 0));
    }

    [Fact]
    public void A_key_may_be_there_once()
    {
        var entry = KeyValuePair.Create(new PageKey(1, 2, 3, 1), new Rollup());
        Assert.Throws<ArgumentException>(() => RollupPageFormat.Write([entry, entry], PageDensity.Plain));
    }

    [Fact]
    public void A_bucket_beyond_what_an_int_holds_counts_in_full()
    {
        var rollup = new Rollup();
        rollup.Durations.Add(1, 5L + int.MaxValue);
        var page = RollupPageFormat.Read(RollupPageFormat.Write([KeyValuePair.Create(new PageKey(1, 1, 1, 1), rollup)], PageDensity.Plain), _ => 0);
        Assert.Equal(5L + int.MaxValue, Assert.Single(page.ToRollups()).Rollup.Durations.Count);
    }

    [Fact]
    public void An_empty_page_is_a_page()
    {
        byte[] bytes = RollupPageFormat.Write([], PageDensity.Packed);
        Assert.Equal(0, RollupPageFormat.Read(bytes, _ => 0).Count);
        Assert.Empty(RollupPage.Empty.ToRollups());
    }

    internal static SortedDictionary<PageKey, Rollup> Read(byte[] bytes)
    {
        var keys = new List<PageKey>();
        var page = RollupPageFormat.Read(bytes, key =>
        {
            keys.Add(key);
            return keys.Count - 1;
        });
        return new(page.ToRollups().ToDictionary(entry => keys[entry.Series], entry => entry.Rollup));
    }

    private static SortedDictionary<int, SortedDictionary<PageKey, Rollup>> ReadMinutes(byte[] bytes)
    {
        var keys = new List<PageKey>();
        var minutes = RollupPageFormat.ReadMinutes(bytes, _ => true, key =>
        {
            keys.Add(key);
            return keys.Count - 1;
        });
        return new(minutes.ToDictionary(
            minute => minute.Minute, minute => new SortedDictionary<PageKey, Rollup>(minute.Page.ToRollups().ToDictionary(entry => keys[entry.Series], entry => entry.Rollup))));
    }

    private static SortedDictionary<int, SortedDictionary<PageKey, Rollup>> MinutesOf(int seed) =>
        new(Enumerable.Range(0, 6).ToDictionary(i => (i * 11) + (seed % 5), i => new SortedDictionary<PageKey, Rollup>(Random((seed * 7) + i))));

    private static IEnumerable<(int Minute, PageKey Key, Rollup Rollup)> Flat(SortedDictionary<int, SortedDictionary<PageKey, Rollup>> minutes) =>
        minutes.SelectMany(minute => minute.Value.Select(entry => (minute.Key, entry.Key, entry.Value)));

    private static Dictionary<PageKey, Rollup> Random(int seed, int facts = 70)
    {
        var random = new Random(seed);
        var rollups = new Dictionary<PageKey, Rollup>();
        for (int i = random.Next(40); i > 0; i--)
        {
            var rollup = new Rollup();
            for (int n = random.Next(random.Next(4) == 0 ? 300 : 6); n > 0; n--)
            {
                rollup.Add(random.Next(12) == 0 ? 0 : random.Next(3) == 0 ? random.Next(1, 100_000) / 1e3 : Math.Round(Math.Exp(random.NextDouble() * 20 - 10) * 1e6) / 1e6);
            }

            rollup.AddCount(random.Next(3) == 0 ? random.Next(-3, 4) : 0);
            for (int f = random.Next(3) == 0 ? random.Next(1, 60) : 0; f > 0; f--)
            {
                rollup.AddFact("fact " + random.Next(facts), random.Next(4) switch { 0 => random.Next(-50, 5000), 1 => random.NextDouble(), 2 => 0, _ => double.MaxValue / random.Next(2, 9) });
            }

            rollups[new((byte)random.Next(6), random.Next(1, 200), random.Next(1, 4), (byte)random.Next(1, 5))] = rollup;
        }

        return rollups;
    }

    private static void AssertSame(Rollup expected, Rollup found)
    {
        Assert.Equal((expected.Count, expected.Durations.Count, expected.FactsOverflowed), (found.Count, found.Durations.Count, found.FactsOverflowed));
        Assert.Equal((expected.Min, expected.Max), (found.Min, found.Max));
        Assert.Equal(expected.Sum, found.Sum, Math.Max(1e-12, expected.Sum * 1e-11));
        Assert.Equal(expected.Durations.Buckets(), found.Durations.Buckets());
        Assert.Equal(expected.Facts, found.Facts);
    }

    private static void AssertAlike(Rollup expected, Rollup found)
    {
        Assert.Equal((expected.Count, expected.Durations.Count, expected.FactsOverflowed), (found.Count, found.Durations.Count, found.FactsOverflowed));
        Assert.Equal(expected.Facts, found.Facts);
        AssertNear(expected.Sum, found.Sum);
        AssertNear(expected.Min, found.Min);
        AssertNear(expected.Max, found.Max);
        foreach (double q in new[] { 0, 0.5, 0.95, 1 })
        {
            AssertNear(expected.Durations.Quantile(q) ?? 0, found.Durations.Quantile(q) ?? 0);
        }
    }

    private static void AssertNear(double expected, double found) => Assert.InRange(found, expected * 0.99, expected * 1.01);
}
