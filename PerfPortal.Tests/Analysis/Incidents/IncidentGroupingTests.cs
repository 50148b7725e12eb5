using PerfPortal.Domain.Analysis.Incidents;
using Xunit;

namespace PerfPortal.Tests.Analysis.Incidents;

public sealed class IncidentGroupingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Nothing_is_no_group_and_one_part_is_one() =>
        Assert.Equal((0, 1), (IncidentGrouping.Group([]).Count, IncidentGrouping.Group([Part(0, null)]).Count));

    [Fact]
    public void Parts_that_share_a_key_and_overlap_are_one_group_and_the_others_are_not() =>
        Assert.Equal("0 1|2", Grouped(Part(0, 2, "name:a"), Part(1, 3, "name:a", "source:gpu-1"), Part(1, 3, "source:gpu-2")));

    [Fact]
    public void The_same_key_at_another_time_is_another_group() =>
        Assert.Equal("0|1", Grouped(Part(0, 1, "name:a"), Part(2, 3, "name:a")));

    [Fact]
    public void Parts_that_touch_overlap() => Assert.Equal("0 1", Grouped(Part(0, 1, "name:a"), Part(1, 2, "name:a")));

    [Fact]
    public void A_chain_of_different_keys_is_one_group() =>
        Assert.Equal("0 1 2", Grouped(Part(0, 2, "name:a"), Part(4, null, "name:b"), Part(1, 5, "name:a", "name:b")));

    [Fact]
    public void A_chain_in_time_is_one_group_though_its_ends_do_not_overlap() =>
        Assert.Equal("0 1 2", Grouped(Part(0, 2, "name:a"), Part(3, 5, "name:a"), Part(1, 4, "name:a")));

    [Fact]
    public void A_long_part_holds_short_ones_together_that_do_not_overlap_each_other() =>
        Assert.Equal("0 1 2 3", Grouped(Part(0, 10, "name:a"), Part(1, 2, "name:a"), Part(4, 5, "name:a"), Part(8, 9, "name:a")));

    [Fact]
    public void Parts_without_keys_are_alone() => Assert.Equal("0|1", Grouped(Part(0, null), Part(0, null)));

    [Fact]
    public void The_groups_are_the_same_in_any_order()
    {
        // Compared with a naive search over all pairs.
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            IncidentPart[] parts =
            [
                .. Enumerable.Range(0, 12).Select(_ => Part(random.Next(20), random.Next(4) == 0 ? null : random.Next(20) is var to && to > 10 ? 20 + to : null, $"name:{random.Next(6)}", $"source:{random.Next(6)}")),
            ];
            int[] expected = Naive(parts);
            var found = IncidentGrouping.Group(parts).SelectMany((group, number) => group.Select(index => (index, number))).ToDictionary(pair => pair.index, pair => pair.number);
            for (int i = 0; i < parts.Length; i++)
            {
                for (int j = 0; j < parts.Length; j++)
                {
                    Assert.Equal(expected[i] == expected[j], found[i] == found[j]);
                }
            }
        }
    }

    private static int[] Naive(IncidentPart[] parts)
    {
        int[] groups = [.. Enumerable.Range(0, parts.Length)];
        for (bool isChanged = true; isChanged;)
        {
            isChanged = false;
            for (int i = 0; i < parts.Length; i++)
            {
                for (int j = 0; j < parts.Length; j++)
                {
                    bool isLinked = parts[i].Keys.Intersect(parts[j].Keys).Any() && parts[i].From <= (parts[j].To ?? DateTimeOffset.MaxValue) && parts[j].From <= (parts[i].To ?? DateTimeOffset.MaxValue);
                    if (isLinked && groups[j] > groups[i])
                    {
                        groups[j] = groups[i];
                        isChanged = true;
                    }
                }
            }
        }

        return groups;
    }

    private static string Grouped(params IncidentPart[] parts) => string.Join('|', IncidentGrouping.Group(parts).Select(group => string.Join(' ', group)));

    private static IncidentPart Part(int from, int? to, params string[] keys) => new(Noon.AddHours(from), to is { } end ? Noon.AddHours(Math.Max(from, end)) : null, keys);
}
