using System.Net.Http.Headers;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Ingest;

/// <summary>Sends batches of 512 operations over several connections and reports the CPU time that the server used for each operation.</summary>
internal sealed class BatchLoad(ServerProcess server, Uri address)
{
    /// <summary>Operations of one batch.</summary>
    public const int BatchSize = 512;

    private const int Connections = 4;
    private static int _run;

    /// <summary>Sends at least so many operations, each with an id of its own.</summary>
    /// <returns>CPU seconds of the server for each operation, what it does soon afterwards counted in.</returns>
    /// <exception cref="HttpRequestException">A batch was not taken.</exception>
    public async Task<double> SendAsync(int operations, CancellationToken cancellationToken)
    {
        int run = Interlocked.Increment(ref _run);
        int batches = (operations + BatchSize - 1) / BatchSize;
        int next = -1;
        double before = server.CpuSeconds;
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections });
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            for (int batch = Interlocked.Increment(ref next); batch < batches; batch = Interlocked.Increment(ref next))
            {
                using var content = new ByteArrayContent(SampleBatch.Write(run, (long)batch * BatchSize, BatchSize, TimeProvider.System.GetUtcNow()));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await client.PostAsync(address, content, cancellationToken);
                answer.EnsureSuccessStatusCode();
            }
        }, cancellationToken)));

        // Figures are written a second after the operations; they are part of the price.
        await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
        return (server.CpuSeconds - before) / (batches * BatchSize);
    }
}
