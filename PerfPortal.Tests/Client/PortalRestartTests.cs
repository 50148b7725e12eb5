using PerfPortal.Domain.Client;
using PerfPortal.Domain.Operations;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Hosting;
using PerfPortal.Tests.Settings;
using Xunit;
using PortalClient = PerfPortal.Domain.Client.PortalClient;

namespace PerfPortal.Tests.Client;

public sealed class PortalRestartTests
{
    private const int Count = 20_000;

    [Fact]
    public async Task A_program_loses_nothing_while_the_portal_is_killed_and_restarted()
    {
        using var folder = new TemporaryFolder();
        Uri address;
        var ids = new HashSet<Guid>();
        var portal = await PortalProcess.StartAsync(folder.Path);
        try
        {
            address = portal.Client.Http.BaseAddress!;
            await using var client = new PortalClient(new() { Address = address, Source = "program", FlushInterval = TimeSpan.FromMilliseconds(50), BatchSize = 500 });
            using var running = client.Tracker.Start(MetricType.HealthCheck, "all the time");
            for (int i = 0; i < Count; i++)
            {
                using (var scope = client.Tracker.Start(MetricType.ModelOperation, "n" + (i % 7)))
                {
                    ids.Add(scope.Id);
                    scope.Set("number", i);
                    scope.Complete();
                }

                if (i % 100 == 99)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(5), TestContext.Current.CancellationToken);
                }

                if (i == Count / 4)
                {
                    await Eventually.TrueAsync(() => Task.FromResult(client.Status is { Operations.Sent: > 0, Running: 1 }), "some have arrived");
                }

                if (i == Count / 2)
                {
                    await portal.KillAsync();
                    await portal.DisposeAsync();
                }

                if (i == Count * 3 / 4)
                {
                    Assert.False(client.Status.IsConnected);
                    portal = await PortalProcess.StartAsync(folder.Path, address.ToString());
                }
            }

            running.Complete();
            ids.Add(running.Id);
            await client.FlushAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
            var counts = client.Status.Operations;
            Assert.Equal((0, 0, 0, Count + 1), (counts.Queued, counts.Dropped, counts.Rejected, counts.Sent + counts.Duplicates));
            Assert.Equal(0, await CountAsync("model_operation") - Count);
            Assert.Equal(1, await CountAsync("health_check"));
            Assert.Equal(ids, await IdsAsync());
        }
        finally
        {
            await portal.DisposeAsync();
        }

        async Task<int> CountAsync(string type) =>
            (await portal.Client.GetAsync($"metrics/{type}?limit=1&source=program")).Expect(200)["statistics"].GetProperty("count").GetInt32();

        async Task<HashSet<Guid>> IdsAsync()
        {
            var found = new List<Guid>();
            foreach (string type in new[] { "model_operation", "health_check" })
            {
                for (string? cursor = ""; cursor is not null;)
                {
                    var page = (await portal.Client.GetAsync($"metrics/{type}?limit=1000&source=program&cursor={cursor}")).Expect(200);
                    found.AddRange(page.Ids);
                    cursor = page["next_cursor"].GetString();
                }
            }

            Assert.Equal(found.Count, found.Distinct().Count());
            return [.. found];
        }
    }
}
