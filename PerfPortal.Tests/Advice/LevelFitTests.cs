using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Advice.Downloads;
using Xunit;

namespace PerfPortal.Tests.Advice;

public sealed class LevelFitTests
{
    private const double Mebi = 1 << 20;

    [Fact]
    public void A_level_that_was_used_for_large_files_only_does_not_look_fast_because_they_are()
    {
        // Large files are four times as fast. Eight connections gain nothing, and only large files used them.
        var values = new List<LevelSpeed>();
        for (int i = 0; i < 20; i++)
        {
            double noise = 1 + ((i % 5) * 0.01);
            values.Add(new(4, (20, 1), 10 * noise));
            values.Add(new(4, (26, 1), 40 * noise));
            values.Add(new(8, (26, 1), 40 * noise));
        }

        var levels = LevelFit.Measured(values, 16);
        Assert.Equal([4, 8], levels.Select(level => level.Level));
        Assert.Equal(1, levels[1].Median / levels[0].Median, 2);
        Assert.Equal([40, 20], levels.Select(level => level.Count));
    }

    [Fact]
    public void Levels_that_no_downloads_alike_have_in_common_are_not_compared()
    {
        var values = Enumerable.Range(0, 10).SelectMany(_ => new LevelSpeed[] { new(4, (26, 1), 40), new(8, (26, 1), 60), new(1, (10, 1), 500) });
        Assert.Equal([4, 8], LevelFit.Measured(values, 16).Select(level => level.Level));
    }

    [Fact]
    public void Nothing_is_measured_of_nothing() => Assert.Empty(LevelFit.Measured([], 16));

    [Fact]
    public async Task More_connections_than_there_are_pieces_are_not_tried()
    {
        var past = new Past();
        for (int i = 0; i < 20; i++)
        {
            past.Download(2, 2 * Mebi, facts: [("connections", 4)]);
        }

        // Two MiB have four pieces: only fewer can be tried.
        Assert.Equal(2, (await past.DownloadAsync(size: 2 << 20)).Of(AdviceKinds.ConnectionsTrial).Value);
        Assert.Equal(6, (await past.DownloadAsync(size: 3 << 20)).Of(AdviceKinds.ConnectionsTrial).Value);
        var tiny = new Past();
        for (int i = 0; i < 20; i++)
        {
            tiny.Download(0.1, 1000, facts: [("connections", 1)]);
        }

        Assert.False((await tiny.DownloadAsync()).Has(AdviceKinds.ConnectionsTrial));
    }

    [Fact]
    public async Task The_speed_of_an_operation_with_several_files_is_that_of_all_of_them()
    {
        // The server limits the host: two files at a time are no faster than one.
        var past = new Past();
        for (int i = 0; i < 40; i++)
        {
            past.Download(10, 100 * Mebi, facts: [("concurrency", 1 + (i % 2)), ("files", 5)]);
            past.Download(1, 100 * Mebi, facts: [("concurrency", 1), ("files", 1)]);
        }

        Assert.Equal(1, (await past.DownloadAsync()).Of(AdviceKinds.Concurrency).Value);
    }
}
