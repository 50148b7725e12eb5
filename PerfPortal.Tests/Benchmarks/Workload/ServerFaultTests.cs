using System.Net;
using System.Numerics;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Benchmarks.Workload.Models;
using PerfPortal.Benchmarks.Workload.Server;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Benchmarks.Workload;

public sealed class ServerFaultTests
{
    private const string Weights = "/org/tiny/resolve/main/model.safetensors";
    private static readonly HttpClient Client = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_come_at_the_stated_rates_are_counted_and_are_the_same_with_the_same_seed()
    {
        const int Requests = 1_000;
        var faults = new ServerFaults { UnavailableShare = 0.1, TooManyShare = 0.05, RetryAfter = 7, ResetShare = 0.1, CorruptShare = 0.2 };
        var first = await RunAsync(faults, Requests);
        Assert.Equal(Requests, first.Contents);
        Within(0.1, first.Unavailable);
        Within(0.05, first.TooMany);
        Within(0.1, first.Resets);
        Within(0.2, first.Corrupted);
        var again = await RunAsync(faults, Requests);
        Assert.Equal(first with { ContentBytes = 0, Requests = 0 }, again with { ContentBytes = 0, Requests = 0 });

        // Four standard deviations.
        static void Within(double share, long count) => Assert.InRange(count / (double)Requests, share - (4 * Math.Sqrt(share / Requests)), share + (4 * Math.Sqrt(share / Requests)));
    }

    [Fact]
    public async Task A_corrupted_answer_differs_in_one_bit_of_the_part_that_was_asked_for()
    {
        await using var server = await StartAsync(new() { CorruptShare = 1 });
        byte[] whole = GeneratedModelTests.All(server.CommitOf("org/tiny").Files["model.safetensors"].Content);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server.Address, Weights)) { Headers = { Range = new(1_000, 1_999) } };
        using var response = await Client.SendAsync(request, Token);
        byte[] part = await response.Content.ReadAsByteArrayAsync(Token);
        Assert.Equal(1, part.Zip(whole[1_000..2_000], (got, right) => BitOperations.PopCount((uint)(got ^ right))).Sum());
        Assert.Equal((1, 1_000), (server.Counts.Corrupted, server.Counts.ContentBytes));
        server.Faults = new();
        Assert.Equal(whole, await Client.GetByteArrayAsync(new Uri(server.Address, Weights), Token));
    }

    [Fact]
    public async Task A_connection_below_a_limit_is_as_slow_as_stated_and_each_has_its_own_limit()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(new() { BytesPerSecondPerConnection = 100_000 }, time);
        long size = server.CommitOf("org/tiny").Files["model.safetensors"].Length;
        double expected = size / 100_000.0;
        var downloads = Enumerable.Range(0, 2).Select(async _ =>
        {
            using var client = new HttpClient();
            await client.GetByteArrayAsync(new Uri(server.Address, Weights), Token);
            return time.GetUtcNow();
        }).ToList();
        var start = time.GetUtcNow();
        long sent = -1;
        await JournalBench.WhenAsync(() =>
        {
            // A step only after both have sent what the last one allowed.
            if (server.Counts.ContentBytes == sent)
            {
                time.Advance(TimeSpan.FromMilliseconds(5));
            }

            sent = server.Counts.ContentBytes;
            return downloads.TrueForAll(download => download.IsCompleted);
        });
        Assert.All(await Task.WhenAll(downloads), ended => Assert.True((ended - start).TotalSeconds >= expected - 0.001, $"{ended - start} for {expected} s"));
        Assert.Equal(2 * size, server.Counts.ContentBytes);
    }

    [Fact]
    public async Task A_model_answers_after_its_delay_and_fails_as_often_as_stated()
    {
        var time = new FakeTimeProvider();
        await using var server = await StartAsync(new(), time);
        using var unknown = await GenerateAsync(server, "b");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        server.SetGeneration("b", new(TimeSpan.FromSeconds(3)));
        var slow = GenerateAsync(server, "b");
        await JournalBench.WhenAsync(() => server.Counts.Generations == 2);
        Assert.False(slow.IsCompleted);
        await JournalBench.WhenAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return slow.IsCompleted;
        });
        using var answer = await slow;
        Assert.Contains("\"tokens\":16", await answer.Content.ReadAsStringAsync(Token));
        server.SetGeneration("b", new(TimeSpan.Zero, 0.3));
        for (int i = 0; i < 300; i++)
        {
            using var one = await GenerateAsync(server, "b");
            Assert.True(one.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable);
        }

        Assert.InRange(server.Counts.FailedGenerations, 60, 120);
        Assert.Throws<ArgumentException>(() => server.SetGeneration("b", new(TimeSpan.Zero, 1.5)));
    }

    [Fact]
    public void Faults_that_make_no_sense_are_refused()
    {
        ServerFaults[] wrong = [new() { CorruptShare = -0.1 }, new() { ResetShare = double.NaN }, new() { UnavailableShare = 0.6, TooManyShare = 0.6 }, new() { BytesPerSecondPerConnection = 0 }];
        Assert.All(wrong, faults => Assert.Throws<ArgumentException>(faults.Check));
    }

    private static async Task<ServerCounts> RunAsync(ServerFaults faults, int requests)
    {
        await using var server = await StartAsync(faults);
        var address = new Uri(server.Address, "/org/tiny/resolve/main/config.json");
        for (int i = 0; i < requests; i++)
        {
            try
            {
                using var response = await Client.GetAsync(address, Token);
                Assert.Equal(response.StatusCode == HttpStatusCode.TooManyRequests ? 7 : null, response.Headers.RetryAfter?.Delta?.TotalSeconds);
            }
            catch (HttpRequestException)
            {
                // The connection was reset.
            }
        }

        return server.Counts;
    }

    private static Task<LocalModelServer> StartAsync(ServerFaults faults, TimeProvider? time = null) =>
        LocalModelServer.StartAsync(new() { Models = [new("org/tiny", ModelFormat.Safetensors, 1)], Faults = faults, Seed = 11 }, Token, time);

    private static Task<HttpResponseMessage> GenerateAsync(LocalModelServer server, string model) => Client.PostAsync(new Uri(server.Address, $"/generate/{model}"), null, Token);
}
