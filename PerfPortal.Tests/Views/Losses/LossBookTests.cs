using PerfPortal.Domain.Operations;
using PerfPortal.Server.Views.Losses;
using Xunit;

namespace PerfPortal.Tests.Views.Losses;

public sealed class LossBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly LossBook _book = new();

    [Fact]
    public void What_is_told_again_counts_once_and_a_late_repetition_changes_nothing()
    {
        var first = Loss();
        _book.Tell(first);
        var grown = _book.Tell(first with { Operations = 30, From = Noon.AddMinutes(-4), To = Noon.AddMinutes(1) });
        Assert.Equal(first with { Operations = 30, To = Noon.AddMinutes(1) }, grown);
        long version = _book.Version;
        Assert.Equal(grown, _book.Tell(first));
        Assert.Equal(version, _book.Version);
        Assert.Equal([grown], _book.All);
    }

    [Fact]
    public void The_same_id_for_another_reason_or_of_another_source_is_another_loss()
    {
        var loss = Loss();
        _book.Tell(loss);
        _book.Tell(loss with { Reason = LossReason.Rejected });
        _book.Tell(loss with { Source = "gpu-4" });
        Assert.Equal(3, _book.All.Count);
        Assert.True(_book.Remove("gpu-3"));
        Assert.False(_book.Remove("gpu-3"));
        Assert.Equal("gpu-4", Assert.Single(_book.All).Source);
    }

    [Fact]
    public void The_oldest_losses_are_forgotten_beyond_the_limits()
    {
        for (int i = 0; i <= LossBook.MaxPerSource; i++)
        {
            _book.Tell(Loss() with { Id = Guid.CreateVersion7(), To = Noon.AddMinutes(i) });
        }

        Assert.Equal((LossBook.MaxPerSource, Noon.AddMinutes(1)), (_book.All.Count, _book.All[^1].To));
        _book.Restore(Enumerable.Range(0, LossBook.Capacity - LossBook.MaxPerSource).Select(i => Loss() with { Source = "s" + i, To = Noon.AddDays(1) }));
        _book.Tell(Loss() with { Source = "last", To = Noon.AddDays(2) });
        Assert.Equal((LossBook.Capacity, "last", Noon.AddMinutes(2)), (_book.All.Count, _book.All[0].Source, _book.All[^1].To));
        Assert.True(_book.Purge(Noon.AddDays(2)));
        Assert.Single(_book.All);
    }

    [Theory]
    [InlineData(1, 0, LossReason.BufferFull, null, 0, "1 operation of gpu-3 was dropped at 2026-03-10 12:00 UTC, because reports came faster than they could be sent.")]
    [InlineData(0, 1_204, LossReason.PortalUnreachable, "Connection refused.", 3, "1,204 samples of gpu-3 were dropped between 2026-03-10 11:57 UTC and 2026-03-10 12:00 UTC, because the portal could not be reached: Connection refused.")]
    [InlineData(2, 1, LossReason.Rejected, "end_time is too late", 0, "2 operations and 1 sample of gpu-3 were rejected at 2026-03-10 12:00 UTC, because the portal found them invalid: end_time is too late.")]
    [InlineData(2, 0, LossReason.Other, null, 0, "2 operations of gpu-3 were dropped at 2026-03-10 12:00 UTC.")]
    [InlineData(2, 0, LossReason.NotEncodable, " ", 0, "2 operations of gpu-3 were dropped at 2026-03-10 12:00 UTC, because their content could not be encoded.")]
    public void A_loss_is_said_in_a_sentence(long operations, long samples, LossReason reason, string? detail, double minutes, string expected) =>
        Assert.Equal(expected, LossWords.Sentence(new(Guid.Empty, "gpu-3", reason, detail, operations, samples, Noon.AddMinutes(-minutes), Noon)));

    [Fact]
    public void Losses_of_a_source_for_one_reason_are_added_up()
    {
        var later = Loss() with { Operations = 2, From = Noon.AddMinutes(30), To = Noon.AddMinutes(31), Detail = "later" };
        Assert.Equal(
            ["14 operations of gpu-3 were dropped between 2026-03-10 11:55 UTC and 2026-03-10 12:31 UTC, because the portal could not be reached: later."],
            LossWords.Sentences([Loss(), later]));
    }

    private static Loss Loss() => new(new("018f2f6e-7c1a-7000-8000-000000000001"), "gpu-3", LossReason.PortalUnreachable, null, 12, 0, Noon.AddMinutes(-5), Noon);
}
