using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Advice;

namespace PerfPortal.Domain.Client;

/// <summary>
/// Answers what the history of a remote portal advises. Answers are kept until they expire; while the portal is away, components work with the safe defaults
/// and are not delayed: it is asked again after <see cref="RetryAfterFailure"/>. Thread-safe.
/// </summary>
public sealed class PortalAdviser : IAdviser, IDisposable
{
    /// <summary>How long a component waits for an answer at most.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>How long the portal is not asked after it did not answer.</summary>
    public static readonly TimeSpan RetryAfterFailure = TimeSpan.FromSeconds(30);

    private const int MaxKept = 256;
    private static readonly TimeSpan MinKept = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxKeptFor = TimeSpan.FromHours(1);

    private readonly PortalHttp _http;
    private readonly bool _ownsHttp;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly Dictionary<AdviceQuestion, (IReadOnlyList<AdviceItem> Items, long At, TimeSpan For)> _kept = [];
    private long? _failedAt;

    /// <summary>Creates an adviser of its own; <see cref="PortalClient.Adviser"/> shares the connections of a client.</summary>
    /// <param name="options">The portal and the key, which needs the scope <c>read</c>.</param>
    /// <param name="handler">Sends the requests, and is not disposed; <see langword="null"/> for connections of its own.</param>
    /// <param name="time">The clock; <see langword="null"/> for that of the system.</param>
    /// <param name="logger">The logger; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">The options are not valid.</exception>
    public PortalAdviser(PortalClientOptions options, HttpMessageHandler? handler = null, TimeProvider? time = null, ILogger? logger = null)
        : this(new PortalHttp(Valid(options), handler, time ?? TimeProvider.System), time ?? TimeProvider.System, logger ?? NullLogger.Instance) => _ownsHttp = true;

    internal PortalAdviser(PortalHttp http, TimeProvider time, ILogger logger) => (_http, _time, _logger) = (http, time, logger);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<AdviceItem>> AdviseAsync(AdviceQuestion question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        lock (_lock)
        {
            if (_kept.TryGetValue(question, out var kept) && _time.GetElapsedTime(kept.At) < kept.For)
            {
                return kept.Items;
            }

            if (_failedAt is { } failed && _time.GetElapsedTime(failed) < RetryAfterFailure)
            {
                return Default(question);
            }
        }

        var answer = await _http.SendAsync(HttpMethod.Get, PathOf(question), null, Timeout, cancellationToken).ConfigureAwait(false);
        if (answer.Kind == AnswerKind.Accepted && AdviceReader.Read(answer.Body) is { } items)
        {
            Keep(question, items);
            return items;
        }

        lock (_lock)
        {
            _failedAt = _time.GetTimestamp();
        }

        _logger.LogDebug("The portal gave no advice: {Reason}", answer.Reason);
        return Default(question);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }

    private static PortalClientOptions Valid(PortalClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Validate() is { Count: > 0 } errors ? throw new ArgumentException(string.Join(" ", errors), nameof(options)) : options;
    }

    private static string PathOf(AdviceQuestion question)
    {
        var path = new StringBuilder("advice/").Append(question.Topic switch
        {
            AdviceTopic.Download => "download",
            AdviceTopic.HealthCheck => "health-check",
            _ => "fallback",
        });
        char separator = '?';
        Append("source", question.Source);
        Append("name", question.Name);
        Append("host", question.Host);
        Append("size_bytes", question.SizeBytes is { } size ? FormattableString.Invariant($"{size}") : null);
        return path.ToString();

        void Append(string name, string? value)
        {
            if (value is not null)
            {
                path.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
                separator = '&';
            }
        }
    }

    private IReadOnlyList<AdviceItem> Default(AdviceQuestion question) => SafeDefaults.Items(question.Topic, _time.GetUtcNow() + RetryAfterFailure);

    private void Keep(AdviceQuestion question, IReadOnlyList<AdviceItem> items)
    {
        // The clocks of the two machines can differ, and an empty list has no expiry.
        var now = _time.GetUtcNow();
        var left = items.Count == 0 ? MinKept : items.Min(item => item.ExpiresAt) - now;
        left = left < MinKept ? MinKept : left > MaxKeptFor ? MaxKeptFor : left;
        lock (_lock)
        {
            _failedAt = null;
            if (_kept.Count >= MaxKept)
            {
                _kept.Remove(_kept.MinBy(pair => pair.Value.At).Key);
            }

            _kept[question] = (items, _time.GetTimestamp(), left);
        }
    }
}
