using Microsoft.Extensions.Logging;

namespace PerfPortal.Domain.Client;

/// <summary>
/// Whether the portal can be reached, and when to try again: exponential delays with full jitter, so that clients which lost the portal together do not
/// return together. Logs when the connection is lost and regained, not every attempt. Thread-safe.
/// </summary>
internal sealed class PortalConnection(Uri address, TimeProvider time, Func<double> random, ILogger logger)
{
    /// <summary>The longest delay.</summary>
    public static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(30);

    /// <summary>The longest <c>Retry-After</c> that is honoured.</summary>
    public static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(5);

    private const int MaxDoublings = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly long _origin = time.GetTimestamp();
    private TimeSpan _notBefore;
    private TimeSpan _lostSince;
    private int _failures;
    private bool _isAsked;
    private bool _isRefused;

    /// <summary>Whether the last request was answered.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether the last request was not carried out because the portal could not be reached, or refused it; not so before the first.</summary>
    public bool IsFailing
    {
        get
        {
            lock (_lock)
            {
                return _failures > 0;
            }
        }
    }

    public DateTimeOffset? LastSuccessAt { get; private set; }

    public string? LastError { get; private set; }

    public DateTimeOffset? LastErrorAt { get; private set; }

    /// <summary>The time until the next attempt; zero when it can be made now.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                var wait = _notBefore - Elapsed;
                return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
            }
        }
    }

    // The wall clock can be set; the delays must not follow it.
    private TimeSpan Elapsed => time.GetElapsedTime(_origin);

    /// <summary>Forgets the delay, unless the portal asked for it.</summary>
    public void TryNow()
    {
        lock (_lock)
        {
            _notBefore = _isAsked ? _notBefore : default;
        }
    }

    /// <summary>Records an answer.</summary>
    public void Succeeded()
    {
        lock (_lock)
        {
            if (!IsConnected)
            {
                if (_failures == 0)
                {
                    logger.LogInformation("Connected to the portal at {Address}", address);
                }
                else
                {
                    logger.LogInformation("The portal at {Address} accepts reports again after {Seconds:0} s", address, (Elapsed - _lostSince).TotalSeconds);
                }
            }

            (IsConnected, LastSuccessAt, _failures, _isAsked, _isRefused, _notBefore) = (true, time.GetUtcNow(), 0, false, false, default);
        }
    }

    /// <summary>Records an attempt that failed. Requests that fail together count once.</summary>
    public void Failed(PortalAnswer answer)
    {
        lock (_lock)
        {
            var now = Elapsed;
            (LastError, LastErrorAt) = (answer.Reason, time.GetUtcNow());
            if (_notBefore > now)
            {
                return;
            }

            bool isRefused = answer.Kind == AnswerKind.Refused;
            Log(answer, isRefused);
            if (_failures++ == 0)
            {
                _lostSince = now;
            }

            (IsConnected, _isRefused, _isAsked) = (false, isRefused, answer.RetryAfter is not null);
            _notBefore = now + (answer.RetryAfter is { } asked ? AsAsked(asked) : isRefused ? Later(MaxDelay) : Jittered());
        }
    }

    private void Log(PortalAnswer answer, bool isRefused)
    {
        string reason = answer.Reason.TrimEnd('.');
        bool isNews = _failures == 0 || isRefused != _isRefused;
        if (!isNews)
        {
            logger.LogDebug("The portal at {Address} still does not accept reports: {Reason}", address, reason);
        }
        else if (isRefused)
        {
            logger.LogWarning("The portal at {Address} refuses reports: {Reason}. Check the address and the key. Reports are kept as far as there is room", address, reason);
        }
        else
        {
            logger.LogWarning("The portal at {Address} does not accept reports: {Reason}. They are kept as far as there is room, and sent later", address, reason);
        }
    }

    /// <summary>A portal that asks for no wait, again and again, is left alone for longer and longer like one that asks for nothing.</summary>
    private TimeSpan AsAsked(TimeSpan asked)
    {
        var later = Later(asked < MaxRetryAfter ? asked : MaxRetryAfter);
        var grown = asked > TimeSpan.Zero ? TimeSpan.Zero : Jittered();
        return later > grown ? later : grown;
    }

    /// <summary>Adds up to a tenth and a second.</summary>
    private TimeSpan Later(TimeSpan delay) => delay + ((delay / 10) + TimeSpan.FromSeconds(1)) * random();

    private TimeSpan Jittered()
    {
        var full = FirstDelay * Math.Pow(2, Math.Min(_failures - 1, MaxDoublings));
        var delay = (full < MaxDelay ? full : MaxDelay) * random();
        return delay > MinDelay ? delay : MinDelay;
    }
}
