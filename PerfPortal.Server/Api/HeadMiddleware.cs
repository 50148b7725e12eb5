using Microsoft.AspNetCore.Http.Features;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>
/// Answers HEAD as GET without the body (RFC 9110, 9.3.2): the request is handled as a GET until its first byte of content, which is discarded.
/// SignalR connections are exempt, because their GET is not safe to repeat.
/// </summary>
internal sealed class HeadMiddleware(RequestDelegate next)
{
    /// <summary>Handles a request.</summary>
    public Task InvokeAsync(HttpContext context) =>
        HttpMethods.IsHead(context.Request.Method) && !RequestPaths.IsConnection(context.Request.Path)
            ? AnswerAsync(context)
            : next(context);

    private async Task AnswerAsync(HttpContext context)
    {
        var body = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        var lifetime = context.Features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(lifetime.RequestAborted);
        context.Request.Method = HttpMethods.Get;
        context.Features.Set<IHttpRequestLifetimeFeature>(new HeadLifetime(lifetime, answered));
        context.Features.Set<IHttpResponseBodyFeature>(new HeadBody(body, answered));
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (answered.IsCancellationRequested && context.Response.HasStarted)
        {
            // The headers are sent; the client does not expect content.
        }
        finally
        {
            context.Features.Set(body);
            context.Features.Set(lifetime);
            context.Request.Method = HttpMethods.Head;
        }
    }

    /// <summary>Ends with the response. Aborting the connection because the content was discarded has no effect.</summary>
    private sealed class HeadLifetime(IHttpRequestLifetimeFeature inner, CancellationTokenSource answered) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; } = answered.Token;

        public void Abort()
        {
            if (!answered.IsCancellationRequested)
            {
                inner.Abort();
            }
        }
    }

    /// <summary>A response body that sends the headers with the first byte, discards the content, and cancels the handler that would produce more of it.</summary>
    private sealed class HeadBody(IHttpResponseBodyFeature inner, CancellationTokenSource answered) : StreamResponseBodyFeature(new HeadStream(inner, answered))
    {
        public override Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

        public override Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

        public override void DisableBuffering()
        {
        }

        public override Task CompleteAsync() => inner.StartAsync(CancellationToken.None);
    }

    private sealed class HeadStream(IHttpResponseBodyFeature inner, CancellationTokenSource answered) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async Task FlushAsync(CancellationToken cancellationToken) => await inner.StartAsync(cancellationToken).ConfigureAwait(false);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty)
            {
                return;
            }

            await inner.StartAsync(cancellationToken).ConfigureAwait(false);
            await answered.CancelAsync().ConfigureAwait(false);
        }

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
