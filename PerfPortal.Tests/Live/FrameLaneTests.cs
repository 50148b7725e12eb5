using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text;
using PerfPortal.Server.Live;
using Xunit;

namespace PerfPortal.Tests.Live;

/// <summary>The lane below a real WebSocket, read by a real WebSocket.</summary>
public sealed class FrameLaneTests : IDisposable
{
    private readonly FrameLane _lane;
    private readonly WebSocket _server;
    private readonly WebSocket _client;

    public FrameLaneTests()
    {
        Pipe down = new(new PipeOptions(pauseWriterThreshold: 0)), up = new(new PipeOptions(pauseWriterThreshold: 0));
        _lane = new FrameLane(new Duplex(up.Reader.AsStream(), down.Writer.AsStream()));
        _server = WebSocket.CreateFromStream(_lane, new WebSocketCreationOptions { IsServer = true });
        _client = WebSocket.CreateFromStream(new Duplex(down.Reader.AsStream(), up.Writer.AsStream()), new WebSocketCreationOptions());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(125)]
    [InlineData(126)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public async Task Ready_frames_and_the_WebSockets_own_arrive_whole_and_in_order(int length)
    {
        string own = new('o', length), ready = new('r', length);
        await SendAsync(own, isWhole: true);
        Assert.True(await TryWriteAsync(ready));
        await SendAsync(own, isWhole: true);
        Assert.Equal([own, ready, own], [await ReceiveAsync(), await ReceiveAsync(), await ReceiveAsync()]);
    }

    [Fact]
    public async Task Nothing_goes_before_the_first_message()
    {
        Assert.False(await TryWriteAsync("early"));
        await SendAsync("handshake", isWhole: true);
        Assert.Equal("handshake", await ReceiveAsync());
    }

    [Fact]
    public async Task Nothing_goes_into_the_middle_of_a_message()
    {
        await SendAsync("one, ", isWhole: false);
        Assert.False(await TryWriteAsync("between"));
        await SendAsync("two", isWhole: true);
        Assert.True(await TryWriteAsync("after"));
        Assert.Equal(["one, two", "after"], [await ReceiveAsync(), await ReceiveAsync()]);
    }

    [Fact]
    public async Task Nothing_goes_behind_a_close()
    {
        await SendAsync("hello", isWhole: true);
        await _server.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        Assert.False(await TryWriteAsync("late"));
    }

    [Fact]
    public async Task A_write_that_is_no_whole_frame_closes_the_lane_and_passes()
    {
        await SendAsync("hello", isWhole: true);
        await _lane.WriteAsync(new byte[] { 0x81, 5, (byte)'h' }, Token);
        Assert.False(await TryWriteAsync("within"));
        await _lane.WriteAsync(Encoding.UTF8.GetBytes("ello"), Token);
        Assert.Equal(["hello", "hello"], [await ReceiveAsync(), await ReceiveAsync()]);
    }

    private async Task<bool> TryWriteAsync(string message)
    {
        bool isWritten = _lane.TryWrite(FrameLane.Frame(Encoding.UTF8.GetBytes(message), isText: true), out var writing);
        await writing;
        return isWritten;
    }

    private Task SendAsync(string message, bool isWhole) => _server.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, isWhole, Token);

    private async Task<string> ReceiveAsync()
    {
        byte[] buffer = new byte[128 * 1024];
        int length = 0;
        while (true)
        {
            var result = await _client.ReceiveAsync(buffer.AsMemory(length), Token);
            length += result.Count;
            if (result.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }

    private sealed class Duplex(Stream reading, Stream writing) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reading.ReadAsync(buffer, cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => writing.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => writing.FlushAsync(cancellationToken);

        public override void Flush() => writing.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
