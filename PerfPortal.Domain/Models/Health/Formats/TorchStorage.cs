namespace PerfPortal.Domain.Models.Health.Formats;

/// <summary>The contents of one or more tensors, as a pickle of PyTorch refers to them.</summary>
/// <param name="Key">The key.</param>
/// <param name="Type">The name of its class.</param>
/// <param name="Elements">The number of elements.</param>
internal sealed record TorchStorage(string Key, string Type, long Elements)
{
    private const string Suffix = "Storage";

    /// <summary>The bytes of an element; 0 for a class that is not known.</summary>
    public int ElementSize => !Type.EndsWith(Suffix, StringComparison.Ordinal) ? 0 : Type[..^Suffix.Length] switch
    {
        "Byte" or "Char" or "Bool" or "QInt8" or "QUInt8" or "QUInt4x2" or "QUInt2x4" or "Untyped" => 1,
        "Half" or "BFloat16" or "Short" => 2,
        "Float" or "Int" or "QInt32" => 4,
        "Double" or "Long" or "ComplexFloat" => 8,
        "ComplexDouble" => 16,
        _ => 0,
    };

    /// <summary>Stands for a tuple ("module", class, file, text of the file), by which a class is referred to.</summary>
    public static readonly object Module = new();

    /// <summary>The storage that a tuple describes: ("storage", class, key, device, number of elements, …); otherwise <see cref="Module"/> or <see cref="PickleStack.Tuple"/>.</summary>
    public static object Of(ReadOnlySpan<object> tuple) =>
        tuple is ["storage", PickleName { Name: var type }, string key, _, long elements, ..] ? new TorchStorage(key, type, elements) : tuple is ["module", ..] ? Module : PickleStack.Tuple;
}
