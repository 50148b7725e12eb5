using Microsoft.AspNetCore.Http.HttpResults;
using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Models;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Models;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Api;

/// <summary>The endpoints of the models of the portal's host: their health, and their downloads.</summary>
internal static class ModelsApi
{
    /// <summary>Maps the routes that read.</summary>
    public static void MapModelsApi(this RouteGroupBuilder group)
    {
        group.MapGet("/models", (ModelReader models) => TypedResults.Ok(new ItemsBody<ModelBody>(models.Models())))
            .WithName("ListModels").Produces<ItemsBody<ModelBody>>()
            .WithSummary("List models").WithDescription("The models in Models:Directories and in the download directory of the portal's host with their health, those with trouble first. next_cursor is always null.");
        group.MapGet("/models/downloads", (ModelReader models) => TypedResults.Ok(new ItemsBody<ModelDownloadBody>(models.Downloads())))
            .WithName("ListModelDownloads").Produces<ItemsBody<ModelDownloadBody>>()
            .WithSummary("List downloads").WithDescription("The downloads of the portal's host, the latest first; the last 1,000 that ended are remembered. next_cursor is always null.");
        group.MapGet("/models/downloads/{id}", (string id, ModelReader models) => OperationIds.TryParse(id, out var known) && models.FindDownload(known) is { } found ? (IResult)TypedResults.Ok(found) : NotFound(id))
            .WithName("GetModelDownload").WithParameters(PathParameter.DownloadId).Produces<ModelDownloadBody>().WithProblems(404)
            .WithSummary("Get a download").WithDescription("Where it is, how fast it is, what it waits for, and why it failed.");
        group.MapGet("/models/integrity", IntegrityAsync)
            .WithName("GetModelIntegrity").Heavy(HeavyRead.Search).WithParameters(RangeParameters.Quarter, CommonParameters.Name).Produces<IntegrityBody>()
            .WithSummary("Get the integrity scores of models over time").WithDescription("Mean and lowest integrity score of the health checks of the portal's host, step by step, as far back as rollups are kept; of one model with name, of all without.");
        group.MapGet("/models/fallbacks", Fallbacks)
            .WithName("ListFallbackGroups").WithParameters(CommonParameters.Source).Produces<ItemsBody<FallbackGroupBody>>()
            .WithSummary("List fallback groups").WithDescription("How well groups of alternatives work, from the recorded fallbacks of the last 7 days, the one that loses most time first. next_cursor is always null.");
    }

    /// <summary>Maps the routes by which people and programs act.</summary>
    public static void MapModelActions(this RouteGroupBuilder group)
    {
        group.MapPost("/models/downloads", DownloadAsync)
            .WithName("StartModelDownload").Accepts<DownloadReport>("application/json").Produces<ModelDownloadBody>(StatusCodes.Status202Accepted).WithProblems(502)
            .WithSummary("Start a download").WithDescription("Downloads a file, the files of a model, or a repository of the hub to the portal's host. Location names the download, which starts when it is its turn. Addresses that are not public are refused unless PerfPortal:Models:AllowPrivateSources allows them: at once when the URL names one, otherwise the download fails with the category not_allowed.");
        group.MapPost("/models/downloads/{id}/cancel", Cancel)
            .WithName("CancelModelDownload").WithParameters(PathParameter.DownloadId).Produces<ModelDownloadBody>(StatusCodes.Status202Accepted).WithProblems(404, 409)
            .WithSummary("Cancel a download").WithDescription("What is there is kept, so that it can be resumed. 409 when it is not in progress.");
        group.MapPost("/models/downloads/{id}/resume", Resume)
            .WithName("ResumeModelDownload").WithParameters(PathParameter.DownloadId).Produces<ModelDownloadBody>(StatusCodes.Status202Accepted).WithProblems(404, 409)
            .WithSummary("Resume a download").WithDescription("Continues a download that was cancelled or interrupted, or that failed. 409 when it is in progress or complete.");
        group.MapDelete("/models/downloads/{id}", Remove)
            .WithName("DeleteModelDownload").WithParameters(PathParameter.DownloadId).Produces(StatusCodes.Status204NoContent).WithProblems(404, 409)
            .WithSummary("Forget a download").WithDescription("Its files stay. 409 while it is in progress.");
        group.MapPost("/models/checks", CheckAsync)
            .WithName("StartModelChecks").Accepts<ModelCheckReport>("application/json").Produces<StartedChecksBody>(StatusCodes.Status202Accepted).WithProblems(404)
            .WithSummary("Check models").WithDescription("Checks a model or all models of the portal's host now. Location names the operation of the check; with several, the list of models. A check that already runs is joined. A few run at the same time; `waiting` names the models whose checks follow.");
        group.MapPost("/models/repairs", RepairAsync)
            .WithName("StartModelRepair").Accepts<ModelRepairReport>("application/json").Produces<ModelDownloadBody>(StatusCodes.Status202Accepted).WithProblems(404, 409)
            .WithSummary("Repair a model").WithDescription("Downloads what the last check of a model of the portal's host found damaged or missing, in the order of its repair advice: only the damaged bytes of a file where they are known, otherwise the whole file. A file is replaced only when its new content has the expected hash; where the hash is not known, by the whole file as its origin has it. Location names the download; when it is complete the model is checked. 409 when there is nothing to repair, no origin is known, or a download of its files is in progress.");
    }

