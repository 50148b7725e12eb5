namespace PerfPortal.Tests.Settings;

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("perfportal-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
