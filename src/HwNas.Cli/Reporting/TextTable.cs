namespace HwNas.Cli.Reporting;

/// <summary>A column of a table.</summary>
/// <param name="Header">Its name.</param>
/// <param name="IsText">Text is set to the left, numbers to the right.</param>
internal sealed record TextColumn(string Header, bool IsText = false)
{
    /// <summary>Whether it names the row: always shown, on a line of its own where the terminal is narrow.</summary>
    public bool IsName { get; init; }

    /// <summary>Whether its cells are lists that may go on in the next line.</summary>
    public bool Folds { get; init; }

    /// <summary>Columns of higher numbers are the first to be left out; of equal ones the rightmost.</summary>
    public int DropOrder { get; init; }
}

/// <summary>
/// The tables of all verbs. A file or pipe gets the whole table. Where a terminal is narrower, cells that are lists fold,
/// then long names stand on lines of their own, then columns are left out, which is said below; nothing wraps.
/// </summary>
internal sealed class TextTable(IReadOnlyList<TextColumn> columns, IReadOnlyList<string[]> rows)
{
    private const string Gap = "  ";
    private const int HeaderLines = 2;

    /// <summary>The rows that stand out.</summary>
    public IReadOnlyList<bool> Emphasized { get; init; } = [];

    /// <summary>The table, each line ended.</summary>
    public string ToText(Screen screen)
    {
        var shown = Enumerable.Range(0, columns.Count).ToList();
        var name = shown.FindIndex(column => columns[column].IsName);
        if (screen.Columns is not { } most || WidthOf(shown, Widest) <= most)
            return Text(Lines(shown, Widest, screen));
        if (WidthOf(shown, Narrowest) <= most)
            return Text(Lines(shown, Folded(shown, most), screen));

        // Two lines a row are worth it where all columns can stay, or names leave no room for others.
        var isStacked = name >= 0
            && (Widest(name) > most / 2 || WidthOf(shown[(name + 1)..], Widest) + IndentBelow(name) <= most);
        return isStacked
            ? Stacked(shown, name, most, screen)
            : Fitted(shown, column => column != name, most, screen);
    }

    /// <summary>As many columns as fit, and a line that says which are missing.</summary>
    private string Fitted(List<int> shown, Func<int, bool> mayGo, int most, Screen screen)
    {
        var missing = DropUntilFits(shown, mayGo, most);
        return Text(Lines(shown, Folded(shown, most), screen)) + Missing(missing, screen);
    }

    // The names on lines of their own, beside what stands left of them; the other columns below.
    private string Stacked(List<int> shown, int name, int most, Screen screen)
    {
        var left = shown[..name];
        var indent = new string(' ', IndentBelow(name) - Gap.Length);
        var below = shown[(name + 1)..];
        var missing = DropUntilFits(below, _ => true, most - IndentBelow(name));
        var cells = Lines(below, Widest, screen);
        var text = new List<string> { Bold(indent + columns[name].Header, screen) };
        text.AddRange(cells.Take(HeaderLines).Select(line => indent + Gap + line));
        foreach (var (index, row) in rows.Index())
        {
            var beside = string.Concat(left.Select(column => row[column].PadRight(Widest(column) + 1)));
            foreach (var (piece, part) in Screen.Pieces(row[name], most - indent.Length).Index())
            {
                text.Add(IsEmphasized(index)
                    ? Bold((piece == 0 ? beside : indent) + part, screen)
                    : (piece == 0 ? beside : indent) + part);
            }

            text.Add(indent + Gap + cells[HeaderLines + index]);
        }

        return Text(text) + Missing(missing, screen);
    }

    private int IndentBelow(int name) => Enumerable.Range(0, name).Sum(column => Widest(column) + 1) + Gap.Length;

