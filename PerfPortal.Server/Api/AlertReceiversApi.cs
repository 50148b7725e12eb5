using System.Globalization;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Channels;
using PerfPortal.Server.Alerts.Dispatch;
using PerfPortal.Server.Alerts.Receivers;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of the receivers of alerts, and of the messages to them.</summary>
internal static class AlertReceiversApi
{
    private const string VersionTag = "Identifies the version; a change must send it as If-Match.";

    private static readonly TextParameter ReceiverId = new("receiver_id", 32) { Description = "Only messages to this receiver.", Example = "3f1b2c4d5e6f708192a3b4c5d6e7f809" };
    private static readonly TextParameter AlertId = new("alert_id", 32) { Description = "Only messages about this alert.", Example = "5b6c7d8e9f00112233445566778899aa" };
    private static readonly WholeParameter Limit = new("limit", 1, 1000, 100) { Description = "The maximum number of messages.", Example = "20" };

    /// <summary>Maps the route that lists messages.</summary>
    public static void MapDeliveriesApi(this RouteGroupBuilder group) => group.MapGet("/alerts/deliveries", DeliveriesAsync)
        .WithName("ListDeliveries").WithParameters(ReceiverId, AlertId, Limit).Produces<ItemsBody<DeliveryBody>>()
        .WithSummary("List messages to receivers").WithDescription("The latest message is first, with the number of attempts, what the receiver answered, and when the next attempt is due. next_cursor is always null.");

    /// <summary>Maps the routes of receivers.</summary>
    public static void MapReceiversApi(this RouteGroupBuilder group)
    {
        group.MapGet("/alerts/receivers", ListAsync).WithName("ListReceivers").Produces<ItemsBody<ReceiverBody>>()
            .WithSummary("List receivers").WithDescription("By name, each with whether messages to it arrive. Secrets are not returned. next_cursor is always null.");
        group.MapPost("/alerts/receivers", AddAsync).WithName("AddReceiver").Accepts<ReceiverReport>("application/json")
            .Produces<ReceiverBody>(StatusCodes.Status201Created).WithResponseHeader("ETag", VersionTag, StatusCodes.Status201Created).WithProblems(409)
            .WithSummary("Add a receiver")
            .WithDescription("From then on it is told about the alerts that its routes select, those that fire already included. At most 50 receivers (409). Targets on loopback, link-local and private addresses are refused unless Alerts:AllowPrivateTargets is set.");
        group.MapGet("/alerts/receivers/{id}", FindAsync).WithName("GetReceiver").WithParameters(PathParameter.ReceiverId).Produces<ReceiverBody>().WithResponseHeader("ETag", VersionTag).WithProblems(404)
            .WithSummary("Get a receiver");
        group.MapPut("/alerts/receivers/{id}", ChangeAsync).WithName("ChangeReceiver").WithParameters(PathParameter.ReceiverId, HeaderParameter.IfMatch).Accepts<ReceiverReport>("application/json")
            .Produces<ReceiverBody>().WithResponseHeader("ETag", VersionTag).WithProblems(404, 412, 428)
            .WithSummary("Change a receiver").WithDescription("Replaces everything but the secrets that the body does not contain; a secret that is an empty string is removed.");
        group.MapDelete("/alerts/receivers/{id}", DeleteAsync).WithName("RemoveReceiver").WithParameters(PathParameter.ReceiverId).Produces(StatusCodes.Status204NoContent).WithProblems(404)
            .WithSummary("Remove a receiver").WithDescription("Messages that wait for it are not sent any more.");
        group.MapPost("/alerts/receivers/{id}/test", TestAsync).WithName("TestReceiver").WithParameters(PathParameter.ReceiverId).Produces<ReceiverTestBody>().WithProblems(404)
            .WithSummary("Send a test message").WithDescription("Sends one message now, past the outbox, and returns what the receiver answered.");
    }

    private static async Task<IResult> ListAsync(DeliveryReader reader, CancellationToken cancellationToken) =>
        TypedResults.Ok(new ItemsBody<ReceiverBody>([.. (await reader.ListReceiversAsync(cancellationToken).ConfigureAwait(false)).Select(view => ReceiverBody.Of(view.Receiver, view.Health))]));

    private static async Task<IResult> FindAsync(string id, HttpContext context, DeliveryReader reader, CancellationToken cancellationToken) =>
        await reader.FindReceiverAsync(id, cancellationToken).ConfigureAwait(false) is { } view ? TypedResults.Ok(Tagged(context, view)) : Missing(id);

