using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Peregrine.Tests.Architecture;

/// <summary>One use of a type by another, as the compiled code has it.</summary>
/// <param name="From">Full name of the user, nested types written with a plus.</param>
/// <param name="FromNamespace">The user's namespace.</param>
/// <param name="To">Full name of the used type.</param>
/// <param name="ToNamespace">The used type's namespace.</param>
public sealed record TypeUse(string From, string FromNamespace, string To, string ToNamespace)
{
    /// <summary>The member used, where one is and it belongs to another assembly or a generic type.</summary>
    public string? Member { get; init; }
}

/// <summary>Reads from a built assembly which types use which: bases, interfaces, fields, signatures, attributes, locals and every instruction of every method body.</summary>
public sealed class TypeReferences : IDisposable
{
    private static readonly Dictionary<short, OperandType> Operands = typeof(OpCodes).GetFields()
        .Where(f => f.FieldType == typeof(OpCode)).Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value, o => o.OperandType);

    private readonly PEReader file;
    private readonly MetadataReader metadata;

    private TypeReferences(string path)
    {
        file = new PEReader(File.OpenRead(path));
        metadata = file.GetMetadataReader();
    }

    /// <summary>All uses in the assembly at <paramref name="path"/>, each once.</summary>
    public static IReadOnlyList<TypeUse> Of(string path)
    {
        using TypeReferences reader = new(path);
        return [.. reader.metadata.TypeDefinitions.SelectMany(reader.UsesOf).Distinct()];
    }

    /// <summary>Names of the assemblies that the one at <paramref name="path"/> references.</summary>
    public static IReadOnlyList<string> Assemblies(string path)
    {
        using TypeReferences reader = new(path);
        return [.. reader.metadata.AssemblyReferences.Select(a => reader.metadata.GetString(reader.metadata.GetAssemblyReference(a).Name))];
    }

    public void Dispose() => file.Dispose();

    private IEnumerable<TypeUse> UsesOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        List<(EntityHandle Type, string? Member)> used = [];
        Collector collector = new(metadata, used);
        Add(type.BaseType);
        foreach (InterfaceImplementationHandle i in type.GetInterfaceImplementations())
        {
            Add(metadata.GetInterfaceImplementation(i).Interface);
        }

        foreach (FieldDefinitionHandle f in type.GetFields())
        {
            metadata.GetFieldDefinition(f).DecodeSignature(collector, null);
        }

        foreach (MethodDefinitionHandle m in type.GetMethods())
        {
            OfMethod(metadata.GetMethodDefinition(m), collector);
        }

        foreach (CustomAttributeHandle a in type.GetCustomAttributes())
        {
            Add(metadata.GetCustomAttribute(a).Constructor);
        }

        (string fromSpace, string from) = Name(handle);
        return used.Select(u => (To: Name(u.Type), u.Member)).Where(u => u.To.Name.Length > 0 && u.To.Name != from)
            .Select(u => new TypeUse(from, fromSpace, u.To.Name, u.To.Space) { Member = u.Member });

        void Add(EntityHandle h) => collector.Use(h);
    }

    private void OfMethod(MethodDefinition method, Collector collector)
    {
        method.DecodeSignature(collector, null);
        foreach (GenericParameterHandle p in method.GetGenericParameters())
        {
            foreach (GenericParameterConstraintHandle c in metadata.GetGenericParameter(p).GetConstraints())
            {
                collector.Use(metadata.GetGenericParameterConstraint(c).Type);
            }
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(collector, null);
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            collector.Use(region.CatchType);
        }

        OfInstructions(body.GetILReader(), collector);
    }

    private static void OfInstructions(BlobReader il, Collector collector)
    {
        while (il.RemainingBytes > 0)
        {
            int code = il.ReadByte();
            OperandType operand = Operands[code == 0xFE ? (short)(0xFE00 | il.ReadByte()) : (short)code];
            switch (operand)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    collector.Use(MetadataTokens.EntityHandle(il.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                default:
                    il.Offset += SizeOf(operand);
                    break;
            }
        }
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    /// <summary>Namespace and full name of a type; a nested type has the namespace of the outermost.</summary>
    private (string Space, string Name) Name(EntityHandle handle)
    {
        if (handle.Kind == HandleKind.TypeDefinition)
        {
            TypeDefinition type = metadata.GetTypeDefinition((TypeDefinitionHandle)handle);
            return Join(type.GetDeclaringType(), metadata.GetString(type.Namespace), metadata.GetString(type.Name));
        }

        TypeReference reference = metadata.GetTypeReference((TypeReferenceHandle)handle);
        EntityHandle outer = reference.ResolutionScope.Kind == HandleKind.TypeReference ? reference.ResolutionScope : default;
        return Join(outer, metadata.GetString(reference.Namespace), metadata.GetString(reference.Name));
    }

    private (string Space, string Name) Join(EntityHandle outer, string space, string name)
    {
        if (outer.IsNil)
        {
            return (space, space.Length == 0 ? name : $"{space}.{name}");
        }

        (string outerSpace, string outerName) = Name(outer);
        return (outerSpace, $"{outerName}+{name}");
    }

    /// <summary>Decodes signatures only to note every type named in them; the decoded value itself is nothing.</summary>
    private sealed class Collector(MetadataReader metadata, List<(EntityHandle Type, string? Member)> used) : ISignatureTypeProvider<object?, object?>
    {
        public void Use(EntityHandle handle)
        {
            if (handle.IsNil)
            {
                return;
            }

            switch (handle.Kind)
            {
                case HandleKind.TypeDefinition or HandleKind.TypeReference:
                    used.Add((handle, null));
                    break;
                case HandleKind.TypeSpecification:
                    metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                    break;
                case HandleKind.FieldDefinition:
                    Use(metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                    break;
                case HandleKind.MethodDefinition:
                    Use(metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                    break;
                case HandleKind.MethodSpecification:
                    MethodSpecification method = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                    method.DecodeSignature(this, null);
                    Use(method.Method);
                    break;
                case HandleKind.MemberReference:
                    OfMember(metadata.GetMemberReference((MemberReferenceHandle)handle));
                    break;
            }
        }

        private void OfMember(MemberReference member)
        {
            int parent = used.Count;
            Use(member.Parent);
            if (used.Count > parent)
            {
                used.Add((used[parent].Type, metadata.GetString(member.Name)));
            }

            if (member.GetKind() == MemberReferenceKind.Method)
            {
                member.DecodeMethodSignature(this, null);
            }
            else
            {
                member.DecodeFieldSignature(this, null);
            }
        }

        public object? GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => Noted(handle);

        public object? GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Noted(handle);

        public object? GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => Noted(handle);

        public object? GetArrayType(object? elementType, ArrayShape shape) => null;

        public object? GetByReferenceType(object? elementType) => null;

        public object? GetFunctionPointerType(MethodSignature<object?> signature) => null;

        public object? GetGenericInstantiation(object? genericType, ImmutableArray<object?> typeArguments) => null;

        public object? GetGenericMethodParameter(object? genericContext, int index) => null;

        public object? GetGenericTypeParameter(object? genericContext, int index) => null;

        public object? GetModifiedType(object? modifier, object? unmodifiedType, bool isRequired) => null;

        public object? GetPinnedType(object? elementType) => null;

        public object? GetPointerType(object? elementType) => null;

        public object? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

        public object? GetSZArrayType(object? elementType) => null;

        private object? Noted(EntityHandle handle)
        {
            Use(handle);
            return null;
        }
    }
}
