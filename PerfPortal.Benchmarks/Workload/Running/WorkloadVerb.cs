using System.CommandLine;

namespace PerfPortal.Benchmarks.Workload.Running;

/// <summary>The verb <c>workload</c>: the components at work, for people to look at in a portal.</summary>
internal static class WorkloadVerb
{
    /// <summary>How long the process may take to deliver its last reports when it is stopped.</summary>
    public static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private const string KeyVariable = "PERFPORTAL_KEY";

    /// <summary>Always the same, so that what was learned about the server is still known in the next run.</summary>
    private const int ServerPort = 5_099;

    private const int LongestSeconds = 31_536_000;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
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
        var key = new Option<string?>("--key") { Description = $"An API key with the scope `report`; else the environment's {KeyVariable}.", HelpName = "KEY" };
        var source = new Option<string>("--source") { Description = "The source of the operations.", DefaultValueFactory = _ => WorkloadOptions.DefaultSource, HelpName = "NAME" };
        var seed = new Option<int>("--seed") { Description = "What models, faults and choices are calculated from.", DefaultValueFactory = _ => 1, HelpName = "N" };
        var seconds = new Option<int?>("--seconds") { Description = "Stop after N seconds; otherwise when stopped with Ctrl+C.", HelpName = "N" };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > LongestSeconds)
            {
                result.AddError($"--seconds must lie between 1 and {LongestSeconds}.");
            }
        });
        var command = new Command("workload", "Downloads, checks and uses small generated models from a server of its own with faults, and reports it all to a portal, until stopped.")
        {
            to, key, source, seed, seconds,
        };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            new()
            {
                Portal = arguments.GetRequiredValue(to),
                Key = arguments.GetValue(key) ?? (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } variable ? variable : null),
                Source = arguments.GetRequiredValue(source),
                Seed = arguments.GetValue(seed),
                ServerPort = ServerPort,
                Length = arguments.GetValue(seconds) is { } length ? TimeSpan.FromSeconds(length) : null,
            },
            Console.Out, Console.Error, cancellationToken));
        return command;
    }

    /// <summary>Runs it.</summary>
    /// <returns>The process's exit code: 0, or 1 when an option is not valid or a report was lost.</returns>
    internal static async Task<int> RunAsync(WorkloadOptions options, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (options.Client.Validate() is { Count: > 0 } mistakes)
        {
            await errors.WriteLineAsync(string.Join(Environment.NewLine, mistakes));
            return 1;
        }

        var (_, status) = await WorkloadRun.RunAsync(options, TextWriter.Synchronized(output), cancellationToken);
        return status.Operations is { Rejected: 0, Dropped: 0 } ? 0 : 1;
    }
}
