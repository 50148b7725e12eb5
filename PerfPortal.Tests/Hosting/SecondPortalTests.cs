using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class SecondPortalTests
{
    [Fact]
    public async Task A_second_portal_on_one_data_directory_stops_with_one_sentence_that_names_the_first_and_can_start_after_a_kill()
    {
        using var folder = new TemporaryFolder();
        await using (var first = await PortalProcess.StartAsync(folder.Path))
        {
            var (code, _, error) = await PortalProcess.RunAsync(folder.Path);
            Assert.Equal(1, code);
            string sentence = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            Assert.StartsWith(
                FormattableString.Invariant($"The database is in use by another portal: process {first.Id} on {Environment.MachineName}, started "), sentence, StringComparison.Ordinal);
            (await first.Client.GetAsync("/readyz")).Expect(200);
            await first.KillAsync();
        }

        await using var next = await PortalProcess.StartAsync(folder.Path);
        (await next.Client.GetAsync("/readyz")).Expect(200);
    }
}
