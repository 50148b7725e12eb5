using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Models;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Views.Models;

public sealed class IntegrityReaderTests
{
    private const double Day = 86_400;

    [Fact]
    public async Task Scores_of_months_ago_are_shown_when_only_hours_are_kept_of_them()
    {
        var time = new FakeTimeProvider(MemoryJournal.Start);
        var (store, book) = (new MemoryJournal(), new RollupBuffer(time));
        foreach (var (days, score) in new[] { (80.0, 0.5), (80.1, 1), (20.0, 1), (1.0, 0.9) })
        {
            book.Add(Check(-days * Day, "m", score, HostSource.Name));
        }

        book.Add(Check(-20 * Day, "m", 0, "another host"));
        book.Add(Check(-20 * Day, "other", 0, HostSource.Name));
        await book.FlushAsync(store, TestContext.Current.CancellationToken);
        var reader = new IntegrityReader(new StatisticsReader(store, book, new(time, new(_ => 168, 168, 840, 19_200))), time);
        var trend = await reader.ReadShownAsync("m", TestContext.Current.CancellationToken);
        Assert.Equal([2, 1, 1], trend.Points.Select(point => point.Checks));
        Assert.Equal([(0.75, 0.5), (1, 1), (0.9, 0.9)], trend.Points.Select(point => (point.Mean, point.Lowest)));
        Assert.StartsWith("4 checks since ", trend.Words, StringComparison.Ordinal);
        Assert.EndsWith(", lowest score 50 %.", trend.Words, StringComparison.Ordinal);
        Assert.Equal(3, trend.Chart.Times.Count);
        Assert.Equal("No check has a score.", (await reader.ReadShownAsync("nobody", TestContext.Current.CancellationToken)).Words);
    }

    private static Operation Check(double at, string name, double score, string source) =>
        MemoryJournal.Op(at, 3, name: name, source: source, type: MetricType.HealthCheck) with { Metadata = Metadata.Of([new("integrity_score", MetadataValue.From(score))]) };
}
