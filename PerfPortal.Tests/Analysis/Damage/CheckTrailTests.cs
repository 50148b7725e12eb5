using PerfPortal.Domain.Analysis.Damage;
using Xunit;

namespace PerfPortal.Tests.Analysis.Damage;

public sealed class CheckTrailTests
{
    [Fact]
    public void The_latest_check_decides_and_the_first_that_found_it_dates_it()
    {
        var sound = Checks.Report(50, ModelFaults.None);
        var first = Checks.Report(40, ModelFaults.MissingFiles);
        var worse = Checks.Report(30, ModelFaults.Corruption);
        var condition = Of(sound, first, worse).At(Days.Now);
        Assert.Equal(new DamageEpisode(first.End, sound.End.AddMicroseconds(1), ModelFaults.MissingFiles | ModelFaults.Corruption, first, worse), condition.Open);
        Assert.Null(condition.Ended);

        var repaired = Checks.Report(20, ModelFaults.None);
        condition = Of(sound, first, worse, repaired).At(Days.Now);
        Assert.Null(condition.Open);
        Assert.Equal((first.End, repaired), (condition.Ended!.Since, condition.Ended.EndedBy));
    }

    [Fact]
    public void What_a_check_does_not_look_for_it_does_not_end()
    {
        var corrupt = Checks.Report(30, ModelFaults.Corruption);
        var onlyFiles = Checks.Report(20, ModelFaults.None, ModelFaults.MissingFiles);
        Assert.Equal(ModelFaults.Corruption, Of(corrupt, onlyFiles).At(Days.Now).Open!.Faults);
        var both = Checks.Report(30, ModelFaults.Corruption | ModelFaults.MissingFiles);
        Assert.Equal(ModelFaults.Corruption, Of(both, onlyFiles).At(Days.Now).Open!.Faults);
    }

    [Fact]
    public void Of_two_checks_at_the_same_moment_the_one_that_found_something_decides()
    {
        var sound = Checks.Report(10, ModelFaults.None);
        var damaged = Checks.Report(10, ModelFaults.Corruption);
        Assert.NotNull(Of(sound, damaged).At(Days.Now).Open);
        Assert.NotNull(Of(damaged, sound).At(Days.Now).Open);
    }

    [Fact]
    public void A_check_of_the_future_counts_when_its_time_has_come()
    {
        var trail = Of(Checks.Report(-3, ModelFaults.Corruption));
        Assert.Null(trail.At(Days.Now).Open);
        Assert.NotNull(trail.At(Days.Now.AddMinutes(3)).Open);
    }

    [Fact]
    public void A_sound_check_between_damaged_ones_that_comes_late_makes_two_episodes()
    {
        var first = Checks.Report(40, ModelFaults.Corruption);
        var again = Checks.Report(20, ModelFaults.Corruption);
        var trail = Of(first, again);
        Assert.Equal(first.End, trail.At(Days.Now).Open!.Since);
        var late = Checks.Report(30, ModelFaults.None);
        trail.Add(late);
        Assert.Equal((again.End, late.End.AddMicroseconds(1), first.End), (trail.At(Days.Now).Open!.Since, trail.At(Days.Now).Open!.SinceLow, trail.At(Days.Now).Ended!.Since));
    }

    /// <summary>Any order of any reports, some of them twice, some at the same moment, amounts to the same as their order in time.</summary>
    [Fact]
    public void The_order_of_reports_does_not_matter()
    {
        var random = new Random(17);
        for (int round = 0; round < 3_000; round++)
        {
            var reports = Enumerable.Range(0, random.Next(1, CheckTrail.MaxReports + 1)).Select(_ =>
            {
                var faults = (ModelFaults)random.Next(0, 8) & (ModelFaults)random.Next(0, 8);
                return Checks.Report(random.Next(0, 20), faults, (ModelFaults)random.Next(0, 8) & ~faults);
            }).ToList();
            var expected = reports.OrderBy(one => one.End).ThenBy(one => one.IsFaulty).ThenBy(one => one.Id).Aggregate(default(ModelCondition), (condition, one) => condition.Then(one));
            var shuffled = reports.Concat(reports.Take(random.Next(0, 5))).ToArray();
            random.Shuffle(shuffled);
            Assert.Equal(expected, Of(shuffled).At(Days.Now));
        }
    }

    /// <summary>With more reports than are kept, in order, the result is that of all of them.</summary>
    [Fact]
    public void What_is_dropped_is_summed_up()
    {
        var random = new Random(18);
        for (int round = 0; round < 300; round++)
        {
            var reports = Enumerable.Range(0, 200).Select(i => Checks.Report(300 - i, random.Next(0, 40) == 0 ? ModelFaults.Corruption : ModelFaults.None, random.Next(0, 9) == 0 ? ModelFaults.All : ModelFaults.None)).ToArray();
            Assert.Equal(reports.Aggregate(default(ModelCondition), (condition, one) => condition.Then(one)), Of(reports).At(Days.Now));
        }

        var longAgo = Checks.Report(1_000, ModelFaults.Corruption);
        var trail = Of([longAgo, .. Enumerable.Range(0, 100).Select(i => Checks.Report(900 - i, ModelFaults.Corruption))]);
        Assert.Equal(longAgo.End, trail.At(Days.Now).Open!.Since);

        // A report that is older than all that are kept changes nothing.
        trail.Add(Checks.Report(950, ModelFaults.None));
        Assert.Equal(longAgo.End, trail.At(Days.Now).Open!.Since);
    }

    private static CheckTrail Of(params CheckReport[] reports)
    {
        var trail = new CheckTrail();
        foreach (var report in reports)
        {
            trail.Add(report);
        }

        return trail;
    }
}
