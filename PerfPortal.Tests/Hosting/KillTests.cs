using System.Collections.Concurrent;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class KillTests
{
    private const int Rounds = 3;
    private const int BatchSize = 200;
    private const int BatchesBeforeTheKill = 12;

    private static readonly string[] Types = ["model_operation", "health_check"];

    [Fact]
    public async Task What_was_acknowledged_before_a_kill_is_there_once_and_the_figures_equal_the_rows()
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new ConcurrentDictionary<Guid, string>();
        var sent = new ConcurrentDictionary<Guid, string>();
        for (int round = 0; round < Rounds; round++)
        {
            await using var portal = await PortalProcess.StartAsync(folder.Path);
            int batches = 0;
            using var enough = new SemaphoreSlim(0);
            var senders = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                try
                {
                    while (true)
                    {
                        var items = Make(sent);
                        var answer = await portal.Client.PostAsync("operations/batch", items);
                        Assert.Equal(BatchSize, answer.Expect(200)["accepted"].GetInt32());
                        foreach (var item in items)
                        {
                            acknowledged[item.Id()] = (string)item["metric_type"]!;
                        }

                        if (Interlocked.Increment(ref batches) == BatchesBeforeTheKill)
                        {
                            enough.Release();
                        }
                    }
                }
                catch (HttpRequestException)
                {
                    // The portal is gone, as it should be.
                }
            })).ToList();
            await Task.WhenAny(enough.WaitAsync(TestContext.Current.CancellationToken), Task.WhenAll(senders));
            await portal.KillAsync();
            await Task.WhenAll(senders);
        }

        Assert.True(acknowledged.Count >= Rounds * BatchesBeforeTheKill * BatchSize);
        await using var restarted = await PortalProcess.StartAsync(folder.Path);
        foreach (string type in Types)
        {
            var rows = new List<Guid>();
            string? cursor = "";
            int counted = 0;
            while (cursor is not null)
            {
                var page = (await restarted.Client.GetAsync($"metrics/{type}?limit=1000&source=test&cursor={cursor}")).Expect(200);
                rows.AddRange(page.Ids);
                counted = page["statistics"].GetProperty("count").GetInt32();
                cursor = page["next_cursor"].GetString();
            }

            Assert.Equal(rows.Count, rows.Distinct().Count());
            Assert.Equal(rows.Count, counted);
            Assert.Empty(acknowledged.Where(item => item.Value == type).Select(item => item.Key).Except(rows));
            Assert.All(rows, id => Assert.Equal(type, sent[id]));
        }
    }

    private static List<Dictionary<string, object?>> Make(ConcurrentDictionary<Guid, string> sent)
    {
        var items = Enumerable.Range(0, BatchSize)
            .Select(i => SampleReports.Ended("n" + i % 7, ("metric_type", Types[i % 2]), ("start_time", SampleReports.Text(SampleReports.Now.AddMinutes(-10 - i)))))
            .ToList();
        foreach (var item in items)
        {
            sent[item.Id()] = (string)item["metric_type"]!;
        }

        return items;
    }
}
