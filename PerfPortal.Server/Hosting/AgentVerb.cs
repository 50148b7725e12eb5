using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Client;
using PerfPortal.Domain.Sampling;

namespace PerfPortal.Server.Hosting;

/// <summary>
/// <c>PerfPortal.Server agent --to URL …</c>: samples this host like the portal samples its own, and reports the samples to a portal until it is stopped.
/// </summary>
internal static class AgentVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "agent";

    /// <summary>It was stopped by a signal.</summary>
    public const int Stopped = 0;

    /// <summary>The arguments are not valid.</summary>
    public const int InvalidArguments = 2;

    /// <summary>Runs the agent until SIGTERM or Ctrl+C.</summary>
    /// <param name="args">The arguments after the verb.</param>
    /// <param name="output">Receives the log.</param>
    /// <param name="error">Receives errors of the arguments.</param>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        using var stop = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        return await RunAsync(args, output, error, null, TimeProvider.System, stop.Token).ConfigureAwait(false);

        void Cancel(PosixSignalContext context)
        {
            // The process ends when the last samples are delivered.
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Runs the agent until it is cancelled.</summary>
    /// <param name="args">The arguments after the verb.</param>
    /// <param name="output">Receives the log.</param>
    /// <param name="error">Receives errors of the arguments.</param>
    /// <param name="handler">Sends the requests; a connection by default.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stop">Stops the agent, which takes a last sample.</param>
    public static async Task<int> RunAsync(
        string[] args, TextWriter output, TextWriter error, HttpMessageHandler? handler, TimeProvider time, CancellationToken stop)
    {
        if (args.Any(argument => argument is "--help" or "-h" or "-?"))
        {
            await output.WriteLineAsync(AgentArguments.Usage).ConfigureAwait(false);
            return Stopped;
        }

        if (AgentArguments.Read(args, out var errors) is not { } arguments)
        {
            foreach (string mistake in errors)
            {
                await error.WriteLineAsync(mistake).ConfigureAwait(false);
            }

            await error.WriteLineAsync($"{AgentArguments.Usage}").ConfigureAwait(false);
            return InvalidArguments;
        }

        var log = new LineLogger(output, time);
        log.LogInformation(
            "Agent {Source}: a sample every {Seconds} s to {Address}; the disk of {Directory} counts; {Spill}",
            arguments.Client.Source, arguments.Sampler.Interval.TotalSeconds, arguments.Client.Address, arguments.Sampler.DataDirectory,
            arguments.Client.SpillDirectory is { } spill ? $"what cannot be delivered is kept in {spill}" : "what cannot be delivered is kept in memory");
        if (arguments.Client.Key is not null && arguments.Client.Address is { Scheme: "http", IsLoopback: false })
        {
            log.LogWarning("The key is sent without encryption, because the address is not https");
        }

        var client = new PortalClient(arguments.Client, handler, time, log);
        await using (client.ConfigureAwait(false))
        {
            using var sampler = new ResourceSampler(arguments.Sampler, HostProbes.Create(arguments.Sampler), client, time, NullLogger<ResourceSampler>.Instance);
            await sampler.RunAsync(stop).ConfigureAwait(false);
        }

        var samples = client.Status.Samples;
        log.LogInformation(
            "Stopped: {Sent} samples sent, {Rejected} rejected, {Dropped} dropped, {InFiles} kept for the next start",
            samples.Sent + samples.Duplicates, samples.Rejected, samples.Dropped, samples.InFiles);
        return Stopped;
    }
}
