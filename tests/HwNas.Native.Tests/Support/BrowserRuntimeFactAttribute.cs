namespace HwNas.Native.Tests.Support;

/// <summary>A test that serves a page for browsers; skipped, with the reason, where its runtime cannot be had.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserRuntimeFactAttribute : FactAttribute
{
    public BrowserRuntimeFactAttribute() => Skip = BrowserRuntime.Missing;
}

/// <summary>The same with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class BrowserRuntimeTheoryAttribute : TheoryAttribute
{
    public BrowserRuntimeTheoryAttribute() => Skip = BrowserRuntime.Missing;
}
