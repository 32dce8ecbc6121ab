namespace HwNas.Native.Tests.Support;

/// <summary>A test that needs Chromium; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (Chromium.Program is null)
            Skip = "Chromium is not installed (no 'chromium', 'chromium-browser' or 'google-chrome' on the PATH).";
    }
}
