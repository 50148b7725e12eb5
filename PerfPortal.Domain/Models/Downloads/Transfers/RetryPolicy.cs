using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Transport;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>The limits of retries.</summary>
/// <param name="MaxRetries">The retries in a row without progress, for each connection.</param>
/// <param name="MaxDelay">The longest delay that grows by itself.</param>
/// <param name="MaxRetryAfter">The longest wait that a server may ask for.</param>
internal sealed record RetryLimits(int MaxRetries, TimeSpan MaxDelay, TimeSpan MaxRetryAfter);

/// <summary>The failures of one connection in a row.</summary>
internal sealed class RetryState
{
    /// <summary>The failures since the last progress.</summary>
    public int Failures { get; set; }

    /// <summary>The bytes of the file that were there at the last failure.</summary>
    public long DoneAtFailure { get; set; }

    /// <summary>The entry of the last retry in the log, or -1.</summary>
    public int Entry { get; set; } = -1;
}

/// <summary>
/// Decides whether and when a request is repeated: delays are random between 0 and twice the advised one, which doubles with each failure ("full jitter"); what the server asks for with Retry-After is honoured,
/// for all connections to it. Progress of the file starts the count again.
/// </summary>
internal sealed class RetryPolicy(TransferAdvice advice, RetryLimits limits, RetryLog log, TransferFigures figures, TimeProvider time, Func<double> random, ILogger? logger)
{
    private const long ProgressBytes = 256 << 10;

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="failure">Why the last one failed.</param>
    /// <param name="state">The failures of this connection.</param>
    /// <param name="done">The bytes of the file that are there.</param>
    /// <param name="host">The limit of the server.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="DownloadException">No further attempt is made.</exception>
    public async Task WaitAsync(DownloadException failure, RetryState state, long done, HostLimit host, CancellationToken cancellationToken)
    {
        Fail(state);
        if (!failure.IsTransient)
        {
            throw failure;
        }

        state.Failures = done - state.DoneAtFailure >= ProgressBytes ? 1 : state.Failures + 1;
        state.DoneAtFailure = done;
        var delay = DelayOf(failure, state.Failures);
        logger?.LogInformation("{Message} Trying again in {Delay}.", failure.Message, Format.Duration(delay));
        if (failure.RetryAfter is not null)
        {
            host.Pause(delay, failure.Message);
        }

        var until = time.GetUtcNow() + delay;
        var wait = new DownloadWait(failure.Message, failure.Category.WireName(), until > host.NotBefore ? until : host.NotBefore, state.Failures, limits.MaxRetries);
        figures.SetWait(state, wait);
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
        await host.WaitAsync(cancellationToken).ConfigureAwait(false);

        // Only now it is a retry: a wait that is cut off is none, and says nothing about the server.
        figures.SetWait(state, wait with { Until = null });
        state.Entry = log.Begin(failure.Category, delay);
    }

    /// <summary>Waits before a request until the server wants requests again.</summary>
    public async ValueTask WaitForHostAsync(RetryState state, HostLimit host, CancellationToken cancellationToken)
    {
        if (host.NotBefore <= time.GetUtcNow())
        {
            return;
        }

        figures.SetWait(state, new(host.Reason, DownloadErrorCategory.RateLimit.WireName(), host.NotBefore, 0, limits.MaxRetries));
        await host.WaitAsync(cancellationToken).ConfigureAwait(false);
        figures.SetWait(state, null);
    }

    /// <summary>Notes that the last retry of a connection has helped.</summary>
    public void Succeed(RetryState state) => End(state, isOk: true);

    /// <summary>Notes that the last retry of a connection has failed, and that it makes none now.</summary>
    public void Fail(RetryState state) => End(state, isOk: false);

    private void End(RetryState state, bool isOk)
    {
        log.End(state.Entry, isOk);
        state.Entry = -1;
        figures.SetWait(state, null);
    }

    private TimeSpan DelayOf(DownloadException failure, int failures)
    {
        if (failures > limits.MaxRetries)
        {
            throw GiveUp(failure, $"after {(limits.MaxRetries == 1 ? "1 retry" : $"{Format.Count(limits.MaxRetries)} retries")} without progress");
        }

        if (failures > 1 && advice.IsHopeless(failure.Category))
        {
            throw GiveUp(failure, "after a retry, because by the recorded history more of them hardly ever help");
        }

        double ceiling = Math.Min(limits.MaxDelay.TotalSeconds, 2 * advice.DelayAfter(failure.Category).TotalSeconds * Math.Pow(2, Math.Min(failures, 20) - 1));
        var jitter = TimeSpan.FromSeconds(random() * ceiling);
        if (failure.RetryAfter is not { } asked)
        {
            return jitter;
        }

        return asked > limits.MaxRetryAfter
            ? throw GiveUp(failure, $"because the server asked to wait {Format.Duration(asked)}, and at most {Format.Duration(limits.MaxRetryAfter)} is waited")
            : asked + (jitter < TimeSpan.FromSeconds(1) ? jitter : TimeSpan.FromSeconds(random()));
    }

    private static DownloadException GiveUp(DownloadException failure, string why) =>
        new(failure.Category, $"{failure.Message} Given up {why}.", failure)
        {
            Status = failure.Status,
            RetryAfter = failure.RetryAfter,
        };
}
