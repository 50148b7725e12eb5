namespace PerfPortal.Server.Hosting;

/// <summary>
/// <c>PerfPortal.Server healthcheck [URL]</c>: checks whether a running portal is ready. For container health checks, because the image has no curl.
/// </summary>
internal static class HealthCheckVerb
{
    /// <summary>The verb.</summary>
    public const string Name = "healthcheck";

    /// <summary>Returns exit code 0 when the portal is ready, otherwise 1.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        var url = new Uri(args.Length > 1 ? args[1] : AddressOf(Environment.GetEnvironmentVariable("ASPNETCORE_URLS")));
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var answer = await client.GetAsync(new Uri(url, "/readyz")).ConfigureAwait(false);
            await output.WriteLineAsync($"{url}: {(int)answer.StatusCode}").ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            await output.WriteLineAsync($"{url}: {exception.Message}").ConfigureAwait(false);
            return 1;
        }
    }

    private static string AddressOf(string? urls)
    {
        string first = urls?.Split(';')[0] ?? PortalHost.DefaultUrl;
        return first.Replace("+", "localhost", StringComparison.Ordinal).Replace("*", "localhost", StringComparison.Ordinal)
            .Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("[::]", "localhost", StringComparison.Ordinal);
    }
}
