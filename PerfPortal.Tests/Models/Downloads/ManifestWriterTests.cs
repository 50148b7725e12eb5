using PerfPortal.Domain.Models.Downloads;
using PerfPortal.Domain.Models.Manifests;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

public sealed class ManifestWriterTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("perfportal-manifest-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_second_download_into_the_directory_keeps_what_the_first_one_noted()
    {
        string hash = new('a', 64);
        Assert.True(Write("weights/model.bin", hash.ToUpperInvariant()));
        Assert.True(Write("config.json", null));
        var manifest = ModelManifest.Read(_directory)!;
        Assert.Equal("org/model", manifest.Name);
        Assert.Equal([("config.json", null, 12L), ("weights/model.bin", hash, 12L)], manifest.Files.Select(file => (file.Path, file.Sha256, file.SizeBytes!.Value)));
        Assert.All(manifest.Files, file => Assert.DoesNotContain("secret", file.Url!, StringComparison.Ordinal));
    }

    [Fact]
    public void A_repair_keeps_the_name_and_the_revision_that_the_model_has()
    {
        new ModelManifest { Name = "the/model", Revision = "v2", Files = [] }.Write(_directory);
        Assert.True(Write("config.json", null, isRepair: true));
        var manifest = ModelManifest.Read(_directory)!;
        Assert.Equal(("the/model", "v2", "config.json"), (manifest.Name, manifest.Revision, Assert.Single(manifest.Files).Path));
    }

    [Theory]
    [InlineData("https://a.example/m?download=true", "https://a.example/m?download=true")]
    [InlineData("https://a.example/m?part=1&X-Amz-Signature=abc", "https://a.example/m")]
    [InlineData("https://user:secret@a.example/m?download=true", "https://a.example/m")]
    [InlineData("https://a.example/m?ref=v2&format=raw&Raw=1", "https://a.example/m?ref=v2&format=raw&Raw=1")]
    [InlineData("https://a.example/m?pwd=1", "https://a.example/m")]
    [InlineData("https://a.example/m?pass=1", "https://a.example/m")]
    [InlineData("https://a.example/m?ticket=1", "https://a.example/m")]
    [InlineData("https://a.example/m?download=true&access=1", "https://a.example/m")]
    [InlineData("https://a.example/m?hash=1", "https://a.example/m")]
    [InlineData("https://a.example/m?code=1", "https://a.example/m")]
    [InlineData("https://a.example/m?sas=1", "https://a.example/m")]
    [InlineData("https://a.example/m?bearer-of-the-link", "https://a.example/m")]
    public void An_address_is_noted_as_far_as_it_may_be_passed_on(string url, string noted)
    {
        var request = new DownloadRequest { Directory = _directory, Files = [new() { Url = new(url), Path = "m", Mirrors = [new(url)] }] };
        Assert.True(ManifestWriter.TryWrite(request, [], null));
        var file = Assert.Single(ModelManifest.Read(_directory)!.Files);
        Assert.Equal((noted, noted), (file.Url, Assert.Single(file.Mirrors!)));
    }

    [Fact]
    public void A_manifest_that_is_not_valid_is_replaced()
    {
        string path = Path.Combine(_directory, ModelManifest.RelativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "not json");
        Assert.True(Write("config.json", null));
        Assert.Equal("config.json", Assert.Single(ModelManifest.Read(_directory)!.Files).Path);
    }

    [Fact]
    public void A_manifest_that_cannot_be_written_fails_nothing()
    {
        File.WriteAllText(Path.Combine(_directory, ".perfportal"), "a file where the directory should be");
        Assert.False(Write("config.json", null));
    }

    private bool Write(string path, string? sha256, bool isRepair = false)
    {
        var request = new DownloadRequest
        {
            Name = "org/model",
            Directory = _directory,
            IsRepair = isRepair,
            Files = [new() { Url = new("https://user:secret@models.example/" + path + "?token=secret"), Path = path }],
        };
        return ManifestWriter.TryWrite(request, [new(Path.Combine(_directory, path), 12, sha256, true, false)], null);
    }
}
