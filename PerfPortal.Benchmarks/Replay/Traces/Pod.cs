namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>The pod that a row speaks of.</summary>
internal static class Pod
{
    private const int Length = 12;

    /// <summary><c>pod-</c> and the first 12 characters of <c>container_ip</c> (a hash), or <paramref name="otherwise"/> where the row names none.</summary>
    public static string Source(CsvRow row, string otherwise) =>
        row.Text("container_ip") is { } address ? "pod-" + address[..Math.Min(Length, address.Length)] : otherwise;
}
