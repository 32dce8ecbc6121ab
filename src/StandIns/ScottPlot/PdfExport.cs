namespace ScottPlot;

/// <summary>What cairo can and ScottPlot cannot: code that calls it compiles against the stand-in only.</summary>
public static class PdfExport
{
    /// <summary>One page with vector graphics, at 96 pixels an inch.</summary>
    public static byte[] GetPdfBytes(this Plot plot, int width, int height) => plot.ToPdf(width, height);
}
