using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Remote.Browser;

namespace HwNas.Native.Tests.Remote.Browser;

/// <summary>How onnxruntime-web is fetched; npm is a script of the test, except in the last one.</summary>
public sealed class OnnxRuntimeWebTests : IDisposable
{
    private const string Fill = """
        mkdir -p node_modules/onnxruntime-web/dist && cd node_modules/onnxruntime-web
        echo '{"version":"VERSION"}' >package.json
        touch dist/ort.wasm.min.mjs dist/ort-wasm-simd-threaded.mjs dist/ort-wasm-simd-threaded.wasm dist/ort.webgl.js
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    private string Target => _folder.File("runtime/1");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_is_fetched_once_and_only_what_a_page_loads_is_kept()
    {
        await Fetch(Fill);
        Assert.Equal("VERSION", OnnxRuntimeWeb.VersionIn(Target));
        Assert.Equal([.. OnnxRuntimeWeb.Files.Append("package.json").Order(StringComparer.Ordinal)], Names(Target));
        Assert.Equal([$"fetching onnxruntime-web {OnnxRuntimeWeb.WantedVersion} from npm (once)"], _said);
        Assert.Equal(["1"], Names(Path.GetDirectoryName(Target)!));

        await Fetch("exit 1");
        Assert.Single(_said);
    }

    [Fact]
    public async Task A_version_that_is_no_longer_served_gives_way_to_a_newer_one_with_a_line()
    {
        await Fetch($$"""
            [[ $1 == install ]] || { echo 'npm error code ETARGET' >&2; exit 1; }
            grep -q '"onnxruntime-web": ">={{OnnxRuntimeWeb.WantedVersion}}"' package.json || exit 1
            [[ ! -e package-lock.json ]] || exit 1
            {{Fill}}
            """);
        Assert.Equal("VERSION", OnnxRuntimeWeb.VersionIn(Target));
        Assert.Contains("is no longer served; the newest version takes its place", _said[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_npm_says_stands_in_the_error_and_nothing_is_left()
    {
        var error = await Assert.ThrowsAsync<MissingDependencyException>(
            () => Fetch("echo 'npm error code ENOTFOUND' >&2; exit 1"));
        Assert.Contains("npm error code ENOTFOUND", error.Message, StringComparison.Ordinal);
        Assert.Contains("registry settings", error.Message, StringComparison.Ordinal);
        Assert.Empty(Names(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task Without_npm_the_error_says_what_to_install()
    {
        var error = await Assert.ThrowsAsync<MissingDependencyException>(
            () => OnnxRuntimeWeb.FetchAsync(Target, _said.Add, CancellationToken.None, "hwnas-no-such-program"));
        Assert.Contains("apt-get install npm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_it_leaves_nothing_half_done()
    {
        using var stop = new CancellationTokenSource();
        var npm = Script("touch ../begun; sleep 600");
        var fetching = OnnxRuntimeWeb.FetchAsync(Target, _said.Add, stop.Token, npm);
        while (!File.Exists(_folder.File("runtime/begun")))
            await Task.Delay(20);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        Assert.Null(OnnxRuntimeWeb.VersionIn(Target));
        Assert.Equal(["begun"], Names(_folder.File("runtime")));
    }

    [Fact]
    public void An_incomplete_or_damaged_folder_holds_no_version()
    {
        Assert.Null(OnnxRuntimeWeb.VersionIn(Target));
        Directory.CreateDirectory(Target);
        foreach (var file in OnnxRuntimeWeb.Files)
            File.WriteAllText(Path.Combine(Target, file), "");
        Assert.Null(OnnxRuntimeWeb.VersionIn(Target));
        File.WriteAllText(Path.Combine(Target, "package.json"), "[");
        Assert.Null(OnnxRuntimeWeb.VersionIn(Target));
    }

    [BrowserRuntimeFact]
    public async Task The_real_one_is_had()
    {
        await BrowserRuntime.Fetch();
        Assert.True(Version.Parse(OnnxRuntimeWeb.VersionIn(OnnxRuntimeWeb.DefaultFolder)!)
            >= Version.Parse(OnnxRuntimeWeb.WantedVersion));
    }

    private Task Fetch(string npm) => OnnxRuntimeWeb.FetchAsync(Target, _said.Add, CancellationToken.None, Script(npm));

    private string Script(string body)
    {
        var path = _folder.File("npm");
        File.WriteAllText(path, $"#!/usr/bin/env bash\nset -e\n{body}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static string[] Names(string folder) =>
        [.. Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
