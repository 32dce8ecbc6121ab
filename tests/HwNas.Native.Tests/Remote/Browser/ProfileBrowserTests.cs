using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Remote.Browser;

/// <summary><c>hwnas profile --browser</c> as a process of its own.</summary>
public sealed class ProfileBrowserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ProfileBrowserTests() => StrictJson.WriteFile(_folder.File("tiny.json"), MeasuringServer.Space.Definition);

    public void Dispose() => _folder.Dispose();

    [ChromiumFact]
    public async Task Each_device_that_opens_the_page_by_https_gets_its_profile()
    {
        await using var chromium = await Chromium.Start();
        using var serving = Serve("--seconds", "1", "--https", "--devices", "2");
        var page = await serving.Page;
        Assert.Equal("https", page.Scheme);
        var tabs = await Task.WhenAll(chromium.Open(page), chromium.Open(page));
        await tabs[0].Measure("left");
        await tabs[1].Measure("right");
        Assert.Equal(0, await serving.Exit());

        foreach (var device in new[] { "left", "right" })
        {
            var profile = DeviceProfile.Read(_folder.File($"device-profiles/{device}.json"));
            Assert.Empty(LatencyTable.MissingLayers(profile, MeasuringServer.Space));
            Assert.Equal(
                ("onnxruntime-web", "wasm", device), (profile.Runtime.Name, profile.Runtime.Provider, profile.Device.Id));
            Assert.Equal(
                1 + profile.Protocol.Passes, File.ReadLines(_folder.File($"device-profiles/{device}.samples.jsonl")).Count());
            Assert.Matches($"(?m)^device +{device} ", serving.Output);
        }

        Assert.Contains("█▀▀▀█", serving.Error.Replace('▄', '▀'), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task An_interrupt_keeps_the_passes_and_the_same_command_continues()
    {
        await using var chromium = await Chromium.Start();
        using (var serving = Serve("--seconds", "600"))
        {
            var tab = await chromium.Open(await serving.Page);
            await tab.Measure("phone");
            await tab.Until("document.getElementById('step').textContent === 'round 3'");
            serving.Interrupt();
            Assert.Equal(130, await serving.Exit());
            Assert.Contains("Continue with: hwnas profile", serving.Error, StringComparison.Ordinal);
        }

        var kept = File.ReadLines(_folder.File("device-profiles/phone.unfinished.jsonl")).Count() - 1;
        Assert.True(kept >= 2);
        using var again = Serve("--seconds", "600");
        var second = await chromium.Open(await again.Page);
        await second.Measure("phone");
        await again.UntilError($"continues after {kept} passes");
    }

    [ChromiumFact]
    public async Task A_page_cannot_replace_a_profile_that_was_not_measured_in_a_browser()
    {
        Tool.RunWell(_folder.Path, "profile", "--space", "tiny.json", "--device", "this-machine", "--seconds", "1");
        var before = File.ReadAllBytes(_folder.File("device-profiles/this-machine.json"));
        await using var chromium = await Chromium.Start();
        using var serving = Serve("--seconds", "1");
        var tab = await chromium.Open(await serving.Page);
        await tab.Measure("This machine");
        await tab.UntilSection("failed");
        Assert.Contains("Give this device another name", await tab.Text(), StringComparison.Ordinal);
        Assert.Contains("refused (127.0.0.1)", serving.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("device-profiles/this-machine.json")));
    }

    [Theory]
    [InlineData("--listen", "nowhere", "--listen 'nowhere'")]
    [InlineData("--port", "70000", "--port 70000")]
    [InlineData("--devices", "0", "--devices 0")]
    [InlineData("--devices", "2", "--out", "--out", "phone.json")]
    [InlineData("--minutes", "1", "--minutes")]
    public void Options_that_cannot_be_are_refused(string option, string value, string message, params string[] more)
    {
        var result = Tool.Run(_folder.Path, ["profile", "--browser", "--space", "tiny.json", option, value, .. more]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private ServingTool Serve(params string[] options) =>
        ServingTool.Start(_folder.Path, ["profile", "--browser", "--space", "tiny.json", "--port", "0", .. options]);
}
