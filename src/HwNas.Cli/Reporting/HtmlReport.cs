using System.Net;
using System.Text;
using HwNas.Core.Files;

namespace HwNas.Cli.Reporting;

/// <summary>What a report says: facts as name and value, the picture, and the front as a table.</summary>
internal sealed record HtmlReport(
    string Title, IReadOnlyList<(string Name, string Value)> Facts, ParetoPicture Picture, IReadOnlyList<FrontRow> Front)
{
    // All columns are seen at any width: where the table is wider than the window, each row becomes a card.
    // A phone shows a part of the picture, moved sideways, in which letters are as large as to be read.
    private const string Style = """
        :root { color-scheme: light dark; --ink: #222; --soft: #555; --line: #ddd; --chosen: #e8f3fb; --link: #0b63a5; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e6e6e6; --soft: #a8a8a8; --line: #444; --chosen: #1d3446; --link: #7cc0f5; }
          body { background: #181818; }
        }
        body { font: 16px/1.5 system-ui, "DejaVu Sans", Verdana, sans-serif; color: var(--ink); }
        body { max-width: 82rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2rem; }
        a { color: var(--link); }
        figure { margin: 2rem 0; } svg { max-width: 100%; height: auto; border-radius: 4px; }
        table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; width: 100%; }
        th, td { padding: .25rem .55rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
        th.text, td.text { text-align: left; white-space: normal; overflow-wrap: anywhere; }
        td.name { min-width: 16rem; }
        tr.chosen { background: var(--chosen); } tr.chosen .name { font-weight: bold; }
        dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; }
        dd { margin: 0; overflow-wrap: anywhere; } dt { color: var(--soft); }
        @media (max-width: 62rem) {
          table, tbody { display: block; } thead { display: none; }
          tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(10rem, 1fr)); gap: 0 1.5rem; padding: .6rem .4rem; }
          tr { border-bottom: 1px solid var(--line); }
          td { display: flex; justify-content: space-between; padding: .1rem 0; border: 0; }
          td::before { content: attr(data-label); color: var(--soft); }
          td.name { display: block; grid-column: 1 / -1; } td.name::before { content: none; }
          tr.chosen .name::before { content: "→ "; color: inherit; } td.text:not(.name), td:empty { display: none; }
        }
        @media (max-width: 30rem) { dl { display: block; } dd { margin: 0 0 .6rem; } }
        @media (max-width: 45rem) { figure { overflow-x: auto; } svg { max-width: none; width: 45rem; } }
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
        html.Append($"<figure>\n{ParetoPlot.ToSvg(Picture)}</figure>\n");
        AppendTable(html, new FrontTable(Front));
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendTable(StringBuilder html, FrontTable table)
    {
        if (table.Rows.Count == 0)
            return;
        string Class(int column) => table.Columns[column] switch
        {
            { IsName: true } => " class=\"text name\"",
            { IsText: true } => " class=\"text\"",
            _ => "",
        };
        html.Append("<h2>The front</h2>\n<table>\n<thead><tr>");
        for (var i = 0; i < table.Columns.Count; i++)
            html.Append($"<th{Class(i)}>{Escaped(table.Columns[i].Header)}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var (index, row) in table.Rows.Index())
        {
            html.Append(table.ChosenRows[index] ? "<tr class=\"chosen\">" : "<tr>");
            for (var i = 0; i < row.Length; i++)
            {
                var text = table.Columns[i].IsName && table.Models[index] is { } model
                    ? $"<a href=\"{Escaped(model)}\">{Escaped(row[i])}</a>"
                    : Escaped(row[i]);
                html.Append($"<td{Class(i)} data-label=\"{Escaped(table.Columns[i].Header)}\">{text}</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table>\n");
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
