using System.Collections.Immutable;
using System.Text;
using HwNas.Core.Files;

namespace HwNas.Core.Search.Tables;

/// <summary>One line of a table.</summary>
/// <param name="Line">Number of the line in the file where it begins, from 1.</param>
/// <param name="Fields">One text for each column.</param>
public sealed record CsvRow(int Line, string[] Fields);

/// <summary>
/// A table of comma-separated values (RFC 4180) with a line of column names first; fields may be quoted. Where that line has
/// no comma, semicolons or tabs may separate. Read strictly: what is ambiguous is an error that names file and line.
/// </summary>
public sealed class CsvTable
{
    private const int MostColumns = 1_000;
    private const int MostFieldLength = 1 << 16;

    private CsvTable(string path, CsvRow header, List<CsvRow> rows)
    {
        Path = path;
        Columns = [.. header.Fields];
        Rows = rows;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>
    /// Names of the columns; each is different. One without a name, such as pandas' index, is <c>column 1</c> by its place.
    /// </summary>
    public ImmutableArray<string> Columns { get; }

    /// <summary>The lines after the first; empty lines are left out.</summary>
    public IReadOnlyList<CsvRow> Rows { get; }

    /// <summary>Reads a file of at most <see cref="StrictJson.MaxFileBytes"/>.</summary>
    /// <exception cref="InputException">The file is missing, too large or no such table.</exception>
    public static CsvTable Read(string path) => Parse(StrictJson.ReadText(path), path);

    /// <summary>Reads a text; <paramref name="path"/> names it in errors.</summary>
    /// <exception cref="InputException">The text is no such table.</exception>
    public static CsvTable Parse(string text, string path)
    {
        var rows = new Reader(text, path).ReadAll();
        if (rows.Count == 0)
            throw new InputException($"'{path}' is empty; its first line must name the columns.");
        var header = rows[0];
        foreach (var (index, name) in header.Fields.Index())
            header.Fields[index] = name.Length > 0 ? name : $"column {index + 1}";
        if (header.Fields.Index()
            .FirstOrDefault(field => Array.IndexOf(header.Fields, field.Item) != field.Index) is { Item: { } twice } second)
        {
            throw new InputException(
                $"'{path}' line {header.Line}: column {second.Index + 1} has the name '{twice}' of an earlier one.");
        }

        rows.RemoveAt(0);
        foreach (var row in rows)
        {
            if (row.Fields.Length != header.Fields.Length)
            {
                throw new InputException(
                    $"'{path}' line {row.Line} has {row.Fields.Length} fields for {header.Fields.Length} columns.");
            }
        }

        return new CsvTable(path, header, rows);
    }

    /// <summary>The index of a column.</summary>
    /// <exception cref="InputException">There is none of this name.</exception>
    public int IndexOf(string column)
    {
        var index = Columns.IndexOf(column, StringComparer.Ordinal);
        return index >= 0
            ? index
            : throw new InputException($"'{Path}' has no column '{column}'; it has {string.Join(", ", Columns)}.");
    }

    // Walks the text once, field by field.
    private sealed class Reader(string text, string path)
    {
        private readonly StringBuilder _quoted = new();
        private int _position = text.StartsWith('\uFEFF') ? 1 : 0;
        private readonly char _separator = SeparatorOf(text);
        private int _line = 1;

        public List<CsvRow> ReadAll()
        {
            var rows = new List<CsvRow>();
            while (_position < text.Length)
            {
                var row = ReadRow();
                if (row.Fields is not [""])
                    rows.Add(row);
            }

            return rows;
        }

        private CsvRow ReadRow()
        {
            var start = _line;
            var fields = new List<string>();
            do
            {
                if (fields.Count == MostColumns)
                    throw Error($"more than {MostColumns} fields");
                fields.Add(_position < text.Length && text[_position] == '"' ? ReadQuoted() : ReadPlain());
                if (fields[^1].Length > MostFieldLength)
                    throw Error($"a field of more than {MostFieldLength} characters");
            }
            while (Skip(_separator));

            if (_position < text.Length)
            {
                Skip('\r');
                if (!Skip('\n'))
                    throw Error("a carriage return that ends no line");
                _line++;
            }

            return new CsvRow(start, [.. fields]);
        }

        private string ReadPlain()
        {
            var start = _position;
            while (_position < text.Length && text[_position] is not ('\n' or '\r') && text[_position] != _separator)
            {
                if (text[_position] == '"')
                    throw Error("a quote within a field that does not begin with one");
                _position++;
            }

            return text[start.._position];
        }

        private string ReadQuoted()
        {
            var start = _line;
            _quoted.Clear();
            _position++;
            while (true)
            {
                if (_position == text.Length)
                    throw new InputException($"'{path}' line {start}: a quoted field that does not end.");
                var character = text[_position++];
                if (character == '"' && !Skip('"'))
                    break;
                if (character == '\n')
                    _line++;
                _quoted.Append(character);
            }

            return _position == text.Length || text[_position] is '\n' or '\r' || text[_position] == _separator
                ? _quoted.ToString()
                : throw Error("text after the closing quote of a field");
        }

        private static char SeparatorOf(string text)
        {
            var end = text.AsSpan().IndexOfAny('\n', '\r');
            var names = end < 0 ? text : text[..end];
            return names.Contains(',', StringComparison.Ordinal) ? ','
                : names.Contains(';', StringComparison.Ordinal) ? ';'
                : names.Contains('\t', StringComparison.Ordinal) ? '\t'
                : ',';
        }

        private bool Skip(char character)
        {
            if (_position == text.Length || text[_position] != character)
                return false;
            _position++;
            return true;
        }

        private InputException Error(string problem) => new($"'{path}' line {_line}: {problem}.");
    }
}
