using PerfPortal.Tests.Api;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class RestartTests
{
    [Fact]
    public async Task An_operation_in_progress_survives_a_restart_with_what_it_reported()
    {
        using var folder = new TemporaryFolder();
        var id = Guid.NewGuid();
        string start;
        await using (var portal = await PortalFactory.StartOnAsync(folder.Path))
        {
            start = (await portal.Client.PostAsync("operations", new { id, metric_type = "download_operation", operation_name = "long", source = "restart" })).Expect(201)["start_time"].GetString()!;
            (await portal.Client.PatchAsync($"operations/{id}", new { progress = new { done = 3, total = 10, unit = "files" }, metadata = new { retry_count = 2 } })).Expect(200);
        }

        await using var again = await PortalFactory.StartOnAsync(folder.Path);
        var active = Assert.Single((await again.Client.GetAsync("operations/active?source=restart")).Expect(200)["items"].EnumerateArray());
        Assert.Equal(id, active.GetProperty("id").GetGuid());
        Assert.Equal(start, active.GetProperty("start_time").GetString());
        Assert.Equal(3, active.GetProperty("progress").GetProperty("done").GetDouble());
        Assert.Equal(2, active.GetProperty("metadata").GetProperty("retry_count").GetInt32());
        Assert.Contains(active.GetProperty("events").EnumerateArray(), happened => happened.GetProperty("kind").GetString() == "restored");

        (await again.Client.PostAsync($"operations/{id}/complete", new { success = true })).Expect(200);
        var figures = (await again.Client.GetAsync("metrics/download_operation?source=restart")).Expect(200);
        Assert.Equal([id], figures.Ids);
        Assert.Equal(1, figures["statistics"].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task After_a_clean_stop_in_the_middle_of_reports_nothing_acknowledged_is_missing()
    {
        using var folder = new TemporaryFolder();
        var acknowledged = new List<Guid>();
        await using (var portal = await PortalFactory.StartOnAsync(folder.Path))
        {
            var batches = Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 50).Select(_ => SampleReports.Ended("stopped")).ToList()).ToList();
            var answers = await Task.WhenAll(batches.Select(async batch => (Batch: batch, Answer: await portal.Client.PostAsync("operations/batch", batch))));
            foreach (var (batch, answer) in answers)
            {
                Assert.Equal(50, answer.Expect(200)["accepted"].GetInt32());
                acknowledged.AddRange(batch.Select(item => item.Id()));
            }
        }

        await using var again = await PortalFactory.StartOnAsync(folder.Path);
        var stored = (await again.Client.GetAsync("metrics/model_operation?limit=1000")).Expect(200);
        Assert.Equal(acknowledged.Order(), stored.Ids.Order());
        Assert.Equal(400, stored["statistics"].GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task A_portal_with_a_data_directory_that_is_gone_makes_it_anew()
    {
        using var folder = new TemporaryFolder();
        string inner = Path.Combine(folder.Path, "deeper", "data");
        await using var portal = await PortalFactory.StartOnAsync(inner);
        (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("new") })).Expect(200);
        Assert.NotEmpty(Directory.GetFiles(inner));
    }
}
