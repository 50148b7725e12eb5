using System.CommandLine;
using PerfPortal.Benchmarks.Replay.Traces;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>The verb <c>replay</c>.</summary>
internal static class ReplayCommand
{
    /// <summary>Every row that could be sent is in the portal.</summary>
    public const int Done = 0;

    /// <summary>A file, the portal or the connection failed.</summary>
    public const int Failed = 1;

    /// <summary>The replay went through, but rows were rejected or could not be read.</summary>
    public const int Incomplete = 2;

    /// <summary>Stopped by Ctrl+C.</summary>
    public const int Cancelled = 130;

    private const int LargestBatch = 10_000;

    /// <summary>The verb with its arguments.</summary>
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Trace files (CSV, plain or .gz).", Arity = ArgumentArity.OneOrMore };
        var to = new Option<Uri>("--to")
        {
            Description = "The portal, for example http://localhost:5080.",
            Required = true,
            HelpName = "URL",
            CustomParser = result =>
            {
                string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
                {
                    return uri;
                }

                result.AddError($"--to: '{text}' is not an http or https URL.");
                return null;
            },
        };
        var endingNow = new Option<bool>("--ending-now") { Description = "Move all times by one constant, so that the newest end lies a second ago. Ids stay: what the portal has already keeps its first times." };
        var batch = new Option<int>("--batch") { Description = "Rows a request, 1 to 10000.", DefaultValueFactory = _ => 500, HelpName = "N" };
        batch.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > LargestBatch)
            {
                result.AddError($"--batch must lie between 1 and {LargestBatch}.");
            }
        });
        var limit = new Option<long?>("--limit") { Description = "Read at most N rows of each file.", HelpName = "N" };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() < 1)
            {
                result.AddError("--limit must be 1 or more.");
            }
        });
        var apiKey = new Option<string?>("--api-key") { Description = "An API key with the scope `report`; else the environment's PERFPORTAL_API_KEY.", HelpName = "K" };
        var source = new Option<string>("--source") { Description = "The source of rows that name no host.", DefaultValueFactory = _ => ReplayOptions.DefaultSource, HelpName = "NAME" };
        var resources = new Option<bool>("--resources") { Description = "Send files of resource samples too." };
        var quiet = new Option<bool>("--quiet") { Description = "No progress; only the summary and errors." };

        var command = new Command("replay", "Loads traces into a portal through its REST interface. A second replay of a file counts nothing twice.")
        {
            files, to, endingNow, batch, limit, apiKey, source, resources, quiet,
        };
        command.SetAction((arguments, cancellationToken) =>
        {
            var options = new ReplayOptions
            {
                Files = arguments.GetRequiredValue(files),
                Portal = arguments.GetRequiredValue(to),
                EndingNow = arguments.GetValue(endingNow),
                Batch = arguments.GetValue(batch),
                Limit = arguments.GetValue(limit) ?? long.MaxValue,
                ApiKey = arguments.GetValue(apiKey) ?? Environment.GetEnvironmentVariable("PERFPORTAL_API_KEY"),
                Source = arguments.GetRequiredValue(source),
                Resources = arguments.GetValue(resources),
            };
            IReplayProgress progress = arguments.GetValue(quiet)
                ? new QuietProgress()
                : new ConsoleProgress(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
            return RunAsync(options, progress, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(ReplayOptions options, IReplayProgress progress, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        return await RunAsync(options, http, new RetryPolicy(), TimeProvider.System, progress, Console.Out, Console.Error, cancellationToken);
    }

    /// <summary>Replays, and reports the outcome at the end.</summary>
    /// <returns>The process's exit code.</returns>
    internal static async Task<int> RunAsync(
        ReplayOptions options,
        HttpClient http,
        RetryPolicy retry,
        TimeProvider time,
        IReplayProgress progress,
        TextWriter output,
        TextWriter errors,
        CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        var portal = new TraceSender(http, options.Portal, options.ApiKey, retry, time, progress.Notice);
        var replayer = new Replayer(options, portal, time, progress);
        int code;
        try
        {
            await replayer.RunAsync(cancellationToken);
            code = Verdict(replayer.Summaries);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            progress.Notice("Stopped. Run the same command again to go on: nothing counts twice.");
            code = Cancelled;
        }
        catch (Exception e) when (e is TraceFormatException or PortalException)
        {
            await errors.WriteLineAsync($"\n{e.Message}");
            code = Failed;
        }

        SummaryText.Write(output, replayer.Summaries, time.GetElapsedTime(begun));
        return code;
    }

    private static int Verdict(IReadOnlyList<FileSummary> summaries)
    {
        if (summaries.All(file => file.LeftOut is not null))
        {
            return Failed;
        }

        return summaries.Any(file => file.Rejected > 0 || file.HasMalformed) ? Incomplete : Done;
    }
}
