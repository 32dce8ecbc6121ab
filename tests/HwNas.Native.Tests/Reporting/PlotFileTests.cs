using System.Globalization;
using System.Text;
using System.Xml.Linq;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Native.Tests.Support;
using ScottPlot;

namespace HwNas.Native.Tests.Reporting;

public sealed class PlotFileTests
{
    private static readonly Color Blue = Color.FromHex("0072B2");

    [Fact]
    public void Png_svg_and_pdf_are_written_by_the_ending_of_the_name_and_others_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in (string[])["a.png", "b.SVG", "c.pdf"])
            ParetoPlot.Save(Pictures.OneDevice, folder.File(name));

        Assert.Equal(ParetoPlot.ToPng(Pictures.OneDevice), File.ReadAllBytes(folder.File("a.png")));
        Assert.Equal(ParetoPlot.ToSvg(Pictures.OneDevice), File.ReadAllText(folder.File("b.SVG")));
        Assert.StartsWith("%PDF-", Encoding.Latin1.GetString(File.ReadAllBytes(folder.File("c.pdf"))));
        foreach (var name in (string[])["d.jpg", "d"])
        {
            var error = Assert.Throws<InputException>(() => ParetoPlot.Save(Pictures.OneDevice, folder.File(name)));
            Assert.Contains(".png, .svg or .pdf", error.Message);
        }

        Assert.Equal(3, Directory.GetFiles(folder.Path).Length);
    }

    [Theory]
    [InlineData("png")]
    [InlineData("svg")]
    [InlineData("pdf")]
    public void A_place_that_cannot_be_written_is_an_error_that_names_it_and_leaves_nothing(string format)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        var path = Path.Combine(folder.File("file"), $"plot.{format}");

        var error = Assert.Throws<InputException>(() => ParetoPlot.Save(Pictures.OneDevice, path));

        Assert.Contains(path, error.Message);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void The_same_picture_gives_the_same_bytes_twice_in_every_format()
    {
        using var folder = new TemporaryFolder();
        foreach (var format in (string[])["png", "svg", "pdf"])
        {
            ParetoPlot.Save(Pictures.OneDevice, folder.File($"a.{format}"));
            ParetoPlot.Save(Pictures.OneDevice, folder.File($"b.{format}"));
            Assert.Equal(File.ReadAllBytes(folder.File($"a.{format}")), File.ReadAllBytes(folder.File($"b.{format}")));
        }
    }

    [Fact]
    public void A_pdf_is_one_page_of_the_pictures_size_with_its_fonts_inside()
    {
        using var folder = new TemporaryFolder();
        ParetoPlot.Save(Pictures.OneDevice, folder.File("a.pdf"));
        var pdf = Encoding.Latin1.GetString(File.ReadAllBytes(folder.File("a.pdf")));

        Assert.Matches(@"/MediaBox \[0 0 675 450\]", pdf);
        Assert.Contains("/Count 1", pdf);
        Assert.Matches(@"/FontName /[A-Z]{6}\+DejaVuSans\b", pdf);
        Assert.Matches(@"/FontName /[A-Z]{6}\+DejaVuSans-Bold\b", pdf);
        Assert.Contains("/FontFile2", pdf);
        // Lines and text, no picture of them.
        Assert.DoesNotContain("/Subtype /Image", pdf);
        Assert.EndsWith("%%EOF", pdf.TrimEnd());
    }

    [Fact]
    public void A_png_has_the_colours_of_the_data_where_the_data_are()
    {
        var png = new PngPicture(ParetoPlot.ToPng(Pictures.OneDevice));
        var svg = new SvgPicture(ParetoPlot.ToSvg(Pictures.OneDevice));
        Color At(double x, double y) => png[(int)(2 * x), (int)(2 * y)];

        Assert.Equal((1800, 1200), (png.Width, png.Height));
        Assert.All(
            ((int, int)[])[(0, 0), (1799, 0), (0, 1199), (1799, 1199)],
            corner => Assert.Equal(Colors.White, png[corner.Item1, corner.Item2]));
        Assert.All(svg.Circles(Blue.ToHex()), point => Assert.Equal(Blue, At(point.X, point.Y)));
        // The front as stairs between its points, also where no marker is.
        (double X, double Y)[] front = [.. svg.Circles(Blue.ToHex())];
        Assert.Equal(Blue, At((front[0].X + front[1].X) / 2, front[0].Y));
        Assert.Equal(Blue, At(front[2].X, (front[1].Y + front[2].Y) / 2));
        // The ring: ink on its rim, nothing of it between marker and rim.
        Assert.Equal(PlotFile.Ink, At(front[1].X - 6.72, front[1].Y - 6.72));
        Assert.NotEqual(PlotFile.Ink, At(front[1].X - 4.7, front[1].Y - 4.7));
        // Budget: dashes and gaps, over the height.
        var budget = front[1].X + 0.1 * (front[2].X - front[0].X);
        var height = (int)(svg.DataArea[3] - svg.DataArea[1]);
        var dashes = Enumerable.Range((int)svg.DataArea[1], height).Count(y => At(budget, y + .5) == PlotFile.Ink);
        Assert.InRange(dashes, height / 3, height * 2 / 3);
    }

    [Fact]
    public void A_dot_at_half_size_is_still_a_dot()
    {
        var png = new PngPicture(ParetoPlot.ToPng(Pictures.OneDevice));
        var svg = new SvgPicture(ParetoPlot.ToSvg(Pictures.OneDevice));
        // As where a page shows the picture 450 wide: a pixel is the mean of 4 × 4.
        double Darkness(double x, double y)
        {
            var (left, top) = ((int)(x / 2) * 4, (int)(y / 2) * 4);
            return Enumerable.Range(0, 16).Average(i => 255 - png[left + (i % 4), top + (i / 4)].R);
        }

        Assert.All(
            svg.Circles("gray").Concat(svg.Circles(Blue.ToHex())), dot => Assert.InRange(Darkness(dot.X, dot.Y), 50, 255));
    }

    [Fact]
    public void Nothing_is_drawn_twice()
    {
        var svg = new SvgPicture(ParetoPlot.ToSvg(Pictures.OneDevice));
        Assert.Equal(svg.TextPlaces.Count(), svg.TextPlaces.Distinct().Count());
    }

    [Fact]
    public void All_texts_are_in_the_font_that_comes_with_the_program()
    {
        var svg = new SvgPicture(
            ParetoPlot.ToSvg(Pictures.OneDevice with { Title = "Größe, Ęłk, Ωμέγα, Дом: 50 µs ± 3 – 4 ≤ 5 … × ²" }));
        Assert.All(svg.All("text"), text => Assert.StartsWith("DejaVu Sans,", SvgPicture.Value(text, "font-family")));
        Assert.All(svg.All("text"), text => Assert.DoesNotContain('\uFFFD', text.Value));
        Assert.Equal("600", SvgPicture.Value(
            svg.All("text").Single(text => text.Value.StartsWith("Größe", StringComparison.Ordinal)), "font-weight"));
    }

    [Fact]
    public void Characters_that_xml_or_the_font_cannot_carry_are_replaced_in_every_text_and_format()
    {
        ParetoPicture odd = new("a\0b\u0007c\uD800d\r\ne\uFFFF ]]> <!-- & \"A\" 'B'", "x\uDC00<x>", "y\u001By & ]]>", [
            Pictures.Series with { Name = "dev & <ice>\0" }, Pictures.Series,
        ]) { CostUnit = "\0&" };
        var text = ParetoPlot.ToSvg(odd);
        var texts = new SvgPicture(text).Texts;

        Assert.Contains("a\uFFFDb\uFFFDc\uFFFDd e\uFFFD ]]> <!-- & \"A\" 'B'", texts);
        Assert.Contains("x\uFFFD<x>", texts);
        Assert.Contains("y\uFFFDy & ]]>", texts);
        Assert.Contains("dev & <ice>\uFFFD, chosen: 86.0 % at 200 \uFFFD&", texts);
        using var folder = new TemporaryFolder();
        ParetoPlot.Save(odd, folder.File("odd.png"));
        ParetoPlot.Save(odd, folder.File("odd.pdf"));
    }

    [Theory]
    [InlineData(10, 17, false)]
    [InlineData(80, 15, false)]
    [InlineData(110, 11, false)]
    [InlineData(500, 9, true)]
    public void A_long_title_is_set_smaller_and_only_then_cut(int letters, double size, bool isCut)
    {
        var svg = new SvgPicture(ParetoPlot.ToSvg(Pictures.OneDevice with { Title = new string('n', letters) }));
        var title = svg.All("text").Single(text => text.Value.StartsWith("nnn", StringComparison.Ordinal));
        Assert.Equal(isCut, title.Value.EndsWith('…'));
        Assert.InRange(SvgPicture.Number(title, "font-size"), size - 2, size);
        var (middle, first) = HorizontalPlace(title);
        Assert.InRange(middle + first, 1, PlotFile.Width);
        Assert.InRange(middle - first, 1, PlotFile.Width - 1);
    }

    [Fact]
    public void Labels_lie_inside_the_picture_and_differ()
    {
        ParetoPoint[] points = [new(123_456.001, 80.0001), new(123_456.002, 80.0002)];
        var svg = new SvgPicture(ParetoPlot.ToSvg(new ParetoPicture("t", "x", "y", [new ParetoSeries("s", points, points)])));
        string[] labels = [.. svg.Texts.Where(text => text.StartsWith("80.", StringComparison.Ordinal)
            || text.StartsWith("123,456", StringComparison.Ordinal))];
        Assert.True(labels.Length >= 4);
        Assert.Equal(labels.Length, labels.Distinct().Count());
        foreach (var text in svg.All("text")
            .Where(text => SvgPicture.Value(text, "transform").StartsWith("translate(", StringComparison.Ordinal)))
        {
            var (at, first) = HorizontalPlace(text);
            Assert.InRange(at + first, 0, PlotFile.Width);
        }
    }

    [Fact]
    public void Nothing_one_point_and_numbers_that_are_none_give_pictures_too()
    {
        var nothing = new ParetoPicture("", "x", "y", []);
        var one = nothing with { Series = [new ParetoSeries("s", [], [new(5, 80)], new(5, 80))] };
        var none = nothing with
        {
            Series = [new ParetoSeries(
                "s", [new(double.NaN, 80), new(0, double.NaN), new(double.PositiveInfinity, 3)], [new(5, 80), new(500, 81)])],
        };
        foreach (var picture in (ParetoPicture[])[nothing, one, none])
            Assert.DoesNotContain("NaN", ParetoPlot.ToSvg(picture));
        Assert.Equal(2, new SvgPicture(ParetoPlot.ToSvg(none)).Circles(Blue.ToHex()).Count);
    }

    [Fact]
    public void Extreme_numbers_in_any_place_neither_throw_nor_spoil_the_picture()
    {
        double[] odd =
        [
            0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e300, 1e-300, double.Epsilon,
            double.MaxValue, 5, 100, 1e15, 1e15 + 1, 1e29, -7, 1e-9,
        ];
        const int Seed = 20;
        var random = new Random(Seed);
        double Any() => odd[random.Next(odd.Length)];
        Interval? Range() => random.Next(2) == 0 ? null : new Interval(Any(), Any());
        for (var i = 0; i < 60; i++)
        {
            ParetoPoint[] points = [.. Enumerable.Range(0, random.Next(4))
                .Select(_ => new ParetoPoint(Any(), Any(), Range(), Range()))];
            var picture = new ParetoPicture(
                "t", "x", "y", [
                    new ParetoSeries("s", points, points[..random.Next(points.Length + 1)], points.FirstOrDefault())
                    {
                        Budget = random.Next(2) == 0 ? null : Any(),
                    },
                ]);
            var svg = ParetoPlot.ToSvg(picture);
            Assert.DoesNotMatch("(?i)nan|inf\\b", svg);
            Assert.NotEmpty(new SvgPicture(svg).All("text"));
        }
    }

    /// <summary>What a text is aligned to, and where its first letter begins from there.</summary>
    private static (double At, double First) HorizontalPlace(XElement text) => (
        double.Parse(SvgPicture.Value(text, "transform").Split('(', ' ')[1], CultureInfo.InvariantCulture),
        double.Parse(SvgPicture.Value(text, "x").Split(',')[0], CultureInfo.InvariantCulture));
}
