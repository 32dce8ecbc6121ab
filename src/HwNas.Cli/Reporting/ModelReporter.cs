namespace HwNas.Cli.Reporting;

/// <summary>Shows on a progress line how far work on several models is.</summary>
internal sealed class ModelReporter(ProgressLine line) : IProgress<ModelProgress>
{
    public void Report(ModelProgress value) => line.Report(value.Done, value.Models, value.Name);
}
