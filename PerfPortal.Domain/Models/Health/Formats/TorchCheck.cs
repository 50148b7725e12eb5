using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>
/// Examines a file of <c>torch.save</c>: a zip archive with <c>data.pkl</c>, or, before PyTorch 1.6, a sequence of pickles and the raw contents of the tensors. Pickles can run any code when they
/// are loaded, so nothing is loaded.
/// </summary>
internal static class TorchCheck
{
    private const int FirstBytes = 32;
    private const int Shortest = 21;
    private const int TarMagicAt = 257;

    /// <summary>Whether the file begins like one of PyTorch's.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> first) => IsArchive(first) || TorchPickles.Begin(first);

    /// <summary>Examines a file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="report">Gets what is found.</param>
    /// <param name="isSure">Whether its name says that PyTorch wrote it; other programs use some extensions too.</param>
    public static void Run(ByteSource source, StructureReport report, bool isSure)
    {
        Span<byte> first = stackalloc byte[FirstBytes];
        first = first[..source.Read(0, first)];
        if (IsArchive(first))
        {
            report.Format = "PyTorch archive";
            // The second is that of torch.package, in which each object has a pickle with its own name.
            ZipCheck.Run(source, report, "data.pkl", "extern_modules");
        }
        else if (TorchPickles.Begin(first))
        {
            report.Format = "PyTorch pickle";
            TorchPickles.Run(source);
        }
        else
        {
            report.Format = "PyTorch";
            report.Add(
                first.Length < Shortest ? HealthReasonKinds.Truncated : HealthReasonKinds.Header, 0, first.Length,
                "The file begins neither like a PyTorch archive nor like an old PyTorch pickle.", MayBeOther(source, first, isSure) ? HealthSeverity.Warning : HealthSeverity.Error);
        }
    }

    private static bool IsArchive(ReadOnlySpan<byte> first) => first.StartsWith("PK\x03\x04"u8);

    private static bool MayBeOther(ByteSource source, ReadOnlySpan<byte> first, bool isSure) => first.ContainsAnyExcept((byte)0) && (!isSure || IsPickle(first) || IsTar(source));

    // Other programs keep plain pickles under the same extensions; those of PyTorch begin with a long number.
    private static bool IsPickle(ReadOnlySpan<byte> first) => first is [0x80, >= 2 and <= 5, not 0x8a, ..];

    // The format before 2017.
    private static bool IsTar(ByteSource source)
    {
        Span<byte> magic = stackalloc byte[5];
        return source.Read(TarMagicAt, magic) == magic.Length && magic.SequenceEqual("ustar"u8);
    }
}
