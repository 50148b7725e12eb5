using Microsoft.Playwright;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>The Chromium of this machine: the one that <c>PERFPORTAL_BROWSER</c> names, else the first on the path. None is ever fetched.</summary>
internal static class Chromium
{
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Its path, or <see langword="null"/> when there is none.</summary>
    public static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("PERFPORTAL_BROWSER");
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return !string.IsNullOrEmpty(named)
            ? named
            : folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    /// <summary>Starts it without a window and without a word to the network.</summary>
    /// <param name="playwright">What drives it.</param>
    /// <param name="path">Its path.</param>
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright, string path) =>
        playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments });
}