    private static async Task<IResult> AddAsync(HttpContext context, ReceiverBook receivers, DeliveryReader reader, CancellationToken cancellationToken)
    {
        var (draft, problem) = await ReadAsync(context, null, cancellationToken).ConfigureAwait(false);
        return draft is null ? problem! : await SaveAsync(context, receivers, reader, draft, null, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IResult> ChangeAsync(string id, HttpContext context, ReceiverBook receivers, DeliveryReader reader, CancellationToken cancellationToken)
    {
        if (HeaderParameter.IfMatch.Read(context.Request) is not { } tag)
        {
            return Problems.Status(428, "A precondition is required.", "If-Match must contain the ETag of the receiver that the change is based on.");
        }

        var existing = await receivers.FindAsync(id, cancellationToken).ConfigureAwait(false);
        var (draft, problem) = await ReadAsync(context, existing, cancellationToken).ConfigureAwait(false);
        return draft is null ? problem!
            : existing is null ? Missing(id)
            : tag != Tag(existing) ? Lost()
            : await SaveAsync(context, receivers, reader, draft, existing, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IResult> DeleteAsync(string id, ReceiverBook receivers, CancellationToken cancellationToken) =>
        await receivers.DeleteAsync(id, cancellationToken).ConfigureAwait(false) ? TypedResults.NoContent() : Missing(id);

    private static async Task<IResult> TestAsync(string id, HttpContext context, ReceiverBook receivers, ReceiverTester tester, CancellationToken cancellationToken)
    {
        if (await receivers.FindAsync(id, cancellationToken).ConfigureAwait(false) is not { } receiver)
        {
            return Missing(id);
        }

        var (answer, elapsed, note) = await tester.SendAsync(receiver, context.User.Identity?.Name ?? "local", cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new ReceiverTestBody(
            answer.Outcome == DeliveryOutcome.Accepted, answer.Outcome.ToString().ToLowerInvariant(), answer.Status, answer.Text, Math.Round(elapsed.TotalMilliseconds, 1), note));
    }

    private static async Task<IResult> DeliveriesAsync(HttpContext context, DeliveryReader reader, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        string? receiverId = query.Read(ReceiverId);
        string? alertId = query.Read(AlertId);
        int limit = query.Read(Limit);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        return TypedResults.Ok(new ItemsBody<DeliveryBody>([.. (await reader.ListAsync(receiverId, alertId, limit, cancellationToken).ConfigureAwait(false)).Select(ToBody)]));
    }

    private static async Task<(ReceiverDraft? Draft, IResult? Problem)> ReadAsync(HttpContext context, AlertReceiver? existing, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, BodyLimits.Definition, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return (null, problem);
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            var draft = ReceiverReader.Read(document.RootElement, existing, errors);
            return draft is null ? (null, Problems.Invalid(errors)) : (draft, null);
        }
    }

    private static async Task<IResult> SaveAsync(
        HttpContext context, ReceiverBook receivers, DeliveryReader reader, ReceiverDraft draft, AlertReceiver? existing, CancellationToken cancellationToken)
    {
        var errors = new List<ValidationError>();
        var (outcome, saved) = await receivers.SaveAsync(draft, existing, errors, cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            SaveOutcome.Invalid => Problems.Invalid(errors),
            SaveOutcome.Full => Problems.Status(409, "There are too many receivers.", $"At most {AlertReceiver.MaxReceivers} receivers are kept; remove one of them."),
            SaveOutcome.Lost => Lost(),
            _ when existing is null => TypedResults.Created($"{context.Request.Path}/{saved!.Id}", Tagged(context, await reader.JudgeAsync(saved, cancellationToken).ConfigureAwait(false))),
            _ => TypedResults.Ok(Tagged(context, await reader.JudgeAsync(saved!, cancellationToken).ConfigureAwait(false))),
        };
    }

    private static ReceiverBody Tagged(HttpContext context, ReceiverView view)
    {
        context.Response.Headers.ETag = Tag(view.Receiver);
        context.Response.Headers.CacheControl = "private, no-cache";
        return ReceiverBody.Of(view.Receiver, view.Health);
    }

    private static DeliveryBody ToBody(DeliveryView view)
    {
        var (delivery, message) = (view.Delivery, view.Delivery.Message);
        return new(
            message.Key, delivery.ReceiverId, view.Receiver, AlertDeliveryBody.StatusOf(delivery.State), MessageWords.Title(message),
            [.. message.Alerts.Select(alert => new DeliveredAlertBody(alert.AlertId, alert.RuleName, alert.EndsAt is null ? "firing" : "resolved"))],
            message.Truncated, message.IsDigest, message.ComposedAt, delivery.Attempts, view.Next.At, delivery.FinishedAt, delivery.Answer, view.Next.WaitsForKey, view.Next.Reason);
    }

    private static IResult Missing(string id) => Problems.NotFound($"There is no receiver with the id {id}.");

    private static IResult Lost() => Problems.Status(412, "The receiver has changed.", "If-Match does not match the current version. Your change was not saved. Read the receiver again.");

    private static string Tag(AlertReceiver receiver) => string.Create(CultureInfo.InvariantCulture, $"\"receiver-{receiver.Version}\"");
}
