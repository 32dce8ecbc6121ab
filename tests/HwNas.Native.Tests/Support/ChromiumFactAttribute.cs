namespace HwNas.Native.Tests.Support;

/// <summary>A test of the page in Chromium; skipped, with the reason, where one of them is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = Chromium.Program is null
        ? "Chromium is not installed (no 'chromium', 'chromium-browser' or 'google-chrome' on the PATH)."
        : BrowserRuntime.Missing;
}
