using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Client;

/// <summary>What a client has lost since its start.</summary>
internal readonly record struct LossTotals(long Operations, long Samples)
{
    public static LossTotals operator -(LossTotals left, LossTotals right) => new(left.Operations - right.Operations, left.Samples - right.Samples);
}

/// <summary>
/// Tells the portal how many reports this program has lost, when and why, because only the program knows. Counts grow within a stretch that has an id, and times are ages, so
/// that neither a lost answer, a repetition, a restart nor the clock of this host makes the portal count wrongly. Not thread-safe.
/// </summary>
internal sealed class LossReports(PortalHttp http, PortalConnection connection, PortalClientOptions options, TimeProvider time, Func<double> random, ILogger logger)
{
    /// <summary>How long nothing is lost before the next loss begins a new stretch.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(10);

    /// <summary>The time between two tellings of a stretch that goes on.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    /// <summary>How long a portal that cannot be told, because it is older or refuses it, is left alone.</summary>
    public static readonly TimeSpan RefusedPause = TimeSpan.FromMinutes(5);

    private readonly Dictionary<LossReason, LossStretch> _stretches = [];
    private readonly Dictionary<LossReason, LossTotals> _seen = [];

    // Whether the portal takes reports is for the deliveries to find: a portal that only cannot be told must not stop them.
    private readonly PortalConnection _telling = new(options.Address, time, random, NullLogger.Instance);
    private long _lookedAt = time.GetTimestamp();
    private long? _refusedAt;
    private bool _isLogged;

    /// <summary>Whether the portal has to be told, and can be.</summary>
    public bool HasUntold => CanTell && _stretches.Values.Any(stretch => !stretch.IsTold);

    /// <summary>The time until the portal can be told again after it could not answer; zero when it can be told now.</summary>
    public TimeSpan Wait => _telling.Wait;

    private bool CanTell => _refusedAt is not { } refused || time.GetElapsedTime(refused) >= RefusedPause;

    /// <summary>Notes what was lost since the last look.</summary>
    public void Look(DeliveryTally operations, DeliveryTally samples, long untracked)
    {
        long now = time.GetTimestamp();
        var full = new LossTotals(operations.Full + untracked, samples.Full);
        if (connection.IsFailing)
        {
            Note(LossReason.BufferFull, full, LossReason.PortalUnreachable, connection.LastError, now);
        }
        else
        {
            Note(LossReason.BufferFull, full, LossReason.BufferFull, null, now);
        }

        Note(LossReason.NotEncodable, new(operations.NotEncodable, samples.NotEncodable), LossReason.NotEncodable, null, now);
        Note(LossReason.Rejected, new(operations.Rejected, samples.Rejected), LossReason.Rejected, operations.LastRejection ?? samples.LastRejection, now);
        _lookedAt = now;
    }

    /// <summary>Tells the portal what it does not know yet, until it does not answer.</summary>
    /// <param name="isLast">Whether there will be no later opportunity.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    public async Task TellAsync(bool isLast, CancellationToken cancellationToken)
    {
        foreach (var stretch in _stretches.Values)
        {
            if (!CanTell || Wait > TimeSpan.Zero)
            {
                return;
            }

            if (!stretch.IsTold && (isLast || stretch.ToldAt is not { } told || time.GetElapsedTime(told) >= Period))
            {
                await TellAsync(stretch, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private void Note(LossReason counter, LossTotals total, LossReason reason, string? detail, long now)
    {
        var lost = total - _seen.GetValueOrDefault(counter);
        if (lost == default)
        {
            return;
        }

        _seen[counter] = total;
        if (!_stretches.TryGetValue(reason, out var stretch) || (stretch.IsTold && time.GetElapsedTime(stretch.Last, now) >= Calm))
        {
            _stretches[reason] = stretch = new(reason, _lookedAt);
        }

        stretch.Add(lost.Operations, lost.Samples, detail, now);
    }

    private async Task TellAsync(LossStretch stretch, CancellationToken cancellationToken)
    {
        var (operations, samples, now) = (stretch.Operations, stretch.Samples, time.GetTimestamp());
        using var content = PortalHttp.Body(Write(stretch, now), PortalHttp.Json);
        var answer = await http.SendAsync(HttpMethod.Post, "losses", content, options.RequestTimeout, cancellationToken).ConfigureAwait(false);
        switch (answer.Kind)
        {
            case AnswerKind.Accepted:
                _telling.Succeeded();
                stretch.Told(operations, samples, now);
                break;
            case AnswerKind.Unavailable:
                _telling.Failed(answer);
                LogOnce(answer);
                break;
            case AnswerKind.Unknown or AnswerKind.Refused:
                // An older portal, which may be updated. Whether the address and the key are right is for the deliveries to find.
                _refusedAt = now;
                LogOnce(answer);
                break;
            default:
                // Invalid now is invalid later.
                stretch.Told(operations, samples, now);
                logger.LogWarning("The portal does not accept how many reports were lost: {Reason}", answer.Reason);
                break;
        }
    }

    private void LogOnce(PortalAnswer answer)
    {
        if (!_isLogged)
        {
            logger.LogInformation("The portal cannot be told how many reports were lost; it is tried again later: {Reason}", answer.Reason);
            _isLogged = true;
        }
    }

    private byte[] Write(LossStretch stretch, long now) => ReportWriter.Line((Stretch: stretch, Source: options.Source, Now: now, Time: time), static (writer, told) =>
    {
        var stretch = told.Stretch;
        writer.WriteString("id"u8, stretch.Id);
        writer.WriteString("source"u8, told.Source);
        writer.WriteString("reason"u8, stretch.Reason.WireName());
        writer.WriteNumber("operations"u8, Math.Min(stretch.Operations, LossReasons.MaxReports));
        writer.WriteNumber("samples"u8, Math.Min(stretch.Samples, LossReasons.MaxReports));
        writer.WriteNumber("first_seconds_ago"u8, Age(told.Time, stretch.First, told.Now));
        writer.WriteNumber("last_seconds_ago"u8, Age(told.Time, stretch.Last, told.Now));
        if (stretch.Detail is { } detail)
        {
            writer.WriteString("detail"u8, ValidText.Of(detail.Length <= LossReasons.DetailCharacters ? detail : detail[..(LossReasons.DetailCharacters - 1)] + "…"));
        }
    });

    private static double Age(TimeProvider time, long at, long now) => Math.Clamp(time.GetElapsedTime(at, now).TotalSeconds, 0, LossReasons.MaxAgeSeconds);
}
