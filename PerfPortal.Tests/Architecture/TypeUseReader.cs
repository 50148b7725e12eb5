using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PerfPortal.Tests.Architecture;

/// <summary>
/// Reads every use of one type by another within an assembly: base types, interfaces, constraints, signatures, attributes, and each token in the
/// instructions of a method, compiler-generated code included. Constants and <c>nameof</c> leave no trace in an assembly and are not seen.
/// </summary>
internal sealed class TypeUseReader
{
    private readonly PEReader _image;
    private readonly MetadataReader _reader;
    private readonly SignatureTypes _signatures;
    private readonly AttributeTypes _attributes;
    private readonly Dictionary<string, TypeDefinitionHandle> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<TypeUse> _found = [];
    private TypeId _from;
    private string _member = "";

    private TypeUseReader(PEReader image)
    {
        _image = image;
        _reader = image.GetMetadataReader();
        _signatures = new SignatureTypes(Add);
        _attributes = new AttributeTypes(_reader.GetString(_reader.GetAssemblyDefinition().Name), name =>
        {
            if (_byName.TryGetValue(name, out var handle))
            {
                Add(handle);
            }
        });
        foreach (var handle in _reader.TypeDefinitions)
        {
            _byName.TryAdd(AttributeTypes.NameOf(_reader, handle), handle);
        }
    }

    /// <summary>Reads the uses within the assembly at <paramref name="path"/>, each once; a type's references to itself are left out.</summary>
    public static IReadOnlyCollection<TypeUse> Read(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        var reader = new TypeUseReader(image);
        foreach (var handle in reader._reader.TypeDefinitions)
        {
            reader.VisitType(handle);
        }

        return reader._found;
    }

    /// <summary>The outermost types of the assembly at <paramref name="path"/>.</summary>
    public static IReadOnlyList<TypeId> ReadTypes(string path)
    {
        using var image = new PEReader(File.OpenRead(path));
        var reader = new TypeUseReader(image);
        return [.. reader._reader.TypeDefinitions.Select(reader.IdOf).Distinct()];
    }

    private void VisitType(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        _from = IdOf(handle);
        string name = AttributeTypes.NameOf(_reader, handle);
        name = name[(name.LastIndexOf('.') + 1)..];
        _member = name;
        Visit(type.BaseType);
        VisitAttributes(type.GetCustomAttributes());
        VisitGenericParameters(type.GetGenericParameters());
        foreach (var implementation in type.GetInterfaceImplementations().Select(_reader.GetInterfaceImplementation))
        {
            Visit(implementation.Interface);
            VisitAttributes(implementation.GetCustomAttributes());
        }

        foreach (var implementation in type.GetMethodImplementations().Select(_reader.GetMethodImplementation))
        {
            Visit(implementation.MethodDeclaration);
        }

        foreach (var field in type.GetFields().Select(_reader.GetFieldDefinition))
        {
            _member = $"{name}.{_reader.GetString(field.Name)}";
            field.DecodeSignature(_signatures, null);
            VisitAttributes(field.GetCustomAttributes());
        }

        // The types of properties and events are those of their accessors.
        foreach (var property in type.GetProperties().Select(_reader.GetPropertyDefinition))
        {
            _member = $"{name}.{_reader.GetString(property.Name)}";
            VisitAttributes(property.GetCustomAttributes());
        }

        foreach (var @event in type.GetEvents().Select(_reader.GetEventDefinition))
        {
            _member = $"{name}.{_reader.GetString(@event.Name)}";
            VisitAttributes(@event.GetCustomAttributes());
        }

        foreach (var method in type.GetMethods().Select(_reader.GetMethodDefinition))
        {
            _member = $"{name}.{_reader.GetString(method.Name)}";
            VisitMethod(method);
        }
    }

    private void VisitMethod(MethodDefinition method)
    {
        method.DecodeSignature(_signatures, null);
        VisitAttributes(method.GetCustomAttributes());
        VisitGenericParameters(method.GetGenericParameters());
        foreach (var parameter in method.GetParameters())
        {
            VisitAttributes(_reader.GetParameter(parameter).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        var body = _image.GetMethodBody(method.RelativeVirtualAddress);
        Visit(body.LocalSignature);
        foreach (var region in body.ExceptionRegions)
        {
            Visit(region.CatchType);
        }

        foreach (var token in MethodTokens.Read(body.GetILReader()))
        {
            Visit(token);
        }
    }

    private void VisitGenericParameters(GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters.Select(_reader.GetGenericParameter))
        {
            VisitAttributes(parameter.GetCustomAttributes());
            foreach (var constraint in parameter.GetConstraints())
            {
                Visit(_reader.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void VisitAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes.Select(_reader.GetCustomAttribute))
        {
            Visit(attribute.Constructor);
            attribute.DecodeValue(_attributes);
        }
    }

    private void Visit(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                Add((TypeDefinitionHandle)handle);
                break;
            case HandleKind.TypeSpecification:
                _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_signatures, null);
                break;
            case HandleKind.FieldDefinition:
                Add(_reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                Add(_reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                Visit(_reader.GetMemberReference((MemberReferenceHandle)handle).Parent);
                break;
            case HandleKind.MethodSpecification:
                var generic = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                Visit(generic.Method);
                generic.DecodeSignature(_signatures, null);
                break;
            case HandleKind.StandaloneSignature:
                VisitSignature(_reader.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                break;
            default:
                break;
        }
    }

    private void VisitSignature(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
        {
            signature.DecodeLocalSignature(_signatures, null);
        }
        else
        {
            signature.DecodeMethodSignature(_signatures, null);
        }
    }

    private void Add(TypeDefinitionHandle handle)
    {
        var to = IdOf(handle);
        if (to != _from)
        {
            _found.Add(new TypeUse(_from, _member, to));
        }
    }

    private TypeId IdOf(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? IdOf(outer)
            : new TypeId(_reader.GetString(type.Namespace), _reader.GetString(type.Name));
    }
}
