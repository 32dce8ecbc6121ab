using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace HwNas.Supernet.Torch;

/// <summary>
/// Lets TorchSharp's native library load where libstdc++ is that of GCC 12 (Debian 12, Ubuntu 22.04). The library was
/// built with GCC 13 and names version GLIBCXX_3.4.32 among its needs. Its one symbol there,
/// <c>std::ios_base_library_init()</c>, has no relocation: nothing is really missing. So an image of the file in which
/// that need is weak is loaded from memory; the file stays as it is.
/// </summary>
internal static partial class OlderLibstdcxx
{
    private const string NewerVersion = "GLIBCXX_3.4.32";
    private const ushort VersionFlagWeak = 2;
    private const int VersionNeedBytes = 16;

    /// <summary>Whether the loader's message says that this is what is missing.</summary>
    public static bool IsWhy(string loaderMessage) => loaderMessage.Contains(NewerVersion, StringComparison.Ordinal);

    /// <summary>Loads a library with the need made weak.</summary>
    /// <exception cref="DllNotFoundException">It cannot be loaded all the same.</exception>
    public static nint Load(string path)
    {
        var image = File.ReadAllBytes(path);
        MakeWeak(image, path);
        var descriptor = memfd_create(Path.GetFileName(path), 0);
        if (descriptor < 0)
            return LoadFromFile(image, path);
        using var handle = new Microsoft.Win32.SafeHandles.SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(handle, image, 0);
        try
        {
            return ElfFile.LoadNow($"/proc/self/fd/{descriptor}");
        }
        catch (DllNotFoundException)
        {
            // Hosts that forbid executable memory files.
            return LoadFromFile(image, path);
        }
    }

    /// <summary>Sets the weak flag of the version need (Elf64_Vernaux: hash, flags, other, name, next).</summary>
    internal static void MakeWeak(byte[] image, string path)
    {
        Span<byte> need = stackalloc byte[6];
        BinaryPrimitives.WriteUInt32LittleEndian(need, SystemVHash(NewerVersion));
        var at = image.AsSpan().IndexOf(need);
        if (at < 0 || at + VersionNeedBytes > image.Length || image.AsSpan(at + 6).IndexOf(need) >= 0)
            throw new DllNotFoundException($"'{path}' does not need {NewerVersion} in the one place where that can be mended.");
        BinaryPrimitives.WriteUInt16LittleEndian(image.AsSpan(at + 4), VersionFlagWeak);
    }

    // The hash of names in ELF files (System V ABI, "Hash Table").
    private static uint SystemVHash(string name)
    {
        var hash = 0u;
        foreach (var letter in Encoding.ASCII.GetBytes(name))
        {
            hash = (hash << 4) + letter;
            var high = hash & 0xF0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }

    private static nint LoadFromFile(byte[] image, string path)
    {
        var folder = Directory.CreateTempSubdirectory("hwnas-");
        try
        {
            var copy = Path.Combine(folder.FullName, Path.GetFileName(path));
            File.WriteAllBytes(copy, image);
            return ElfFile.LoadNow(copy);
        }
        finally
        {
            // A loaded library stays mapped without its name.
            folder.Delete(recursive: true);
        }
    }

    [LibraryImport("libc.so.6", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
