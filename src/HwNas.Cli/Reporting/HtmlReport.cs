using System.Net;
using System.Text;
using HwNas.Core.Files;

namespace HwNas.Cli.Reporting;

/// <summary>What a report says: facts as name and value, the picture, and the front as a table.</summary>
internal sealed record HtmlReport(
    string Title, IReadOnlyList<(string Name, string Value)> Facts, ParetoPicture Picture, IReadOnlyList<FrontRow> Front)
{
    /// <summary>Texts and links below the table: files written, how to go on.</summary>
    public IReadOnlyList<(string Name, string Value)> Files { get; init; } = [];

    private const string Style = """
        body { font: 16px/1.5 system-ui, "DejaVu Sans", Verdana, sans-serif; color: #222; }
        body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        svg { max-width: 100%; height: auto; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
        th, td { padding: .25rem .55rem; border-bottom: 1px solid #ddd; text-align: right; white-space: nowrap; }
        th.text, td.text { text-align: left; white-space: normal; }
        tr.chosen { background: #e8f3fb; font-weight: bold; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; }
        dd { margin: 0; overflow-wrap: anywhere; }
        dt { color: #555; }
        """;

    /// <summary>Writes one file that needs no other, nor a network: styles and picture are inside it.</summary>
    public void Save(string path) => AtomicFile.WriteText(path, ToHtml());

    public string ToHtml()
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            // Nothing may be loaded: what the report says is all in it.
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
            .Append($"<title>{Escaped(Title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{Escaped(Title)}</h1>\n");
        AppendList(html, Facts);
        html.Append($"<h2>{Escaped(Picture.AccuracyLabel)} over {Escaped(Picture.CostLabel)}</h2>\n{ParetoPlot.ToSvg(Picture)}");
        AppendTable(html, new FrontTable(Front));
        if (Files.Count > 0)
            html.Append("<h2>Files</h2>\n");
        AppendList(html, Files);
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendTable(StringBuilder html, FrontTable table)
    {
        if (table.Rows.Count == 0)
            return;
        string Class(int column) => table.IsText[column] ? " class=\"text\"" : "";
        html.Append("<h2>The front</h2>\n<div class=\"wide\">\n<table>\n<thead><tr>");
        for (var i = 0; i < table.Headers.Count; i++)
            html.Append($"<th{Class(i)}>{Escaped(table.Headers[i])}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        for (var row = 0; row < table.Rows.Count; row++)
        {
            html.Append(table.ChosenRows[row] ? "<tr class=\"chosen\">" : "<tr>");
            for (var i = 0; i < table.Headers.Count; i++)
                html.Append($"<td{Class(i)}>{Escaped(table.Rows[row][i])}</td>");
            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table>\n</div>\n");
    }

    private static void AppendList(StringBuilder html, IReadOnlyList<(string Name, string Value)> items)
    {
        if (items.Count == 0)
            return;
        html.Append("<dl>\n");
        foreach (var (name, value) in items)
            html.Append($"<dt>{Escaped(name)}</dt><dd>{Escaped(value)}</dd>\n");
        html.Append("</dl>\n");
    }

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
