using System.Buffers;
using System.IO.Hashing;
using System.Text;
using System.Text.Json;

namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>Names out of files, made fit to be shown.</summary>
internal static class Names
{
    /// <summary>The bytes of a name that are shown.</summary>
    public const int Max = 80;

    /// <summary>The hash of a name or text at which a reader is, the same however its characters are escaped.</summary>
    public static ulong Hash(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return XxHash3.HashToUInt64(reader.ValueSpan);
        }

        byte[] plain = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return XxHash3.HashToUInt64(plain.AsSpan(0, reader.CopyString(plain)));
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate, which no other file can refer to in another way.
            return XxHash3.HashToUInt64(reader.ValueSpan);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    /// <summary>At most 80 characters of a name, with a dot for what cannot be shown.</summary>
    public static string Show(ReadOnlySpan<byte> name)
    {
        string text = Encoding.UTF8.GetString(name[..Math.Min(name.Length, Max)]);
        return string.Create(text.Length, text, static (shown, all) =>
        {
            for (int i = 0; i < all.Length; i++)
            {
                shown[i] = char.IsControl(all[i]) ? '.' : all[i];
            }
        }) + (name.Length > Max ? "…" : "");
    }
}
