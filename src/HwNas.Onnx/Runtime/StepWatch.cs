using System.Diagnostics;
using HwNas.Core;

namespace HwNas.Onnx.Runtime;

/// <summary>
/// Looks after a process that runs models of strangers: none may be loaded or timed for longer than a limit, nor may they
/// take more memory than another. What exceeds one cannot be stopped, so the process is ended; the limit is told before.
/// While the process is suspended, or waits for a machine that sleeps, nothing counts.
/// </summary>
/// <param name="limits">The limits.</param>
/// <param name="tell">Told what was exceeded, in words.</param>
/// <param name="clock">The clock.</param>
internal sealed class StepWatch(ForeignLimits limits, Action<string> tell, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    // A look comes later than this after the one before only where this thread stood still, and the model with it.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    // Nothing is allocated between samples: a collection would disturb the next.
    private string? _model;
    private long _began;

    /// <summary>Watches from now on, on a thread of its own.</summary>
    public void Start() => new Thread(Watch) { Name = "watching", IsBackground = true }.Start();

    /// <summary>A model begins to be loaded or timed; null when nothing runs.</summary>
    public void Begin(string? model)
    {
        Volatile.Write(ref _began, clock.GetTimestamp());
        Volatile.Write(ref _model, model);
    }

    private void Watch()
    {
        string? exceeded = null;
        var (began, looked, spent) = (0L, clock.GetTimestamp(), TimeSpan.Zero);
        while (exceeded is null)
        {
            Thread.Sleep(Every);
            var (step, now) = (Volatile.Read(ref _began), clock.GetTimestamp());
            var since = clock.GetElapsedTime(step == began ? looked : step, now);
            spent = (step == began ? spent : TimeSpan.Zero) + (since < Longest ? since : Longest);
            (began, looked) = (step, now);
            if (Environment.WorkingSet > limits.MaxBytes)
                exceeded = $"needs more than {limits.MaxBytes >> 20} MiB of memory";
            else if (Volatile.Read(ref _model) is not null && spent > limits.Step)
                exceeded = $"does not end within {limits.Step.TotalSeconds:0.#} s";
        }

        tell($"The model '{VisibleText.OneLine(Volatile.Read(ref _model) ?? "")}' {exceeded}; it was given up.");
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}

/// <summary>What a model of strangers may take.</summary>
/// <param name="Step">Time to load it, or for one sample of it.</param>
/// <param name="MaxBytes">Memory of the process that runs it.</param>
public sealed record ForeignLimits(TimeSpan Step, long MaxBytes)
{
    // Providers that translate models take minutes for some.
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60), Translated = TimeSpan.FromMinutes(10);

    /// <summary>For a provider on this machine: no sample that is timed comes near.</summary>
    public static ForeignLimits For(string provider) =>
        new(provider is "cpu" or "xnnpack" ? Usual : Translated, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3);
}
