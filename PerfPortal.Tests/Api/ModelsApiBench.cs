using System.Text.Json;
using PerfPortal.Benchmarks.Workload.Models;
using PerfPortal.Benchmarks.Workload.Server;
using PerfPortal.Tests.Models.Downloads;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>A portal for the endpoints under <c>/models</c>, with a local hub, a local server and a directory of models.</summary>
public abstract class ModelsApiBench : IAsyncLifetime
{
    private protected const string HubToken = "hf_token-of-the-test";
    private protected const string Repository = "org/tiny";

    private readonly TemporaryFolder _folder = new();

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected LocalModelServer Hub { get; private set; } = null!;

    private protected OddServer Server { get; private set; } = null!;

    private protected PortalFactory Portal { get; private set; } = null!;

    private protected PortalClient Client => Portal.Client;

    /// <summary>The directory of models.</summary>
    private protected string Folder => _folder.Path;

    public async ValueTask InitializeAsync()
    {
        Hub = await LocalModelServer.StartAsync(
            new() { Models = [new(Repository, ModelFormat.Safetensors, 1) { Shards = 2 }], Token = HubToken, RedirectsToOtherHost = true }, Token);
        Server = new(DownloadBench.Random(40_000));
        Portal = await PortalFactory.StartAsync(("Models:HubUrl", Hub.Address.ToString()), ("Models:HubToken", HubToken), ("Models:Directories:0", Folder));
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await Server.DisposeAsync();
        await Hub.DisposeAsync();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task WriteAsync(string model, byte[] content)
    {
        string directory = Directory.CreateDirectory(Path.Join(Folder, model)).FullName;
        await File.WriteAllBytesAsync(Path.Join(directory, "m.gguf"), content, Token);
    }

    private protected async Task<JsonElement> StateAsync(string model, string state)
    {
        JsonElement found = default;
        await Eventually.TrueAsync(
            async () =>
            {
                found = (await Client.GetAsync("models")).Expect(200)["items"].EnumerateArray().FirstOrDefault(one => one.GetProperty("name").GetString() == model);
                return found.ValueKind == JsonValueKind.Object && found.GetProperty("state").GetString() == state;
            },
            $"{model} is {state}");
        return found;
    }

    private protected async Task<JsonElement> EndAsync(string id, string state, PortalFactory? portal = null)
    {
        var client = (portal ?? Portal).Client;
        JsonElement last = default;
        await Eventually.TrueAsync(
            async () =>
            {
                last = (await client.GetAsync("models/downloads/" + id)).Expect(200).Json;
                return last.GetProperty("state").GetString() is not "queued" and not "running";
            },
            "it has ended");
        Assert.True(last.GetProperty("state").GetString() == state, last.ToString());
        return last;
    }
}
