using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Models;
using PerfPortal.Tests.Journal;
using Xunit;

namespace PerfPortal.Tests.Models.Health;

public sealed class ModelUseListenerTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly ModelUseListener _listener = new("host-a");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_model_that_an_operation_of_this_host_names_is_checked_sooner()
    {
        _folder.WriteBlocks("named/model.bin", 1);
        _folder.WriteBlocks("stated/model.bin", 1);
        _folder.WriteBlocks("elsewhere/model.bin", 1);
        var monitor = _folder.Monitor();
        foreach (string model in (string[])["named", "stated", "elsewhere"])
        {
            await monitor.CheckAsync(model, cancellationToken: TestContext.Current.CancellationToken);
        }

        var usual = monitor.Find("named")!.NextCheckAt;
        var stated = MemoryJournal.Op(name: "generate") with { Metadata = Metadata.Of([new("model", MetadataValue.From("stated"))]) };
        Operation[] ended =
        [
            MemoryJournal.Op(name: "named"), stated, MemoryJournal.Op(name: "elsewhere", source: "host-b"), MemoryJournal.Op(name: "elsewhere", type: MetricType.DownloadOperation),
        ];

        // Before there is a monitor, nothing is noted.
        _listener.OnCommitted(new(ended, [], []));
        Assert.Equal(usual, monitor.Find("named")!.NextCheckAt);
        _listener.Attach(monitor);
        _listener.OnCommitted(new(ended, [], []));
        Assert.True(monitor.Find("named")!.NextCheckAt < usual);
        Assert.True(monitor.Find("stated")!.NextCheckAt < usual);
        Assert.Equal(usual, monitor.Find("elsewhere")!.NextCheckAt);
    }
}
