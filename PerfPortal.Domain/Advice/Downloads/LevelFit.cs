using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Advice.Downloads;

/// <summary>
/// The throughput at each level among comparable downloads: the logarithm of a speed is taken as the sum of what is typical of downloads like it and of what its level adds, and both are fitted by medians in turn (Tukey's median
/// polish, 1977). So a level that was used for the large files only does not look fast because large files are.
/// </summary>
internal static class LevelFit
{
    private const int Rounds = 10;

    /// <summary>Returns the levels that can be compared, in ascending order, with the speeds that they would have for a typical download.</summary>
    /// <param name="values">The level, the stratum of comparable downloads, and the speed above 0.</param>
    /// <param name="max">The highest level that counts.</param>
    internal static List<MeasuredLevel> Measured(IEnumerable<LevelSpeed> values, double max)
    {
        var all = Connected([.. values.Where(item => item.Level <= max && item.Speed > 0)]);
        if (all.Count == 0)
        {
            return [];
        }

        var ofStratum = all.Select(item => item.Stratum).Distinct().ToDictionary(stratum => stratum, _ => 0.0);
        var ofLevel = all.Select(item => item.Level).Distinct().ToDictionary(level => level, _ => 0.0);
        for (int i = 0; i < Rounds; i++)
        {
            foreach (var group in all.GroupBy(item => item.Stratum))
            {
                ofStratum[group.Key] = Median(group.Select(item => Math.Log(item.Speed) - ofLevel[item.Level]));
            }

            foreach (var group in all.GroupBy(item => item.Level))
            {
                ofLevel[group.Key] = Median(group.Select(item => Math.Log(item.Speed) - ofStratum[item.Stratum]));
            }
        }

        double typical = Median(all.Select(item => ofStratum[item.Stratum]));
        return
        [
            .. all.GroupBy(item => item.Level).OrderBy(group => group.Key)
                .Select(group => (group.Key, Sorted: group.Select(item => item.Speed * Math.Exp(typical - ofStratum[item.Stratum])).Order().ToArray()))
                .Select(item => new MeasuredLevel(item.Key, item.Sorted.Length, Robust.Median(item.Sorted)!.Value, Confidence.OfSorted(item.Sorted))),
        ];
    }

    // Levels are comparable when downloads alike used both, or each of them and a third one. What is comparable with most downloads counts.
    private static List<LevelSpeed> Connected(List<LevelSpeed> all)
    {
        var best = new List<LevelSpeed>();
        while (all.Count > best.Count)
        {
            var strata = new HashSet<(int, int)> { all.GroupBy(item => item.Stratum).MaxBy(group => group.Count())!.Key };
            for (int known = 0; known < strata.Count;)
            {
                known = strata.Count;
                var levels = all.Where(item => strata.Contains(item.Stratum)).Select(item => item.Level).ToHashSet();
                strata.UnionWith(all.Where(item => levels.Contains(item.Level)).Select(item => item.Stratum));
            }

            var part = all.Where(item => strata.Contains(item.Stratum)).ToList();
            best = part.Count > best.Count ? part : best;
            all = [.. all.Where(item => !strata.Contains(item.Stratum))];
        }

        return best;
    }

    private static double Median(IEnumerable<double> values) => Robust.Median([.. values])!.Value;
}

/// <summary>The speed of a download at a level.</summary>
/// <param name="Level">The number of connections or files.</param>
/// <param name="Stratum">What else its speed depends on: its size, within a factor of two, and the other number.</param>
/// <param name="Speed">Bytes per second.</param>
internal readonly record struct LevelSpeed(int Level, (int Size, int Other) Stratum, double Speed);
