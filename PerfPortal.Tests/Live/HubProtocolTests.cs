using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;
using PerfPortal.Server.Live;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Live;

/// <summary>Both protocols over WebSockets, by SignalR's own client.</summary>
public sealed class HubProtocolTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly string[] Operations = ["operations"];
    private static readonly string[] Resources = ["resources"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Both_protocols_carry_snapshot_and_news_with_the_same_members(bool isMessagePack)
    {
        var messages = Channel.CreateUnbounded<JsonNode>();
        await using var connection = await ConnectAsync(isMessagePack, messages);
        string source = isMessagePack ? "packed" : "plain";
        await connection.InvokeAsync("Subscribe", Operations, Filter(source, "model_operation"), Token);
        var snapshot = await NextAsync(messages);
        Assert.True((bool)snapshot["is_snapshot"]!);
        Assert.Empty(snapshot["finished"]!.AsArray());

        var mine = SampleReports.Ended("heard", ("source", source));
        (await portal.Client.PostAsync("operations/batch", new[]
        {
            SampleReports.Ended("other source", ("source", "elsewhere")), SampleReports.Ended("other type", ("source", source), ("metric_type", "health_check")), mine,
        })).Expect(200);
        JsonArray finished;
        do
        {
            finished = (await NextAsync(messages))["finished"]!.AsArray();
        }
        while (finished.Count == 0);

        var heard = Assert.Single(finished)!;
        Assert.Equal(mine.Id().ToString(), (string)heard["id"]!);
        Assert.Equal(5.0, (double)heard["duration_seconds"]!);
        Assert.True((bool)heard["success"]!);
        Assert.Equal("succeeded", (string)heard["status"]!);
    }

    [Fact]
    public async Task A_filter_in_message_pack_that_names_an_unknown_type_is_refused()
    {
        await using var connection = await ConnectAsync(isMessagePack: true, Channel.CreateUnbounded<JsonNode>());
        var refused = await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(
            () => connection.InvokeAsync("Subscribe", Operations, Filter("any", "walk"), Token));
        Assert.Contains("model_operation", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_ends_watches_the_host_no_more()
    {
        var sampler = portal.Services.GetRequiredService<ResourceSampler>();
        await using (var connection = await ConnectAsync(isMessagePack: false, Channel.CreateUnbounded<JsonNode>()))
        {
            await connection.InvokeAsync("Subscribe", Resources, (object?)null, Token);
            await connection.InvokeAsync("Subscribe", Resources, (object?)null, Token);
            Assert.Equal(1, sampler.Status.Watchers);
        }

        await Eventually.TrueAsync(() => Task.FromResult(sampler.Status.Watchers == 0), "nobody watches");
        Assert.Empty(portal.Services.GetRequiredService<HubSubscriptions>().Audiences);
    }

    [Fact]
    public void A_listener_that_is_busy_is_skipped_and_gets_a_snapshot_next()
    {
        var audience = new HubAudience("operations", SeriesFilter.Everyone);
        using var listener = new HubListener(null!, audience, null);
        Assert.False(listener.TryBegin(out _));
        listener.End();
        Assert.True(listener.TryBegin(out bool skipped));
        Assert.True(skipped);
        listener.End();
        Assert.True(listener.TryBegin(out skipped));
        Assert.False(skipped);
    }

    [Fact]
    public void The_ready_frame_is_an_invocation_of_the_json_protocol()
    {
        byte[] frame = HubPush.Json("Say\"It", "{\"a\":1}"u8);
        Assert.Equal(0x1e, frame[^1]);
        using var document = JsonDocument.Parse(frame.AsMemory(0, frame.Length - 1));
        Assert.Equal(1, document.RootElement.GetProperty("type").GetInt32());
        Assert.Equal("Say\"It", document.RootElement.GetProperty("target").GetString());
        Assert.Equal(1, document.RootElement.GetProperty("arguments")[0].GetProperty("a").GetInt32());
    }

    private static Dictionary<string, string> Filter(string source, string type) => new() { ["source"] = source, ["metric_type"] = type };

    private static async Task<JsonNode> NextAsync(Channel<JsonNode> messages) => await messages.Reader.ReadAsync(Token).AsTask().WaitAsync(Limit, Token);

    private static JsonNode? Node(object? value) => value switch
    {
        null => null,
        JsonElement element => JsonNode.Parse(element.GetRawText()),
        IDictionary map => new JsonObject(map.Keys.Cast<object>().Select(key => KeyValuePair.Create((string)key, Node(map[key])))),
        string text => JsonValue.Create(text),
        IEnumerable list => new JsonArray([.. list.Cast<object?>().Select(Node)]),
        _ => JsonSerializer.SerializeToNode(value),
    };

    private async Task<HubConnection> ConnectAsync(bool isMessagePack, Channel<JsonNode> messages)
    {
        var builder = new HubConnectionBuilder().WithUrl("http://localhost/hubs/performance", options =>
        {
            options.HttpMessageHandlerFactory = _ => portal.Server.CreateHandler();
            options.Transports = HttpTransportType.WebSockets;
            options.SkipNegotiation = true;
            options.WebSocketFactory = async (context, cancellationToken) => await portal.Server.CreateWebSocketClient().ConnectAsync(context.Uri, cancellationToken);
        });
        if (isMessagePack)
        {
            builder.AddMessagePackProtocol();
        }

        var connection = builder.Build();
        if (isMessagePack)
        {
            connection.On<object>("OperationsChanged", message => messages.Writer.TryWrite(Node(message)!));
        }
        else
        {
            connection.On<JsonElement>("OperationsChanged", message => messages.Writer.TryWrite(Node(message)!));
        }

        await connection.StartAsync(Token);
        return connection;
    }
}
