using System.Xml.Linq;
using HwNas.Cli.Reporting;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Reporting;

public sealed class HtmlReportTests
{
    private static HtmlReport Report => new(
        "Run <b>\"1\"</b> & more",
        [("Device", "<script>alert(1)</script>"), ("Space", "a & b")],
        Pictures.OneDevice,
        [
            SomeRow.Of("a<b", 84.1, 100, 101, 5_000_000, 80_000) with { IsChosen = true, Model = "models/a&b.onnx" },
            SomeRow.Of("c", 85, 200, 190, 9_000_000, 90_000),
        ]);

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
    }

    [Fact]
    public void The_report_needs_no_other_file_nor_a_network()
    {
        var document = XDocument.Parse(Report.ToHtml());
        Assert.DoesNotContain(document.Descendants(), element => element.Attributes().Any(attribute =>
            attribute.Name.LocalName is "src" || (attribute.Name.LocalName is "href" && element.Name.LocalName is not "a")
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
    public void A_subnet_that_was_exported_links_to_its_model()
    {
        var link = Assert.Single(XDocument.Parse(Report.ToHtml()).Descendants("a"));
        Assert.Equal(("a<b", "models/a&b.onnx"), (link.Value, (string?)link.Attribute("href")));
    }

    [Fact]
    public void Every_figure_says_what_it_is_where_there_is_no_header()
    {
        var document = XDocument.Parse(Report.ToHtml());
        var headers = document.Descendants("th").Select(header => header.Value);
        foreach (var row in document.Descendants("tbody").Elements())
            Assert.Equal(headers, row.Elements("td").Select(cell => (string?)cell.Attribute("data-label")));
    }

    // As laid out by a browser: at every width all ids and figures lie inside the window.
    [ChromiumFact]
    public async Task All_columns_are_seen_at_the_widths_of_phones_and_screens()
    {
        using var folder = new TemporaryFolder();
        Report.Save(folder.File("report.html"));
        await using var chromium = await Chromium.Start();
        var tab = await chromium.Open(new Uri(folder.File("report.html")));
        await tab.Until("document.querySelector('td')");
        foreach (var width in (int[])[390, 1280, 1600])
        {
            await tab.Resize(width, 900);
            await tab.Until($"window.innerWidth === {width}");
            Assert.Equal("true", await tab.Evaluate("document.documentElement.scrollWidth <= window.innerWidth"));
            Assert.Equal("14", await tab.Evaluate("""
                [...document.querySelectorAll('td.name, td:not(.text)')].filter(cell => {
                  const box = cell.getBoundingClientRect();
                  return cell.innerText.trim() && box.width > 0 && box.left >= 0 && box.right <= window.innerWidth;
                }).length
                """));
        }
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
