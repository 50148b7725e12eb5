using System.Reflection.Metadata;

namespace PerfPortal.Tests.Architecture;

/// <summary>Decodes attribute arguments to type names, and collects the names that <c>typeof</c> arguments mention.</summary>
/// <param name="assembly">The simple name of the assembly that is read.</param>
/// <param name="found">Gets each name as reflection writes it, with <c>+</c> before nested types.</param>
internal sealed class AttributeTypes(string assembly, Action<string> found) : ICustomAttributeTypeProvider<string>
{
    private const string SystemType = "System.Type";

    public string GetSystemType() => SystemType;

    public bool IsSystemType(string type) => type.Split(',')[0] == SystemType;

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

    public string GetSZArrayType(string elementType) => elementType;

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => $"{NameOf(reader, handle)}, {assembly}";

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        string name = reader.GetString(type.Name);
        switch (type.ResolutionScope.Kind)
        {
            case HandleKind.TypeReference:
                string[] outer = GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, rawTypeKind).Split(", ", 2);
                return $"{outer[0]}+{name}, {outer[1]}";
            case HandleKind.AssemblyReference:
                string scope = reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name);
                return $"{reader.GetString(type.Namespace)}.{name}, {scope}";
            default:
                throw new BadImageFormatException($"The type {name} has no assembly.");
        }
    }

    public string GetTypeFromSerializedName(string name)
    {
        Collect(TypeName.Parse(name));
        return name;
    }

    /// <summary>The bytes of an enum argument can be read only when the enum's size is known, so its assembly must be loadable.</summary>
    public PrimitiveTypeCode GetUnderlyingEnumType(string type) => Type.GetTypeCode(Enum.GetUnderlyingType(Type.GetType(type, throwOnError: true)!)) switch
    {
        TypeCode.SByte => PrimitiveTypeCode.SByte,
        TypeCode.Byte => PrimitiveTypeCode.Byte,
        TypeCode.Int16 => PrimitiveTypeCode.Int16,
        TypeCode.UInt16 => PrimitiveTypeCode.UInt16,
        TypeCode.Int32 => PrimitiveTypeCode.Int32,
        TypeCode.UInt32 => PrimitiveTypeCode.UInt32,
        TypeCode.Int64 => PrimitiveTypeCode.Int64,
        _ => PrimitiveTypeCode.UInt64,
    };

    /// <summary>The full name of a type, with <c>+</c> before nested types.</summary>
    public static string NameOf(MetadataReader reader, TypeDefinitionHandle handle)
    {
        var type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        if (type.GetDeclaringType() is { IsNil: false } outer)
        {
            return $"{NameOf(reader, outer)}+{name}";
        }

        string space = reader.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }

    private void Collect(TypeName name)
    {
        if (name.IsArray || name.IsByRef || name.IsPointer)
        {
            Collect(name.GetElementType());
        }
        else if (name.IsConstructedGenericType)
        {
            found(name.GetGenericTypeDefinition().FullName);
            foreach (var argument in name.GetGenericArguments())
            {
                Collect(argument);
            }
        }
        else
        {
            found(name.FullName);
        }
    }
}
