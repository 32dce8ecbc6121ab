using System.Diagnostics;
using System.Text;

namespace HwNas.Native.Tests.Support;

/// <summary>The tool while it serves a page for browsers.</summary>
internal sealed class ServingTool : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new(), _error = new();
    private readonly TaskCompletionSource<Uri> _page = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServingTool(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            Append(_error, line.Data);
            if (line.Data is { } text && text.Trim().StartsWith("http", StringComparison.Ordinal))
                _page.TrySetResult(new Uri(text.Trim()));
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Task<Uri> Page => _page.Task.WaitAsync(TimeSpan.FromMinutes(2));

    public string Output => Text(_output);

    public string Error => Text(_error);

    public static ServingTool Start(string folder, params string[] arguments) => new(Tool.Start(folder, arguments));

    public void Interrupt() => Tool.Interrupt(_process);

    public async Task<int> Exit()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async Task UntilError(string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        while (!Error.Contains(text, StringComparison.Ordinal))
            await Task.Delay(50, limit.Token);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
            text.AppendLine(line);
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
