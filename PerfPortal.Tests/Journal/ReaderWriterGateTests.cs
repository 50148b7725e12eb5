using PerfPortal.Domain.Journal;
using Xunit;

namespace PerfPortal.Tests.Journal;

public sealed class ReaderWriterGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_share_a_writer_is_alone_and_goes_before_new_readers()
    {
        var gate = new ReaderWriterGate();
        var first = await gate.EnterReadAsync(Token);
        var second = await gate.EnterReadAsync(Token);
        var writer = gate.EnterWriteAsync(Token);
        var third = gate.EnterReadAsync(Token);
        first.Dispose();
        first.Dispose();
        Assert.False(writer.IsCompleted);
        second.Dispose();
        var written = await writer;
        Assert.False(third.IsCompleted);
        written.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task A_writer_that_gives_up_lets_the_readers_through()
    {
        var gate = new ReaderWriterGate();
        using var patience = new CancellationTokenSource();
        var reader = await gate.EnterReadAsync(Token);
        var writer = gate.EnterWriteAsync(patience.Token);
        var waiting = gate.EnterReadAsync(Token);
        Assert.False(waiting.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer);
        (await waiting).Dispose();
        reader.Dispose();
        (await gate.EnterWriteAsync(Token)).Dispose();
    }

    [Fact]
    public async Task Many_at_once_never_meet_a_writer_and_none_is_left_waiting()
    {
        var gate = new ReaderWriterGate();
        int readers = 0, writers = 0, broken = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (int i = 0; i < 400; i++)
            {
                using var patience = new CancellationTokenSource();
                if (random.Next(5) == 0)
                {
                    await patience.CancelAsync();
                }

                bool writes = random.Next(4) == 0;
                try
                {
                    using var _ = writes ? await gate.EnterWriteAsync(patience.Token) : await gate.EnterReadAsync(patience.Token);
                    if (writes)
                    {
                        broken += Interlocked.Increment(ref writers) != 1 || Volatile.Read(ref readers) != 0 ? 1 : 0;
                        await Task.Yield();
                        Interlocked.Decrement(ref writers);
                    }
                    else
                    {
                        Interlocked.Increment(ref readers);
                        broken += Volatile.Read(ref writers) != 0 ? 1 : 0;
                        await Task.Yield();
                        Interlocked.Decrement(ref readers);
                    }
                }
                catch (OperationCanceledException)
                {
                }
            }
        }, Token))).WaitAsync(TimeSpan.FromSeconds(60), Token);
        Assert.Equal(0, broken);
    }
}
