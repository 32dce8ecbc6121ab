using System.Xml.Linq;
using HwNas.Cli.Reporting;

namespace HwNas.Native.Tests.Reporting;

public sealed class HtmlReportTests
{
    private static HtmlReport Report => new(
        "Run <b>\"1\"</b> & more",
        [("Device", "<script>alert(1)</script>"), ("Space", "a & b")],
        Pictures.OneDevice,
        [
            SomeRow.Of("a<b", 84.1, 100, 101, 5_000_000, 80_000) with { IsChosen = true },
            SomeRow.Of("c", 85, 200, 190, 9_000_000, 90_000),
        ])
    {
        Files = [("Model", "runs/x/model.onnx")],
    };

    [Fact]
    public void The_report_is_well_formed_and_everything_in_it_is_escaped()
    {
        var html = Report.ToHtml();
        var document = XDocument.Parse(html);

        Assert.DoesNotContain("<script", html);
        Assert.Equal("Run <b>\"1\"</b> & more", document.Descendants("h1").Single().Value);
        Assert.Equal("Run <b>\"1\"</b> & more", document.Descendants("title").Single().Value);
        Assert.Contains(document.Descendants("dd"), element => element.Value == "<script>alert(1)</script>");
        Assert.Contains(document.Descendants("td"), element => element.Value == "a<b");
        Assert.Contains(document.Descendants("dd"), element => element.Value == "runs/x/model.onnx");
    }

    [Fact]
    public void The_report_needs_no_other_file_nor_a_network()
    {
        var document = XDocument.Parse(Report.ToHtml());
        Assert.DoesNotContain(document.Descendants(), element => element.Attributes().Any(attribute =>
            attribute.Name.LocalName is "src" or "href"
            || attribute.Value.Replace("url(#", "", StringComparison.Ordinal).Contains("url(", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            document.Descendants(), element => element.Name.LocalName is "link" or "script" or "iframe" or "img");
        Assert.Contains(document.Descendants(), element => element.Name.LocalName == "svg");
    }

    [Fact]
    public void The_chosen_row_and_only_it_is_marked()
    {
        var document = XDocument.Parse(Report.ToHtml());
        var chosen = Assert.Single(document.Descendants("tr"), row => (string?)row.Attribute("class") == "chosen");
        Assert.Contains(chosen.Elements("td"), cell => cell.Value == "a<b");
        Assert.Equal(3, document.Descendants("tr").Count());
    }

    [Fact]
    public void Saving_writes_the_same_text()
    {
        var folder = Directory.CreateTempSubdirectory("hwnas-report-").FullName;
        try
        {
            var path = Path.Combine(folder, "deep", "report.html");
            Report.Save(path);
            Assert.Equal(Report.ToHtml(), File.ReadAllText(path));
            Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
