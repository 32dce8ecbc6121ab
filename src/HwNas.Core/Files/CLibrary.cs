using System.Runtime.InteropServices;

namespace HwNas.Core.Files;

/// <summary>What .NET has no call for: folders as files, and files that are opened without waiting. Not on Windows.</summary>
internal static class CLibrary
{
    /// <summary>The flag that opens without waiting for anybody.</summary>
    public static int WithoutWaiting => OperatingSystem.IsLinux() ? 0x800 : 0x4;

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static extern int Flush(int descriptor);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    public static extern int Close(int descriptor);
}