    private static async Task<IResult> IntegrityAsync(HttpContext context, IntegrityReader integrity, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var range = query.Read(RangeParameters.Quarter);
        string? model = query.Read(CommonParameters.Name);
        if (!query.IsValid)
        {
            return query.Problem;
        }

        var trend = await integrity.ReadAsync(model, range, cancellationToken).ConfigureAwait(false);
        return TypedResults.Ok(new IntegrityBody(
            RangeBody.Of(trend.Range), trend.Step.TotalSeconds, [.. trend.Points.Select(point => new IntegrityPointBody(point.Start, point.Checks, point.Mean, point.Lowest))]));
    }

    private static IResult Fallbacks(HttpContext context, FallbackReader fallbacks, TimeProvider time)
    {
        var query = new QueryReader(context, time);
        string? source = query.Read(CommonParameters.Source);
        return query.IsValid ? TypedResults.Ok(new ItemsBody<FallbackGroupBody>(fallbacks.Read(source))) : query.Problem;
    }

    private static async Task<IResult> DownloadAsync(HttpContext context, ModelDownloads downloads, ModelPlaces places, SourceRules sources, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            if (DownloadReport.Read(document.RootElement, places, sources, errors) is not { } order)
            {
                return Problems.Invalid(errors);
            }

            try
            {
                var status = await downloads.StartAsync(order, cancellationToken).ConfigureAwait(false);
                return TypedResults.Accepted($"{ApiRoutes.Root}/models/downloads/{status.Id}", ModelDownloadBody.Of(status));
            }
            catch (ArgumentException exception)
            {
                return Problems.Invalid([ValidationError.Of(exception.Message)]);
            }
            catch (DownloadException exception) when (exception.Category == DownloadErrorCategory.Authentication || exception.Status is StatusCodes.Status404NotFound)
            {
                return Problems.Invalid([new(exception.Message, "/repository")]);
            }
            catch (DownloadException exception)
            {
                return Problems.Status(StatusCodes.Status502BadGateway, HubTitle(exception.Category), exception.Message);
            }
        }
    }

    private static string HubTitle(DownloadErrorCategory category) => category switch
    {
        DownloadErrorCategory.Network => "The hub could not be reached.",
        DownloadErrorCategory.RateLimit => "The hub asks for fewer requests.",
        DownloadErrorCategory.NotAllowed => "The hub is not allowed as a source of downloads.",
        _ => "The hub did not answer with the files of the repository.",
    };

    private static IResult Cancel(string id, ModelDownloads downloads) =>
        !OperationIds.TryParse(id, out var known) || downloads.Find(known) is not { } status ? NotFound(id)
        : downloads.Cancel(known) ? Accepted(downloads.Find(known) ?? status)
        : Problems.Conflict($"The download is {Word(status.State)}; only one that waits or runs can be cancelled.");

    private static IResult Resume(string id, ModelDownloads downloads) =>
        !OperationIds.TryParse(id, out var known) || downloads.Find(known) is not { } status ? NotFound(id)
        : downloads.Resume(known) is { } resumed ? Accepted(resumed)
        : Problems.Conflict($"The download is {Word(status.State)}; only one that was cancelled or interrupted, or that failed, can be resumed.");

    private static IResult Remove(string id, ModelDownloads downloads) =>
        !OperationIds.TryParse(id, out var known) || downloads.Find(known) is null ? NotFound(id)
        : downloads.Remove(known) ? TypedResults.NoContent()
        : Problems.Conflict("The download is in progress; cancel it first.");

    private static async Task<IResult> CheckAsync(HttpContext context, ModelChecks checks, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            if (ModelCheckReport.Read(document.RootElement, errors) is not { } report)
            {
                return Problems.Invalid(errors);
            }

            var started = await checks.StartAsync(report.Model, report.Full == true, cancellationToken).ConfigureAwait(false);
            if (started is null)
            {
                return Problems.NotFound($"There is no model {report.Model} in the directories of models.");
            }

            string location = started is { Running: [var one], Waiting: [] } ? $"{ApiRoutes.Root}/operations/{one.OperationId}" : $"{ApiRoutes.Root}/models";
            return TypedResults.Accepted(location, new StartedChecksBody([.. started.Running.Select(check => new StartedCheckBody(check.Model, check.OperationId))], started.Waiting));
        }
    }

    private static async Task<IResult> RepairAsync(HttpContext context, ModelRepairs repairs, CancellationToken cancellationToken)
    {
        var (document, problem) = await BodyReader.ReadJsonAsync(context.Request, cancellationToken).ConfigureAwait(false);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var errors = new List<ValidationError>();
            if (ModelRepairReport.Read(document.RootElement, errors) is not { } report)
            {
                return Problems.Invalid(errors);
            }

            var start = repairs.Start(report.Model);
            return start.Download is { } download ? Accepted(download) : start.IsUnknown ? Problems.NotFound(start.Problem!) : Problems.Conflict(start.Problem!);
        }
    }

    private static Accepted<ModelDownloadBody> Accepted(DownloadStatus status) => TypedResults.Accepted($"{ApiRoutes.Root}/models/downloads/{status.Id}", ModelDownloadBody.Of(status));

    private static string Word(DownloadState state) => state.ToString().ToLowerInvariant();

    private static IResult NotFound(string id) => Problems.NotFound($"There is no download with the id {id}.");
}
