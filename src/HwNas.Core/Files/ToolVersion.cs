namespace HwNas.Core.Files;

/// <summary>The version of HwNas that writes a file.</summary>
public static class ToolVersion
{
    /// <summary>Major, minor and patch.</summary>
    public static string Text { get; } = typeof(ToolVersion).Assembly.GetName().Version!.ToString(fieldCount: 3);
}
