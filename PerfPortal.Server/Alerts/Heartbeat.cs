using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Channels;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Alerts;

/// <summary>How the heartbeat is doing.</summary>
/// <param name="LastSent">When it was last accepted, UTC.</param>
/// <param name="Problem">Why the last one was not sent or not accepted; <see langword="null"/> while it works.</param>
internal sealed record HeartbeatStatus(DateTimeOffset? LastSent, string? Problem);

/// <summary>
/// A dead-man's switch: calls an address while the portal works, so that a service elsewhere raises the alarm when the calls stop. A failure is logged once.
/// </summary>
/// <param name="url">The address; it may contain a secret.</param>
/// <param name="findProblem">Returns what keeps the portal from working, or <see langword="null"/>.</param>
/// <param name="http">Sends the request.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger.</param>
internal sealed class Heartbeat(Uri url, Func<CancellationToken, ValueTask<string?>> findProblem, AlertHttp http, TimeProvider time, ILogger<Heartbeat> logger)
{
    private static readonly TimeSpan LongestGap = TimeSpan.FromMinutes(5);

    private readonly ReceiverSecret _secret = new() { Url = url.AbsoluteUri };

    /// <summary>How it is doing.</summary>
    public HeartbeatStatus Status { get; private set; } = new(null, null);

    /// <summary>Why alerts are not being evaluated, given the end of the minute that was evaluated last; <see langword="null"/> while they are.</summary>
    public static string? ExplainEvaluation(DateTimeOffset? evaluatedAt, DateTimeOffset now) =>
        evaluatedAt is { } at && now - at <= LongestGap ? null : "alerts have not been evaluated for five minutes.";

    /// <summary>Sends one heartbeat, unless the portal does not work.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        if (await findProblem(cancellationToken).ConfigureAwait(false) is { } problem)
        {
            Report($"No heartbeat is sent while the portal does not work: {problem}");
            return;
        }

        var answer = await http.SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Get, url);
                request.Headers.UserAgent.Add(new("PerfPortal", null));
                return request;
            },
            _secret, cancellationToken).ConfigureAwait(false);
        if (answer.Outcome == DeliveryOutcome.Accepted)
        {
            Status = new(time.GetUtcNow(), null);
        }
        else
        {
            Report($"The heartbeat was not accepted: {answer.Text}");
        }
    }

    private void Report(string problem)
    {
        if (Status.Problem is null)
        {
            logger.LogWarning("{Problem}", problem);
        }

        Status = Status with { Problem = problem };
    }
}
