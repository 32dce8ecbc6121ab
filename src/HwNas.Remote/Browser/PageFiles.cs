using System.Collections.Frozen;
using HwNas.Core;

namespace HwNas.Remote.Browser;

/// <summary>
/// All files that the server gives to anybody: the page, which lies in this assembly, and <see cref="OnnxRuntimeWeb"/>. A
/// fixed list: no path of a request is ever looked up on disk.
/// </summary>
internal sealed class PageFiles
{
    private const string Html = "text/html; charset=utf-8";
    private const string Css = "text/css; charset=utf-8";
    private const string JavaScript = "text/javascript; charset=utf-8";

    private static readonly (string Url, string Resource, string Type)[] Page =
    [
        ("/", "index.html", Html),
        ("/style.css", "style.css", Css),
        ("/app.js", "app.js", JavaScript),
        ("/server.js", "server.js", JavaScript),
        ("/view.js", "view.js", JavaScript),
        ("/presence.js", "presence.js", JavaScript),
        ("/device.js", "device.js", JavaScript),
        ("/worker.js", "worker.js", JavaScript),
        ("/timing.js", "timing.js", JavaScript),
    ];

    private readonly FrozenDictionary<string, (byte[] Bytes, string Type)> _files;

    /// <summary>Reads all files.</summary>
    /// <exception cref="MissingDependencyException">onnxruntime-web is not there.</exception>
    public PageFiles(string runtimeFolder)
    {
        RuntimeVersion = OnnxRuntimeWeb.VersionIn(runtimeFolder)
            ?? throw new MissingDependencyException(
                $"onnxruntime-web is not in '{runtimeFolder}'. 'hwnas profile --browser' fetches it.");
        _files = Page.Select(file => (file.Url, Bytes: Resource(file.Resource), file.Type))
            .Concat(OnnxRuntimeWeb.Files.Select(file => (
                Url: "/onnxruntime-web/" + file,
                Bytes: File.ReadAllBytes(Path.Combine(runtimeFolder, file)),
                Type: file.EndsWith(".wasm", StringComparison.Ordinal) ? "application/wasm" : JavaScript)))
            .ToFrozenDictionary(file => file.Url, file => (file.Bytes, file.Type), StringComparer.Ordinal);
    }

    /// <summary>Version of onnxruntime-web.</summary>
    public string RuntimeVersion { get; }

    /// <summary>The file of a path; null where there is none.</summary>
    public (byte[] Bytes, string Type)? Find(string path) => _files.TryGetValue(path, out var file) ? file : null;

    private static byte[] Resource(string name)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream("HwNas.Remote.Browser.Page." + name)
            ?? throw new InvalidOperationException($"The resource '{name}' is not in the assembly.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
