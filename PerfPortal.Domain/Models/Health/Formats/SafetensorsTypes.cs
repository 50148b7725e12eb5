namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The element types of safetensors files.</summary>
internal static class SafetensorsTypes
{
    /// <summary>The bits of an element, or 0 for an unknown type.</summary>
    public static int BitsOf(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("BF16"u8) || name.SequenceEqual("F16"u8) || name.SequenceEqual("I16"u8) || name.SequenceEqual("U16"u8) => 16,
        _ when name.SequenceEqual("F32"u8) || name.SequenceEqual("I32"u8) || name.SequenceEqual("U32"u8) => 32,
        _ when name.SequenceEqual("F64"u8) || name.SequenceEqual("I64"u8) || name.SequenceEqual("U64"u8) || name.SequenceEqual("C64"u8) => 64,
        _ when name.SequenceEqual("U8"u8) || name.SequenceEqual("I8"u8) || name.SequenceEqual("BOOL"u8) => 8,
        _ when name.SequenceEqual("F8_E4M3"u8) || name.SequenceEqual("F8_E5M2"u8) || name.SequenceEqual("F8_E8M0"u8) => 8,
        _ when name.SequenceEqual("F8_E4M3FNUZ"u8) || name.SequenceEqual("F8_E5M2FNUZ"u8) => 8,
        _ when name.SequenceEqual("F6_E2M3"u8) || name.SequenceEqual("F6_E3M2"u8) => 6,
        _ when name.SequenceEqual("F4"u8) => 4,
        _ => 0,
    };
}
