using System.Text.Json;
using System.Text.Json.Nodes;

namespace HwNas.Native.Tests.Support;

/// <summary>A page in a <see cref="Chromium"/>.</summary>
internal sealed class BrowserTab(DevTools tools, string session, string target)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    public Task Go(Uri page) => tools.Call("Page.navigate", new JsonObject { ["url"] = page.AbsoluteUri }, session);

    public Task Reload() => tools.Call("Page.reload", [], session);

    public Task Close() => tools.Call("Target.closeTarget", new JsonObject { ["targetId"] = target });

    /// <summary>Gives the window another size, in CSS pixels.</summary>
    public Task Resize(int width, int height) => tools.Call(
        "Emulation.setDeviceMetricsOverride",
        new JsonObject { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false }, session);

    /// <summary>The value of a JavaScript expression, as text.</summary>
    public async Task<string> Evaluate(string expression)
    {
        var answer = await tools.Call(
            "Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})", ["awaitPromise"] = true }, session);
        return (string?)answer["result"]?["value"]
            ?? throw new InvalidOperationException($"{expression}: {answer.ToJsonString()}");
    }

    /// <summary>Waits for an expression to be true; on the way the page may be loading.</summary>
    public async Task Until(string expression)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < Limit)
        {
            if (await Evaluate($"(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()") == "true")
                return;
            await Task.Delay(50);
        }

        throw new TimeoutException($"Not true within {Limit}: {expression}\nThe page shows: {await Text()}");
    }

    /// <summary>All text that the page shows.</summary>
    public Task<string> Text() => Evaluate("document.body.innerText");

    /// <summary>The visible section: <c>start</c>, <c>measuring</c>, <c>done</c> or <c>failed</c>.</summary>
    public Task UntilSection(string id) => Until($"document.querySelector('section:not([hidden])').id === '{id}'");

    /// <summary>Types the device's name and starts.</summary>
    public async Task Measure(string name)
    {
        await UntilSection("start");
        await Evaluate(
            $"(() => {{ const name = document.getElementById('name'); name.value = {JsonSerializer.Serialize(name)}; "
            + "name.dispatchEvent(new Event('input')); document.querySelector('#form button').click(); })()");
    }

    /// <summary>Hides or shows the page as far as its scripts can tell.</summary>
    public Task SetHidden(bool hidden) => Evaluate(
        "(() => { Object.defineProperty(document, 'visibilityState', { configurable: true, "
        + $"get: () => '{(hidden ? "hidden" : "visible")}' }}); "
        + "document.dispatchEvent(new Event('visibilitychange')); })()");
}
