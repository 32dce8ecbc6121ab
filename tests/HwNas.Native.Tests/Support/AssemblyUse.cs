using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace HwNas.Native.Tests.Support;

/// <summary>What a compiled assembly of the product calls of another one.</summary>
internal static class AssemblyUse
{
    /// <summary>Members such as <c>Plot.Title</c> or <c>torch.Tensor.narrow</c>, sorted, each once.</summary>
    /// <param name="used">The assembly that is called.</param>
    /// <param name="users">File names of the callers, which lie beside the tests.</param>
    public static string[] Members(string used, params string[] users) =>
        [.. users.SelectMany(user => Members(used, Path.Combine(AppContext.BaseDirectory, user))).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Members(string used, string user)
    {
        using var file = new PEReader(File.OpenRead(user));
        MetadataReader metadata = file.GetMetadataReader();
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            MemberReference member = metadata.GetMemberReference(handle);
            if (TypeOf(metadata, member.Parent) is { } type && NameIn(metadata, type, used) is { } name)
                yield return $"{name}.{metadata.GetString(member.Name)}";
        }
    }

    private static TypeReferenceHandle? TypeOf(MetadataReader metadata, EntityHandle parent)
    {
        if (parent.Kind == HandleKind.TypeReference) return (TypeReferenceHandle)parent;
        if (parent.Kind != HandleKind.TypeSpecification) return null;

        // A generic type: its signature starts with its kind and its definition (ECMA-335 II.23.2.14).
        BlobReader signature = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        signature.ReadByte();
        return signature.ReadTypeHandle() is { Kind: HandleKind.TypeReference } definition ? (TypeReferenceHandle)definition : null;
    }

    // The type's name with those of the types around it; null where it is of another assembly.
    private static string? NameIn(MetadataReader metadata, TypeReferenceHandle handle, string assembly)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        string name = metadata.GetString(type.Name).Split('`')[0];
        return type.ResolutionScope.Kind switch
        {
            HandleKind.TypeReference => NameIn(metadata, (TypeReferenceHandle)type.ResolutionScope, assembly) is { } outer ? $"{outer}.{name}" : null,
            HandleKind.AssemblyReference when IsNamed(metadata, (AssemblyReferenceHandle)type.ResolutionScope, assembly) => name,
            _ => null,
        };
    }

    private static bool IsNamed(MetadataReader metadata, AssemblyReferenceHandle reference, string name) =>
        metadata.GetString(metadata.GetAssemblyReference(reference).Name) == name;
}
