using System.Globalization;
using PerfPortal.Server.Hosting;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Client;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class AgentVerbTests
{
    [Theory]
    [InlineData("--to is missing.")]
    [InlineData("--to must be the URL of a portal, not portal.", "--to", "portal")]
    [InlineData("--to must be the URL of a portal, not ftp://x.", "--to=ftp://x")]
    [InlineData("--to must not contain a user", "--to", "http://user:secret@portal.example")]
    [InlineData("--interval must be a number from 1 to 300, not 0.5.", "--to", "http://portal.example", "--interval", "0.5")]
    [InlineData("--interval must be a number from 1 to 300, not 0.", "--interval", "0")]
    [InlineData("--interval must be a number from 1 to 300, not soon.", "--to", "http://portal.example", "--interval", "soon")]
    [InlineData("--spill-mb needs --spill.", "--to", "http://portal.example", "--spill-mb", "5")]
    [InlineData("--key-file cannot be read:", "--to", "http://portal.example", "--key-file", "/nowhere/key")]
    [InlineData("--key and --key-file exclude each other.", "--to", "http://portal.example", "--key", "k", "--key-file", "f")]
    [InlineData("--source must not be perfportal", "--to", "http://portal.example", "--source", "perfportal")]
    [InlineData("The key must consist of", "--to", "http://portal.example", "--key", "two words")]
    [InlineData("--verbose is not an option.", "--to", "http://portal.example", "--verbose")]
    [InlineData("--source needs a value.", "--to", "http://portal.example", "--source")]
    [InlineData("--source is given twice.", "--to", "http://portal.example", "--source", "a", "--source", "b")]
    public async Task An_argument_that_is_not_valid_is_named(string expected, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(AgentVerb.InvalidArguments, await AgentVerb.RunAsync(args, output, error, null, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains(expected, error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Exit codes:", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("two words", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--to", "http://portal.example", "-h")]
    public async Task Help_is_not_an_error(params string[] args)
    {
        using var output = new StringWriter();
        Assert.Equal(0, await AgentVerb.RunAsync(args, output, TextWriter.Null, null, TimeProvider.System, TestContext.Current.CancellationToken));
        Assert.Contains("--key-file", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_can_be_set_and_the_key_comes_from_a_file()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "key");
        File.WriteAllText(file, "from-file\n");
        var read = AgentArguments.Read(
            ["--to", "https://portal.example/base", "--key-file", file, "--source", "gpu-1", "--interval", "5", "--spill", folder.Path, "--spill-mb", "7", "--data-directory", "/models", "--no-gpu"], out var errors);
        Assert.Empty(errors);
        Assert.Equal(("from-file", "gpu-1", folder.Path, 7), (read!.Client.Key, read.Client.Source, read.Client.SpillDirectory, read.Client.SpillMegabytes));
        Assert.Equal(("gpu-1", 5, "/models", false), (read.Sampler.Source, read.Sampler.Interval.TotalSeconds, read.Sampler.DataDirectory, read.Sampler.EnableGpu));
    }

    [Fact]
    public async Task Another_host_appears_with_its_sensors_and_a_last_sample_is_taken_at_the_stop()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var handler = portal.Server.CreateHandler();
        using var output = new StringWriter();
        using var stop = new CancellationTokenSource();
        var agent = AgentVerb.RunAsync(
            ["--to", "http://localhost", "--source", "other-host", "--interval", "60", "--no-gpu"], TextWriter.Synchronized(output), TextWriter.Null, handler, TimeProvider.System, stop.Token);
        await Eventually.TrueAsync(async () => (await SamplesAsync()).Count > 0, "it appears");
        await stop.CancelAsync();
        Assert.Equal(AgentVerb.Stopped, await agent);
        string log = output.ToString();
        Assert.Contains("Agent other-host: a sample every 60 s to http://localhost/", log, StringComparison.Ordinal);
        Assert.Contains("Connected to the portal", log, StringComparison.Ordinal);
        int sent = int.Parse(log[(log.IndexOf("Stopped: ", StringComparison.Ordinal) + 9)..].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.True(sent >= 2, log);
        var sample = Assert.Single(await SamplesAsync());
        Assert.Equal("disabled", sample.GetProperty("sensors").GetProperty("gpu").GetProperty("state").GetString());

        async Task<List<System.Text.Json.JsonElement>> SamplesAsync() =>
            [.. (await portal.Client.GetAsync("resources/current")).Expect(200)["items"].EnumerateArray().Where(item => item.GetProperty("source").GetString() == "other-host")];
    }

    [Fact]
    public async Task A_portal_that_is_away_does_not_stop_it_and_its_samples_are_kept()
    {
        using var folder = new TemporaryFolder();
        using var portal = new ScriptedPortal(TimeProvider.System) { Script = ScriptedPortal.Away };
        using var output = new StringWriter();
        using var stop = new CancellationTokenSource();
        var agent = AgentVerb.RunAsync(
            ["--to", "http://portal.example", "--interval", "60", "--no-gpu", "--spill", folder.Path, "--key", "k"], TextWriter.Synchronized(output), TextWriter.Null, portal, TimeProvider.System, stop.Token);
        await Eventually.TrueAsync(() => Task.FromResult(portal.SampleBatches.Count > 0), "it is tried");
        Assert.False(agent.IsCompleted);
        await stop.CancelAsync();
        Assert.Equal(AgentVerb.Stopped, await agent);
        Assert.Contains("The key is sent without encryption", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("does not accept reports: Connection refused", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("kept for the next start", output.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(folder.Path, "*.samples.ndjson"));
    }
}
