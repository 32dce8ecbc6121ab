using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.ScottPlot;

/// <summary>
/// The part of ScottPlot 5.1 that the product calls. Whoever adds a line has looked up that the real package has that
/// member, so that the product compiles with HwNasPackages=nuget too.
/// </summary>
public sealed class ApiInUseTests
{
    private static readonly string[] InUse =
    [
        "AxisLine.set_LegendText",
        "AxisManager.SetLimits",
        "AxisManager.get_Bottom",
        "AxisManager.get_Left",
        "AxisManager.get_Right",
        "AxisManager.get_Top",
        "Color.FromHex",
        "Color.WithAlpha",
        "Colors.get_Gray",
        "Colors.get_Transparent",
        "Colors.get_White",
        "ErrorBar..ctor",
        "ErrorBar.set_Color",
        "IAxis.SetTicks",
        "IAxis.get_FrameLineStyle",
        "IAxis.get_Label",
        "LabelStyle.set_Bold",
        "Legend.set_BackgroundColor",
        "Legend.set_FontSize",
        "Legend.set_OutlineColor",
        "Legend.set_ShadowColor",
        "LinePattern.get_DenselyDashed",
        "LineStyle.set_IsVisible",
        "Marker.set_MarkerLineWidth",
        "PdfExport.GetPdfBytes",
        "Plot..ctor",
        "Plot.GetImageBytes",
        "Plot.GetSvgXml",
        "Plot.ShowLegend",
        "Plot.Title",
        "Plot.XLabel",
        "Plot.YLabel",
        "Plot.get_Add",
        "Plot.get_Axes",
        "Plot.get_Legend",
        "Plot.set_ScaleFactor",
        "PlottableAdder.Marker",
        "PlottableAdder.Plottable",
        "PlottableAdder.Scatter",
        "PlottableAdder.ScatterPoints",
        "PlottableAdder.Text",
        "PlottableAdder.VerticalLine",
        "Scatter.set_LegendText",
        "Scatter.set_LineWidth",
        "Scatter.set_MarkerShape",
        "Scatter.set_MarkerSize",
        "Text.set_LabelAlignment",
        "Text.set_LabelBackgroundColor",
        "Text.set_LabelFontColor",
        "Text.set_LabelFontSize",
        "Text.set_LabelPadding",
        "Text.set_OffsetX",
        "Text.set_OffsetY",
    ];

    [Fact]
    public void The_product_uses_no_more_of_ScottPlot_than_is_listed_here()
    {
        Assert.Equal(InUse, AssemblyUse.Members("ScottPlot", "hwnas.dll"));
    }
}
