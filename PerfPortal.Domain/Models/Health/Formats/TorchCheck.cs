using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Examines a file of <c>torch.save</c>: a zip archive with <c>data.pkl</c>, or, before PyTorch 1.6, a sequence of pickles and the raw contents of the tensors. Pickles can run any code when they
/// are loaded, so nothing is loaded.
/// </summary>
internal static class TorchCheck
{
    private const int OldPickles = 5;

    // Two pickles: the number 0x1950a86a20f9469cfc6c, and the protocol version 1001.
    private static ReadOnlySpan<byte> OldMagic => [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.', 0x80, 2, (byte)'M', 0xe9, 3, (byte)'.'];

    /// <summary>Whether the file begins like one of PyTorch's.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> first) => IsArchive(first) || first.StartsWith(OldMagic);

    /// <summary>Examines a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="report">Gets what is found.</param>
    /// <param name="isSure">Whether its name says that PyTorch wrote it; other programs use some extensions too.</param>
    public static void Run(ByteSource source, StructureReport report, bool isSure)
    {
        Span<byte> first = stackalloc byte[OldMagic.Length];
        int read = source.Read(0, first);
        first = first[..read];
        if (IsArchive(first))
        {
            report.Format = "PyTorch archive";
            ZipCheck.Run(source, report, "data.pkl");
        }
        else if (first.StartsWith(OldMagic))
        {
            report.Format = "PyTorch pickle";
            using var cursor = new ByteCursor(source, 0, source.Length);
            for (int i = 0; i < OldPickles; i++)
            {
                PickleWalk.SkipOne(cursor);
            }
        }
        else
        {
            report.Format = "PyTorch";
            report.Add(
                first.Length < OldMagic.Length ? HealthReasonKinds.Truncated : HealthReasonKinds.Header, 0, first.Length,
                "The file begins neither like a PyTorch archive nor like an old PyTorch pickle.", !isSure || IsPickle(first) ? HealthSeverity.Warning : HealthSeverity.Error);
        }
    }

    private static bool IsArchive(ReadOnlySpan<byte> first) => first.StartsWith("PK\x03\x04"u8);

    // Other programs keep plain pickles under the same extensions.
    private static bool IsPickle(ReadOnlySpan<byte> first) => first.Length > 2 && first[0] == 0x80 && first[1] is >= 2 and <= 5 && !OldMagic.StartsWith(first[..3]);
}
