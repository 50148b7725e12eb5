using System.Globalization;
using System.Net;
using System.Text;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Guard;
using PerfPortal.Server.Alerts.Receivers;
using Polly;
using Polly.Retry;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>
/// Sends requests of alerts: with a time limit, a few quick retries, no redirects, and a limit on what is read of the response.
/// </summary>
internal sealed class AlertHttp(IHttpClientFactory clients, TimeProvider time)
{
    /// <summary>The name of the HTTP client.</summary>
    public const string ClientName = "alerts";

    private const int MaxBody = 4096;
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(10);

    // A receiver that restarts is back in a second; everything longer is left to the outbox.
    private static readonly ResiliencePipeline<DeliveryAnswer> QuickRetries = new ResiliencePipelineBuilder<DeliveryAnswer>()
        .AddRetry(new RetryStrategyOptions<DeliveryAnswer>
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(300),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is { Outcome: DeliveryOutcome.Unavailable, RetryAfter: null, Status: null or 502 or 504 }),
        })
        .Build();

    /// <summary>Sends a request.</summary>
    /// <param name="create">Creates the request; called for each attempt.</param>
    /// <param name="secret">The secrets that must not be in the answer.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<DeliveryAnswer> SendAsync(Func<HttpRequestMessage> create, ReceiverSecret secret, CancellationToken cancellationToken) =>
        await QuickRetries.ExecuteAsync(async token => await SendOnceAsync(create, secret, token).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task<DeliveryAnswer> SendOnceAsync(Func<HttpRequestMessage> create, ReceiverSecret secret, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AttemptTimeout);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var request = create();
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            string body = await ReadAsync(response, limit.Token).ConfigureAwait(false);
            return Judge(response, body, secret);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(DeliveryOutcome.Unavailable, string.Create(CultureInfo.InvariantCulture, $"There was no answer within {AttemptTimeout.TotalSeconds:0} s."));
        }
        catch (HttpRequestException exception) when (exception.InnerException is TargetRefusedException refused)
        {
            return new(DeliveryOutcome.Refused, refused.Message);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new(DeliveryOutcome.Unavailable, AnswerText.Clean($"The connection failed: {(exception.InnerException ?? exception).Message}", secret));
        }
        catch (Exception exception) when (exception is UriFormatException or InvalidOperationException or FormatException or NotSupportedException)
        {
            return new(DeliveryOutcome.Refused, AnswerText.Clean($"The request could not be built: {exception.Message}", secret));
        }
    }

    private DeliveryAnswer Judge(HttpResponseMessage response, string body, ReceiverSecret secret)
    {
        int status = (int)response.StatusCode;
        string reason = string.IsNullOrWhiteSpace(response.ReasonPhrase) ? "" : " " + response.ReasonPhrase;
        string target = response.Headers.Location is { } location ? $" The receiver redirects to {(location.IsAbsoluteUri ? location.Host : "another path")}; redirects are not followed." : "";
        string text = AnswerText.Clean(string.Create(CultureInfo.InvariantCulture, $"{status}{reason}{(body.Length == 0 ? "" : ": " + body)}{target}"), secret);
        return new(OutcomeOf(status), text, status, RetryAfter(response));
    }

    private static DeliveryOutcome OutcomeOf(int status) => status switch
    {
        >= 200 and < 300 => DeliveryOutcome.Accepted,
        408 or 425 or 429 or 502 or 503 or 504 => DeliveryOutcome.Unavailable,
        >= 500 => DeliveryOutcome.Failed,
        _ => DeliveryOutcome.Refused,
    };

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter is not { } header ? null : header.Delta ?? header.Date - time.GetUtcNow();
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaxBody];
        int length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            int read;
            while (length < buffer.Length && (read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The status has arrived, and it decides.
        }

        return Encoding.UTF8.GetString(buffer, 0, length).Trim();
    }
}
