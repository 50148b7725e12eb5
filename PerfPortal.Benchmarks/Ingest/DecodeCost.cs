using System.Text.Json;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Server.Intake;

namespace PerfPortal.Benchmarks.Ingest;

/// <summary>What reading a batch costs, without socket and store: the portal's walk, the way by documents that it replaced and still reads odd items, and source generation.</summary>
internal static class DecodeCost
{
    private const int BatchesOfRound = 200;

    /// <summary>Nanoseconds for each operation, medians of the rounds: the walk, documents, source generation.</summary>
    public static (double Walk, double Documents, double Generated) Measure(int rounds)
    {
        var now = TimeProvider.System.GetUtcNow();
        byte[] body = SampleBatch.Write(0, 0, BatchLoad.BatchSize, now);
        List<double> walk = [], documents = [], generated = [];
        for (int round = -2; round < rounds; round++)
        {
            double first = Round(() => BatchReader.ReadArray(body, "key", now));
            double second = Round(() => ReadDocuments(body, now));
            double third = Round(() => JsonSerializer.Deserialize(body, ReportedItemJson.Default.ReportedItemArray));
            if (round >= 0)
            {
                walk.Add(first);
                documents.Add(second);
                generated.Add(third);
            }
        }

        return (Medians.Median(walk), Medians.Median(documents), Medians.Median(generated));
    }

    private static void ReadDocuments(byte[] body, DateTimeOffset now)
    {
        using var document = JsonDocument.Parse(body);
        var validator = new OperationValidator("key", now);
        var errors = new FieldErrors([]);
        foreach (var item in document.RootElement.EnumerateArray())
        {
            OperationBodies.TryReadEnded(item, errors, out var draft);
            _ = validator.Ended(in draft, errors);
        }
    }

    private static double Round(Action read) => ProcessCost.Of(() =>
    {
        for (int i = 0; i < BatchesOfRound; i++)
        {
            read();
        }
    }) * 1e9 / (BatchesOfRound * BatchLoad.BatchSize);
}
