namespace HwNas.Onnx.Export;

/// <summary>The version of HwNas that writes a file.</summary>
internal static class ToolVersion
{
    public static string Text { get; } = typeof(ToolVersion).Assembly.GetName().Version!.ToString(fieldCount: 3);
}
