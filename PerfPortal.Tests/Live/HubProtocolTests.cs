using System.Buffers;
using System.Collections;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using MessagePack;
using MessagePack.Resolvers;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
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
        var refused = await Assert.ThrowsAsync<HubException>(
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
        Assert.Empty(portal.Services.GetRequiredService<HubSubscriptions>().Listeners);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_skipped_and_gets_a_snapshot_next()
    {
        var (connections, subscriptions) = (portal.Services.GetRequiredService<HubConnections>(), portal.Services.GetRequiredService<HubSubscriptions>());
        var sent = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        var transport = new Transport(new Pipe().Reader, sent.Writer);
        var connection = new HubConnectionContext(
            new DefaultConnectionContext("slow", transport, transport), new() { KeepAliveInterval = Limit }, NullLoggerFactory.Instance)
        {
            Protocol = new JsonHubProtocol(),
        };
        await connections.OnConnectedAsync(connection);
        var subscribing = subscriptions.SubscribeAsync("slow", Operations, new() { Source = "slow" }, Token);
        var first = await sent.Reader.ReadAsync(Token).AsTask().WaitAsync(Limit, Token);
        (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("skipped", ("source", "slow")) })).Expect(200);
        await Eventually.TrueAsync(() => Task.FromResult(subscriptions.Listeners.Single(item => item.Filter.Source == "slow").NeedsSnapshot), "a message is skipped");
        Assert.True(Message(first.Buffer).GetProperty("is_snapshot").GetBoolean());
        Assert.False(subscribing.IsCompleted);

        sent.Reader.AdvanceTo(first.Buffer.End);
        await subscribing.WaitAsync(Limit, Token);
        (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("next", ("source", "slow")) })).Expect(200);
        var next = await sent.Reader.ReadAsync(Token).AsTask().WaitAsync(Limit, Token);
        Assert.True(Message(next.Buffer).GetProperty("is_snapshot").GetBoolean());

        sent.Reader.AdvanceTo(next.Buffer.End);
        subscriptions.Unsubscribe("slow", null);
        await connections.OnDisconnectedAsync(connection);
    }

    [Fact]
    public void A_topic_that_is_named_twice_counts_once()
    {
        Assert.Equal(["operations", "dashboard"], HubTopics.Choose(["operations", "dashboard", "operations"])!);
        Assert.Null(HubTopics.Choose([]));
        Assert.Null(HubTopics.Choose(["operations", "weather"]));
    }

    [Theory]
    [InlineData("""{"whole":12345678901,"negative":-5,"part":0.1,"large":1E+30,"none":null,"list":[true,false,[],{}]}""")]
    [InlineData("""{"text":"\"Größe\" \\ \n \t 𝄞 \ud834\udd1e","":""}""")]
    public void Json_is_the_same_in_message_pack(string json)
    {
        var options = MessagePackSerializerOptions.Standard.WithResolver(CompositeResolver.Create(new JsonElementFormatter()));
        byte[] packed = MessagePackSerializer.Serialize(JsonElement.Parse(json), options, Token);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(json), JsonElement.Parse(MessagePackSerializer.ConvertToJson(packed, options, Token))));
    }

    /// <summary>The argument of the only invocation in a buffer.</summary>
    private static JsonElement Message(ReadOnlySequence<byte> buffer)
    {
        byte[] bytes = buffer.ToArray();
        Assert.Equal(bytes.Length - 1, bytes.IndexOf((byte)0x1e));
        return JsonElement.Parse(bytes.AsSpan(0, bytes.Length - 1)).GetProperty("arguments")[0];
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

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
