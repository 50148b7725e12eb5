using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Models.Health.Formats;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class ReadPaceTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_that_share_a_rate_take_turns()
    {
        var shared = new ReadPace(() => 100, _time);
        var (one, other) = (new ReadPace(() => null, _time, shared), new ReadPace(() => null, _time, shared));
        await one.WaitAsync(100, Token);
        var second = other.WaitAsync(10_000, Token).AsTask();
        var third = one.WaitAsync(1, Token).AsTask();
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await second;
        Assert.False(third.IsCompleted);

        // A piece takes a minute at most.
        _time.Advance(TimeSpan.FromMinutes(1));
        await third;
    }

    [Fact]
    public void What_is_read_of_a_structure_counts_and_can_be_cancelled()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Join(folder.Path, "model.onnx");
        File.WriteAllBytes(path, new byte[100]);
        using var handle = FileHasher.Open(path);
        var pace = new ReadPace(() => 100, _time);
        Assert.Equal(100, new FileBytes(handle, pace, Token).Read(0, new byte[100]));
        var next = pace.WaitAsync(1, Token);
        Assert.False(next.IsCompleted);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => FormatChecks.Run("model.onnx", new FileBytes(handle, pace, cancelled.Token)));
    }
}
