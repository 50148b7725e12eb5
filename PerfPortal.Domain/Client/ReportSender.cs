using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace PerfPortal.Domain.Client;

/// <summary>
/// Delivers batches. What the portal finds too large or invalid as a whole is halved until the reports at fault are found; they are counted as rejected and
/// hold up nothing else. Sending a report again is harmless: its id, or its source and time, make it count once.
/// </summary>
internal sealed class ReportSender(PortalHttp http, PortalConnection connection, PortalClientOptions options, TimeProvider time, ILogger logger)
{
    /// <summary>The maximum size of a batch before compression, below the limit of the portal.</summary>
    public const long MaxBatchBytes = 8 * 1024 * 1024;

    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private long? _warnedAt;

    /// <summary>Sends reports.</summary>
    /// <param name="kind">What they are.</param>
    /// <param name="reports">The reports, oldest first.</param>
    /// <param name="tally">Counts them.</param>
    /// <param name="cancellationToken">Stops sending; the exception is not thrown.</param>
    /// <returns>Those that were not delivered because the portal could not be reached, oldest first.</returns>
    public async Task<IReadOnlyList<byte[]>> SendAsync(ReportKind kind, IReadOnlyList<byte[]> reports, DeliveryTally tally, CancellationToken cancellationToken)
    {
        var parts = new Stack<ArraySegment<byte[]>>();
        parts.Push(new([.. reports]));
        while (parts.TryPeek(out var part))
        {
            var answer = await PostAsync(kind, part, cancellationToken).ConfigureAwait(false);
            if (answer is null or { Kind: AnswerKind.Refused or AnswerKind.Unavailable or AnswerKind.Unknown or AnswerKind.Contradicted })
            {
                if (answer is not null)
                {
                    connection.Failed(answer.Kind == AnswerKind.Unavailable ? answer : answer with { Kind = AnswerKind.Refused });
                }

                return [.. parts.SelectMany(left => left)];
            }

            connection.Succeeded();
            parts.Pop();
            if (answer.Kind == AnswerKind.Accepted)
            {
                continue;
            }

            if (kind == ReportKind.Samples && answer.Kind == AnswerKind.Invalid && BatchAnswers.InvalidItems(answer.Body, part.Count) is { Count: > 0 } invalid)
            {
                Reject(tally, invalid.Values);
                Push(parts, new([.. part.Where((_, index) => !invalid.ContainsKey(index))]));
            }
            else if (part.Count == 1)
            {
                Reject(tally, [answer.Reason]);
            }
            else
            {
                Push(parts, part[(part.Count / 2)..]);
                Push(parts, part[..(part.Count / 2)]);
            }
        }

        return [];

        async Task<PortalAnswer?> PostAsync(ReportKind kind, ArraySegment<byte[]> part, CancellationToken cancellationToken)
        {
            try
            {
                using var content = PortalHttp.Body(Join(kind, part), kind == ReportKind.Operations ? PortalHttp.Lines : PortalHttp.Json, options.Compress);
                var answer = await http.SendAsync(HttpMethod.Post, kind == ReportKind.Operations ? "operations/batch" : "resources", content, options.RequestTimeout, cancellationToken)
                    .ConfigureAwait(false);
                return answer.Kind != AnswerKind.Accepted || Count(kind, answer.Body, part.Count, tally)
                    ? answer
                    : new(AnswerKind.Refused, [], "the answer is not that of a PerfPortal");
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    private static void Push(Stack<ArraySegment<byte[]>> parts, ArraySegment<byte[]> part)
    {
        if (part.Count > 0)
        {
            parts.Push(part);
        }
    }

    private bool Count(ReportKind kind, byte[] body, int sent, DeliveryTally tally)
    {
        if (kind == ReportKind.Samples)
        {
            if (BatchAnswers.AcceptedSamples(body) is not { } samples)
            {
                return false;
            }

            tally.CountSent(samples, 0);
            return true;
        }

        if (BatchAnswers.Read(body) is not { } answer || answer.Accepted + answer.Duplicates + answer.Rejected.Count != sent)
        {
            return false;
        }

        tally.CountSent(answer.Accepted, answer.Duplicates);
        Reject(tally, answer.Rejected);
        return true;
    }

    private void Reject(DeliveryTally tally, IReadOnlyCollection<string> reasons)
    {
        foreach (string reason in reasons)
        {
            tally.CountRejected(reason);
        }

        if (reasons.Count > 0 && (_warnedAt is not { } warned || time.GetElapsedTime(warned) >= BetweenWarnings))
        {
            _warnedAt = time.GetTimestamp();
            logger.LogWarning("The portal rejected {Count} reports, {Total} so far: {Reason}", reasons.Count, tally.Rejected, reasons.Last());
        }
    }

    private static byte[] Join(ReportKind kind, ArraySegment<byte[]> reports)
    {
        bool isArray = kind == ReportKind.Samples;
        byte[] joined = new byte[reports.Sum(report => report.Length + 1) + (isArray ? 2 : 0)];
        int place = 0;
        if (isArray)
        {
            joined[place++] = (byte)'[';
        }

        for (int i = 0; i < reports.Count; i++)
        {
            reports[i].CopyTo(joined, place);
            place += reports[i].Length;
            joined[place++] = isArray ? (byte)(i + 1 < reports.Count ? ',' : ' ') : (byte)'\n';
        }

        if (isArray)
        {
            joined[place] = (byte)']';
        }

        return joined;
    }
}
