using System.Text;
using System.Xml.Linq;
using ScottPlot;

namespace HwNas.Native.Tests.ScottPlot;

public sealed class PlotDocumentTests
{
    [Fact]
    public void Svg_is_well_formed_and_keeps_its_texts_as_texts()
    {
        using var plot = new Plot();
        plot.Title("Front <of> \"A\" & 'B'");
        plot.XLabel("Latency (µs)");
        plot.YLabel("Accuracy (%) ]]> <!--");
        plot.Add.Scatter([1, 2], [3, 4]).LegendText = "dev & <ice>";

        XDocument svg = XDocument.Parse(plot.GetSvgXml(640, 480));

        string[] texts = [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        Assert.Contains("Front <of> \"A\" & 'B'", texts);
        Assert.Contains("Latency (µs)", texts);
        Assert.Contains("Accuracy (%) ]]> <!--", texts);
        Assert.Contains("dev & <ice>", texts);
        Assert.Equal(("640", "480"), (svg.Root!.Attribute("width")!.Value, svg.Root.Attribute("height")!.Value));
    }

    [Fact]
    public void Characters_that_xml_cannot_carry_are_replaced_in_every_format()
    {
        using var plot = new Plot();
        plot.Title("a\0b\u0007c\uD800d\ne\uFFFF");

        XDocument svg = XDocument.Parse(plot.GetSvgXml(300, 200));

        Assert.Contains(svg.Descendants(), element => element.Value == "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFD");
        Assert.NotEmpty(plot.GetImageBytes(300, 200, ImageFormat.Png));
        Assert.NotEmpty(plot.GetPdfBytes(300, 200));
    }

    [Fact]
    public void Markers_in_svg_lie_where_get_pixel_says()
    {
        using var plot = new Plot();
        plot.Add.Marker(2, 3, MarkerShape.FilledCircle, 9, new Color(1, 2, 3));

        XDocument svg = XDocument.Parse(plot.GetSvgXml(400, 300));

        XElement circle = Assert.Single(svg.Descendants(), element => element.Name.LocalName == "circle" && element.Attribute("fill")!.Value == "#010203");
        Pixel at = plot.GetPixel(new Coordinates(2, 3));
        Assert.Equal(at.X, double.Parse(circle.Attribute("cx")!.Value), 0.01);
        Assert.Equal(at.Y, double.Parse(circle.Attribute("cy")!.Value), 0.01);
        Assert.Equal("4.5", circle.Attribute("r")!.Value);
    }

    [Fact]
    public void Pdf_begins_and_ends_as_a_pdf_of_the_right_page_size()
    {
        using var plot = new Plot();
        plot.Title("Page");
        plot.Add.Scatter([1, 2], [3, 4]);

        string pdf = Encoding.Latin1.GetString(plot.GetPdfBytes(800, 600));

        Assert.StartsWith("%PDF-1.", pdf);
        Assert.EndsWith("%%EOF", pdf.TrimEnd());
        Assert.Matches(@"/MediaBox \[ ?0 0 600(\.0+)? 450(\.0+)? ?\]", pdf);
    }

    [Fact]
    public void Saved_files_hold_what_the_byte_methods_return()
    {
        string folder = Directory.CreateTempSubdirectory("hwnas-plot-").FullName;
        try
        {
            using var plot = new Plot();
            plot.Add.Scatter([1, 2], [3, 4]);
            string png = Path.Combine(folder, "a.png"), svg = Path.Combine(folder, "a.svg");

            SavedImageInfo savedPng = plot.SavePng(png, 200, 100), savedSvg = plot.SaveSvg(svg, 200, 100);

            Assert.Equal(plot.GetImageBytes(200, 100, ImageFormat.Png), File.ReadAllBytes(png));
            Assert.Equal(plot.GetSvgXml(200, 100), File.ReadAllText(svg));
            Assert.Equal((png, new FileInfo(png).Length), (savedPng.Path, savedPng.FileSize));
            Assert.Equal((svg, new FileInfo(svg).Length), (savedSvg.Path, savedSvg.FileSize));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_an_error_that_names_it()
    {
        using var plot = new Plot();
        string nowhere = Path.Combine(Path.GetTempPath(), "hwnas-no-such-folder", "plot.png");
        var error = Assert.Throws<DirectoryNotFoundException>(() => plot.SavePng(nowhere, 200, 100));
        Assert.Contains("hwnas-no-such-folder", error.Message);
        Assert.Throws<DirectoryNotFoundException>(() => plot.SaveSvg(nowhere, 200, 100));
    }
}
