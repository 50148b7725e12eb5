using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Models.Downloads.Ranges;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

public sealed class RangeTests
{
    private const int Bytes = 64;

    /// <summary>Any order of additions and removals leaves what a plain array of bytes says.</summary>
    [Property(MaxTest = 500)]
    public bool A_set_of_ranges_is_a_set_of_bytes((byte Start, byte Length, bool Adds)[] steps)
    {
        bool[] model = new bool[Bytes];
        var set = new RangeSet();
        foreach (var (from, length, adds) in steps)
        {
            int start = from % Bytes;
            int end = Math.Min(Bytes, start + (length % 17));
            long before = model.Count(isIn => isIn);
            Array.Fill(model, adds, start, end - start);
            if (adds)
            {
                if (set.Add(new(start, end)) != model.Count(isIn => isIn) - before)
                {
                    return false;
                }
            }
            else
            {
                set.Remove(new(start, end));
            }
        }

        int gap = Array.IndexOf(model, false);
        return set.Total == model.Count(isIn => isIn)
            && set.Prefix == (gap < 0 ? Bytes : gap)
            && set.Ranges.All(range => range.Length > 0)
            && set.Ranges.Zip(set.Ranges.Skip(1)).All(pair => pair.First.End < pair.Second.Start)
            && Enumerable.Range(0, Bytes).All(position => set.Ranges.Any(range => range.Start <= position && position < range.End) == model[position])
            && set.Missing(Bytes).Total == Bytes - set.Total;
    }

    /// <summary>Whatever the connections do, in the end every byte has counted once.</summary>
    [Property(MaxTest = 300)]
    public bool Connections_that_take_advance_and_give_back_load_every_byte_once(int size, (byte Worker, int Amount, bool GivesBack)[] steps)
    {
        size = Math.Abs(size % (64 << 20));
        var book = new RangeBook(size, [new(0, size / 10)]);
        var held = new Segment?[4];
        long counted = size / 10;
        foreach (var (worker, amount, givesBack) in steps)
        {
            ref var segment = ref held[worker % held.Length];
            segment ??= book.Take(held.Length);
            if (segment is null)
            {
                continue;
            }

            counted += book.Advance(segment, Math.Min(Math.Abs((long)amount), 4 << 20));
            if (givesBack || segment.Remaining == 0)
            {
                book.Release(segment);
                segment = null;
            }
        }

        foreach (var left in held.OfType<Segment>())
        {
            book.Release(left);
        }

        while (book.Take(1) is { } rest)
        {
            counted += book.Advance(rest, rest.Remaining);
            book.Release(rest);
        }

        return counted == size && book.IsComplete && book.Prefix == size && !book.HasWork;
    }

    [Fact]
    public void A_connection_without_work_takes_over_half_of_what_another_one_has_left()
    {
        var time = new FakeTimeProvider();
        var book = new RangeBook(8 << 20, null, time);
        var first = book.Take(1)!;
        Assert.Equal((0, 8 << 20), (first.Position, first.End));
        time.Advance(TimeSpan.FromSeconds(1));
        book.Advance(first, 2 << 20);
        var second = book.Take(2)!;
        Assert.Equal((5 << 20, 8 << 20, 5 << 20), (second.Position, second.End, first.End));
        Assert.Equal(3 << 20, book.Advance(first, 4 << 20));
    }

    [Fact]
    public void What_is_done_in_a_moment_is_not_shared_because_the_bytes_on_their_way_would_be_lost()
    {
        var time = new FakeTimeProvider();
        var book = new RangeBook(8 << 20, null, time);
        var first = book.Take(1)!;
        Assert.False(book.HasWork);
        time.Advance(TimeSpan.FromMilliseconds(600));
        book.Advance(first, 6 << 20);
        Assert.False(book.HasWork);
        Assert.Null(book.Take(2));

        // It comes to a halt: 2 MiB are left, which take ten seconds at the pace so far.
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1 << 20, book.Take(2)!.Remaining);
    }

    [Theory]
    [InlineData(3_000_000, 4, new[] { 750_000, 750_000, 750_000, 750_000 })]
    [InlineData(3_000_000, 16, new[] { 524_288, 524_288, 524_288, 524_288, 524_288, 378_560 })]
    [InlineData(1_400_000, 4, new[] { 524_288, 524_288, 351_424 })]
    [InlineData(1_000_000, 4, new[] { 1_000_000 })]
    [InlineData(3_000_000, 1, new[] { 3_000_000 })]
    [InlineData(10_000_000, 4, new[] { 1_250_000, 1_250_000, 1_250_000, 1_250_000, 1_250_000, 1_250_000, 1_250_000, 1_250_000 })]
    public void A_small_file_is_cut_into_equal_pieces_that_end_at_the_same_time(int size, int connections, int[] pieces)
    {
        var book = new RangeBook(size, null, new FakeTimeProvider());
        var taken = new List<int>();
        while (book.Take(connections) is { } piece)
        {
            taken.Add((int)piece.Remaining);
        }

        Assert.Equal(pieces, taken);
        Assert.True(taken.Count >= Math.Min(connections, PerfPortal.Domain.Advice.Downloads.UsefulConnections.Of(size)));
    }

    [Fact]
    public void Pieces_come_from_the_front_and_get_smaller()
    {
        var book = new RangeBook(64 << 20);
        long[] pieces = [.. Enumerable.Range(0, 4).Select(_ => book.Take(4)!).Select(piece => piece.End - piece.Position)];
        Assert.Equal(pieces.OrderDescending(), pieces);
        Assert.Equal(8 << 20, pieces[0]);
    }

    [Fact]
    public void A_file_of_unknown_size_ends_where_its_bytes_end()
    {
        var book = new RangeBook(null);
        var all = book.TakeFrom(0, long.MaxValue);
        book.Advance(all, 1234);
        Assert.Equal((null, false), (book.Size, book.IsComplete));
        book.Close();
        Assert.Equal((1234, true), (book.Size, book.IsComplete));
    }
}
