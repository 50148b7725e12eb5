using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Downloads.Files;
using PerfPortal.Domain.Models.Files;
using PerfPortal.Domain.Models.Manifests;
using PerfPortal.Tests.Models.Files;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>A download where pipes lie in all places that it uses.</summary>
public sealed class OddPlaceTests
{
    private static readonly byte[] Content = DownloadBench.Random(3 << 20);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pipes_are_replaced_and_not_waited_for(bool isRepair)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no named pipes in directories.");
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench(options => options with { WriteManifest = true });
        string part = PartFile.PathOf(bench.PathOf());
        string manifest = bench.PathOf(ModelManifest.RelativePath);
        OddEntry.Pipes(bench.PathOf(), part, PartJournal.PathOf(bench.PathOf()), PartJournal.PathOf(bench.PathOf()) + AtomicFile.Suffix, manifest, manifest + AtomicFile.Suffix);
        var file = new DownloadFile { Url = server.Url(), Path = "model.bin", Sha256 = DownloadBench.Sha256(Content) };
        file = isRepair ? file with { SizeBytes = Content.Length, Damage = [new(5, 7)] } : file;
        var result = await bench.LoadAsync(new DownloadRequest { Directory = bench.Target, Files = [file], IsRepair = isRepair }).WaitAsync(TimeSpan.FromSeconds(30), DownloadBench.Token);
        Assert.True(Assert.Single(result.Files).IsVerified);
        Assert.Equal(Content, await File.ReadAllBytesAsync(bench.PathOf(), DownloadBench.Token));
        Assert.Equal("model.bin", Assert.Single(ModelManifest.Read(bench.Target)!.Files).Path);
        Assert.False(Path.Exists(part) || Path.Exists(manifest + AtomicFile.Suffix));
        Assert.Equal(isRepair, result.Notes.Any(note => note.Contains("is loaded whole", StringComparison.Ordinal)));
    }
}
