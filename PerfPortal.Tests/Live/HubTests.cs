using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Live;

public sealed class HubTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscribing_gives_a_snapshot_of_each_topic()
    {
        var id = Guid.NewGuid();
        (await StartAsync(id, "snapshot")).Expect(201);
        (await portal.Client.PostAsync("resources", new { source = "hub-host", cpu_percent = 5 })).Expect(200);
        await using var listener = await ListenAsync();
        await listener.SubscribeAsync(null, "operations", "resources", "dashboard");

        var operations = await listener.NextAsync("OperationsChanged", message => message.GetProperty("is_snapshot").GetBoolean());
        Assert.Contains(operations.GetProperty("active").EnumerateArray(), item => item.GetProperty("id").GetGuid() == id);
        var resources = await listener.NextAsync("ResourceSampled", message => message.GetProperty("is_snapshot").GetBoolean());
        Assert.Contains(resources.GetProperty("items").EnumerateArray(), item => item.GetProperty("source").GetString() == "hub-host");
        var dashboard = await listener.NextAsync("DashboardChanged", message => message.GetProperty("is_snapshot").GetBoolean());
        Assert.True(dashboard.GetProperty("dashboard").TryGetProperty("performance_summary", out _));
    }

    [Fact]
    public async Task What_starts_and_ends_over_rest_arrives()
    {
        await using var listener = await ListenAsync();
        await listener.SubscribeAsync(null, "operations");
        var id = Guid.NewGuid();
        (await StartAsync(id, "arrives")).Expect(201);
        await listener.NextAsync("OperationsChanged", message => Names(message, "active", id));
        (await portal.Client.PostAsync($"operations/{id}/complete", new { success = true })).Expect(200);
        var ended = await listener.NextAsync("OperationsChanged", message => Names(message, "finished", id));
        Assert.Equal("succeeded", ended.GetProperty("finished").EnumerateArray().Single(item => item.GetProperty("id").GetGuid() == id).GetProperty("status").GetString());
        Assert.False(Names(ended, "active", id));
    }

    [Fact]
    public async Task A_filter_by_source_leaves_out_the_others()
    {
        await using var listener = await ListenAsync();
        await listener.SubscribeAsync(new { source = "mine" }, "operations");
        var (foreign, mine) = (Guid.NewGuid(), Guid.NewGuid());
        (await StartAsync(foreign, "filtered", "theirs")).Expect(201);
        (await StartAsync(mine, "filtered", "mine")).Expect(201);
        bool sawForeign = false;
        await listener.NextAsync("OperationsChanged", message =>
        {
            sawForeign |= Names(message, "active", foreign) || Names(message, "finished", foreign);
            return Names(message, "active", mine);
        });
        Assert.False(sawForeign);
    }

    [Fact]
    public async Task An_unknown_topic_or_type_is_refused_by_name()
    {
        await using var listener = await ListenAsync();
        var topic = await Assert.ThrowsAsync<HubException>(() => listener.SubscribeAsync(null, "weather"));
        Assert.Contains("operations, resources, dashboard", topic.Message, StringComparison.Ordinal);
        var type = await Assert.ThrowsAsync<HubException>(() => listener.SubscribeAsync(new { metric_type = "walk" }, "operations"));
        Assert.Contains("model_operation", type.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_unsubscribing_nothing_more_arrives()
    {
        await using var listener = await ListenAsync();
        await using var other = await ListenAsync();
        await listener.SubscribeAsync(null, "operations");
        await other.SubscribeAsync(null, "operations");
        await listener.Connection.InvokeAsync("Unsubscribe", Array.Empty<string>(), Token);
        var id = Guid.NewGuid();
        (await StartAsync(id, "unheard")).Expect(201);
        await other.NextAsync("OperationsChanged", message => Names(message, "active", id));
        Assert.DoesNotContain(listener.Arrived(), message => Names(message, "active", id));
    }

    [Fact]
    public async Task The_stream_gives_the_messages_as_server_sent_events()
    {
        var id = Guid.NewGuid();
        using var answer = await portal.Client.Http.GetAsync(new Uri("/stream?topics=operations,operations&source=stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
        Assert.Equal("event: OperationsChanged", await reader.ReadLineAsync(Token).AsTask().WaitAsync(Limit, Token));
        Assert.Contains("\"is_snapshot\":true", await reader.ReadLineAsync(Token), StringComparison.Ordinal);
        Assert.Equal("", await reader.ReadLineAsync(Token));
        (await StartAsync(id, "streamed", "stream")).Expect(201);
        string? line;
        do
        {
            line = await reader.ReadLineAsync(Token).AsTask().WaitAsync(Limit, Token);
            Assert.NotNull(line);
        }
        while (!line.Contains(id.ToString(), StringComparison.Ordinal));

        (await portal.Client.GetAsync("/stream?topics=weather")).ExpectProblem(400, "/topics");
    }

    private static bool Names(JsonElement message, string list, Guid id) =>
        message.GetProperty(list) is { ValueKind: JsonValueKind.Array } items && items.EnumerateArray().Any(item => item.GetProperty("id").GetGuid() == id);

    private Task<Answer> StartAsync(Guid id, string name, string source = "hub") =>
        portal.Client.PostAsync("operations", new { id, metric_type = "download_operation", operation_name = name, source });

    private async Task<Listener> ListenAsync()
    {
        var connection = new HubConnectionBuilder().WithUrl("http://localhost/hubs/performance", options =>
        {
            options.HttpMessageHandlerFactory = _ => portal.Server.CreateHandler();
            options.Transports = HttpTransportType.LongPolling;
        }).Build();
        var listener = new Listener(connection);
        await connection.StartAsync(Token);
        return listener;
    }

    private sealed class Listener : IAsyncDisposable
    {
        private readonly Dictionary<string, Channel<JsonElement>> _messages = new[] { "OperationsChanged", "ResourceSampled", "DashboardChanged" }
            .ToDictionary(name => name, _ => Channel.CreateUnbounded<JsonElement>());

        public Listener(HubConnection connection)
        {
            Connection = connection;
            foreach (var (name, channel) in _messages)
            {
                connection.On<JsonElement>(name, message => channel.Writer.TryWrite(message));
            }
        }

        public HubConnection Connection { get; }

        public Task SubscribeAsync(object? filter, params string[] topics) => Connection.InvokeAsync("Subscribe", topics, filter, Token);

        public async Task<JsonElement> NextAsync(string method, Func<JsonElement, bool> condition)
        {
            while (true)
            {
                var message = await _messages[method].Reader.ReadAsync(Token).AsTask().WaitAsync(Limit, Token);
                if (condition(message))
                {
                    return message;
                }
            }
        }

        public IEnumerable<JsonElement> Arrived()
        {
            while (_messages["OperationsChanged"].Reader.TryRead(out var message))
            {
                yield return message;
            }
        }

        public ValueTask DisposeAsync() => Connection.DisposeAsync();
    }
}
