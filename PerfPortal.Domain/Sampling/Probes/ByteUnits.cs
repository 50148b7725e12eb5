namespace PerfPortal.Domain.Sampling.Probes;

/// <summary>The units of memory and disk sizes: <c>_mb</c> is MiB and <c>_gb</c> is GiB everywhere.</summary>
internal static class ByteUnits
{
    /// <summary>Bytes in a MiB.</summary>
    public const double Mebibyte = 1L << 20;

    /// <summary>Bytes in a GiB.</summary>
    public const double Gibibyte = 1L << 30;
}