    private List<int> DropUntilFits(List<int> shown, Func<int, bool> mayGo, int most)
    {
        var missing = new List<int>();
        while (WidthOf(shown, Narrowest) > most && shown.Any(mayGo))
        {
            var next = shown.Where(mayGo)
                .OrderByDescending(column => columns[column].DropOrder)
                .ThenByDescending(column => column).First();
            shown.Remove(next);
            missing.Add(next);
        }

        return missing;
    }

    private string Missing(List<int> missing, Screen screen)
    {
        string[] names = [.. missing.Order()
            .Select(column => string.Join(' ', columns[column].Header.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .Where(header => header.Length > 0)];
        return names.Length == 0 ? "" : screen.Fold($"(a wider terminal also shows: {string.Join(", ", names)})\n");
    }

    /// <summary>The widths at which the columns fit, the widest lists folded most.</summary>
    private Func<int, int> Folded(List<int> shown, int most)
    {
        var widths = shown.ToDictionary(column => column, Widest);
        for (var excess = WidthOf(shown, Widest) - most; excess > 0; excess--)
        {
            if (shown.Where(column => widths[column] > Narrowest(column))
                .OrderByDescending(column => widths[column]).Cast<int?>().FirstOrDefault() is not { } widest)
            {
                break;
            }

            widths[widest]--;
        }

        return column => widths[column];
    }

    /// <summary>The lines of the table: the header, a rule, the rows.</summary>
    private string[] Lines(List<int> shown, Func<int, int> widthOf, Screen screen)
    {
        if (shown.Count == 0)
            return [.. Enumerable.Repeat("", HeaderLines + rows.Count)];
        // By hand: a library's general tables take minutes for the million rows that some verbs print.
        (TextColumn Column, int Width)[] columnsShown = [.. shown.Select(column => (columns[column], widthOf(column)))];
        return
        [
            .. LinesOf(shown.Select(column => columns[column].Header)).Select(line => Bold(line, screen)),
            .. LinesOf(columnsShown.Select(column => new string('─', column.Width))),
            .. rows.Index().SelectMany(row => LinesOf(shown.Select(column => row.Item[column]))
                .Select(line => IsEmphasized(row.Index) ? Bold(line, screen) : line)),
        ];

        // One, or as many as its longest list takes.
        IEnumerable<string> LinesOf(IEnumerable<string> cells)
        {
            var pieces = cells.Zip(columnsShown, (cell, place) => Pieces(cell, place.Width)).ToList();
            return Enumerable.Range(0, pieces.Max(lines => lines.Count))
                .Select(line => pieces.Zip(columnsShown, (lines, place) => Aligned(lines.ElementAtOrDefault(line) ?? "", place)))
                .Select(row => string.Join(Gap, row).TrimEnd());
        }
    }

    private static string Aligned(string text, (TextColumn Column, int Width) place) =>
        place.Column.IsText ? text.PadRight(place.Width) : text.PadLeft(place.Width);

    // A list in lines of a width, broken between its words.
    private static List<string> Pieces(string cell, int width)
    {
        if (cell.Length <= width)
            return [cell];
        var lines = new List<string> { "" };
        foreach (var word in cell.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines[^1].Length == 0)
                lines[^1] = word;
            else if (lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += " " + word;
            else
                lines.Add(word);
        }

        return lines;
    }

    private bool IsEmphasized(int row) => row < Emphasized.Count && Emphasized[row];

    private static int WidthOf(List<int> shown, Func<int, int> widthOf) =>
        shown.Sum(widthOf) + (Gap.Length * Math.Max(0, shown.Count - 1));

    private int Widest(int column) => CellsOf(column).Max(cell => cell.Length);

    private int Narrowest(int column) =>
        columns[column].Folds ? CellsOf(column).SelectMany(cell => cell.Split(' ')).Max(word => word.Length) : Widest(column);

    private IEnumerable<string> CellsOf(int column) => rows.Select(row => row[column]).Append(columns[column].Header);

    private static string Bold(string line, Screen screen) => screen.HasColors ? $"\e[1m{line}\e[0m" : line;

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
