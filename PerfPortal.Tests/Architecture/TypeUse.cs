namespace PerfPortal.Tests.Architecture;

/// <summary>A type by its namespace and its name within it; nested types count as the outermost type that declares them.</summary>
internal readonly record struct TypeId(string Namespace, string Name)
{
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}

/// <summary>A use of one type of an assembly by another type of the same assembly.</summary>
/// <param name="From">The type that uses <paramref name="To"/>.</param>
/// <param name="Member">Where it is used: the member and, for compiler-generated code, the generated type.</param>
/// <param name="To">The type that is used.</param>
internal sealed record TypeUse(TypeId From, string Member, TypeId To)
{
    public override string ToString() => $"{From} -> {To} (in {Member})";
}
