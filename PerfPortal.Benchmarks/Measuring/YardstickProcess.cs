using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>A server of a few lines that the portal is held against.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Add">Registers what it needs.</param>
/// <param name="Map">Maps its endpoints.</param>
internal sealed record Yardstick(string Name, Action<IServiceCollection> Add, Action<WebApplication> Map);

/// <summary>A yardstick as a process of its own: this program, started with a hidden verb, hosted as the portal is.</summary>
internal static class YardstickProcess
{
    private const string Verb = "yardstick";
    private const string ReadyPath = "/yardstick-ready";

    /// <summary>Starts a yardstick that the verb knows, and waits for it.</summary>
    /// <exception cref="InvalidOperationException">It does not become ready.</exception>
    public static Task<ServerProcess> StartAsync(Yardstick yardstick, CancellationToken cancellationToken)
    {
        int port = ServerProcess.FreePort();
        var start = new ProcessStartInfo(ServerProcess.DotNet);
        start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        start.ArgumentList.Add(Verb);
        start.ArgumentList.Add(yardstick.Name);
        start.ArgumentList.Add(port.ToString(CultureInfo.InvariantCulture));
        return ServerProcess.StartAsync(start, port, ReadyPath, cancellationToken);
    }

    /// <summary>The hidden verb that serves one of the yardsticks.</summary>
    public static Command CreateVerb(params Yardstick[] yardsticks)
    {
        var name = new Argument<string>("NAME");
        var port = new Argument<int>("PORT");
        var command = new Command(Verb, "Serves a yardstick.") { name, port };
        command.Hidden = true;
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var yardstick = yardsticks.Single(item => item.Name == arguments.GetValue(name));
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{arguments.GetValue(port)}"));
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
            yardstick.Add(builder.Services);
            await using var app = builder.Build();
            app.MapGet(ReadyPath, () => Results.Ok());
            yardstick.Map(app);
            await app.RunAsync().WaitAsync(cancellationToken);
        });
        return command;
    }
}
