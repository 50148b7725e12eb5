using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Caching;
using PerfPortal.Tests.Pages;
using Xunit;

namespace PerfPortal.Tests.Caching;

public sealed class RecentReadsTests
{
    private readonly FakeTimeProvider _time = new(PortalContext.Noon);
    private readonly RecentReads _recent;
    private int _reads;

    public RecentReadsTests() => _recent = new(_time);

    [Fact]
    public async Task A_day_is_not_read_again_before_it_moved_by_a_pixel()
    {
        await ReadAsync("cpu", TimeSpan.FromDays(1));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("1", await ReadAsync("cpu", TimeSpan.FromDays(1)));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("2", await ReadAsync("cpu", TimeSpan.FromDays(1)));
    }

    [Fact]
    public async Task Five_minutes_are_read_again_every_second()
    {
        await ReadAsync("cpu", TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("2", await ReadAsync("cpu", TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task Another_question_or_another_range_is_never_answered_with_the_kept_one()
    {
        await ReadAsync("cpu", TimeSpan.FromDays(1));
        Assert.Equal("2", await ReadAsync("memory", TimeSpan.FromDays(1)));
        Assert.Equal("3", await ReadAsync("cpu", TimeSpan.FromDays(2)));
        Assert.Equal("4", await _recent.GetAsync("cpu", new TimeRange(PortalContext.Noon.AddDays(-9), PortalContext.Noon.AddDays(-8)), NextAsync));
    }

    [Fact]
    public async Task Ranges_that_grow_crowd_out_the_oldest_answer_and_not_all()
    {
        await ReadAsync("first", TimeSpan.FromDays(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        for (int i = 0; i < RecentReads.MaxItems; i++)
        {
            await ReadAsync("growing", TimeSpan.FromDays(1) + TimeSpan.FromSeconds(i));
        }

        Assert.Equal((RecentReads.MaxItems + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), await ReadAsync("growing", TimeSpan.FromDays(1) + TimeSpan.FromSeconds(RecentReads.MaxItems - 1)));
        Assert.Equal((RecentReads.MaxItems + 2).ToString(System.Globalization.CultureInfo.InvariantCulture), await ReadAsync("first", TimeSpan.FromDays(1)));
    }

    private Task<string> ReadAsync(string what, TimeSpan length) => _recent.GetAsync(what, new TimeRange(_time.GetUtcNow() - length, _time.GetUtcNow()), NextAsync);

    private Task<string> NextAsync() => Task.FromResult((++_reads).ToString(System.Globalization.CultureInfo.InvariantCulture));
}
