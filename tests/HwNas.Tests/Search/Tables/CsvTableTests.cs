using FsCheck;
using FsCheck.Fluent;
using HwNas.Core;
using HwNas.Core.Search.Tables;

namespace HwNas.Tests.Search.Tables;

public sealed class CsvTableTests
{
    [Fact]
    public void Fields_may_be_quoted_and_hold_commas_quotes_and_line_ends()
    {
        var table = CsvTable.Parse("\uFEFFa,\"b, c\"\r\n1,\"say \"\"hi\"\"\nthere\"\n\n2,\n", "t.csv");

        Assert.Equal(["a", "b, c"], table.Columns.AsEnumerable());
        Assert.Equal([(2, "1", "say \"hi\"\nthere"), (5, "2", "")], table.Rows.Select(r => (r.Line, r.Fields[0], r.Fields[1])));
        Assert.Equal(1, table.IndexOf("b, c"));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,a\n", "line 1: column 2 has the name 'a' of an earlier one")]
    [InlineData(",column 1\n", "line 1: column 2 has the name 'column 1' of an earlier one")]
    [InlineData("a;a\n", "line 1: column 2 has the name 'a' of an earlier one")]
    [InlineData("a,b\n1,2\n3\n", "line 3 has 1 fields for 2 columns")]
    [InlineData("a\n1\"2\n", "line 2: a quote within a field")]
    [InlineData("a\n\"1\"2\n", "line 2: text after the closing quote")]
    [InlineData("a\n1\n\"2\n\n", "line 3: a quoted field that does not end")]
    [InlineData("a\r1\n", "line 1: a carriage return that ends no line")]
    public void Wrong_tables_are_refused_with_file_and_line(string text, string problem)
    {
        var error = Assert.Throws<InputException>(() => CsvTable.Parse(text, "t.csv"));

        Assert.Contains("'t.csv'", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a;b\n1;2\n\"3;4\";5\n", "1|2", "3;4|5")]
    [InlineData("a\tb\n1\t2,5\n3\t4\n", "1|2,5", "3|4")]
    [InlineData("a;b\n1;2,5\n3;4\n", "1|2,5", "3|4")]
    public void Semicolons_and_tabs_separate_where_the_first_line_has_no_comma(string text, params string[] rows) =>
        Assert.Equal(rows, CsvTable.Parse(text, "t.csv").Rows.Select(row => string.Join('|', row.Fields)));

    [Fact]
    public void A_column_without_a_name_is_called_by_its_place()
    {
        var table = CsvTable.Parse(",arch,\n0,01,x\n", "t.csv");
        Assert.Equal(["column 1", "arch", "column 3"], table.Columns.AsEnumerable());
        Assert.Equal(2, table.IndexOf("column 3"));
    }

    [Fact]
    public void Too_many_columns_and_too_long_fields_are_refused()
    {
        Assert.Contains(
            "more than 1000 fields",
            Assert.Throws<InputException>(() => CsvTable.Parse(new string(',', 1000), "t.csv")).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "more than 65536",
            Assert.Throws<InputException>(() => CsvTable.Parse($"a\n{new string('x', 65_537)}\n", "t.csv")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Every_quoted_table_reads_back_as_it_was_written()
    {
        var characters = Gen.Elements('a', '1', ',', '"', '\n', '\r', ' ', '-', 'é');
        var field = characters.ListOf().Select(list => new string([.. list]));
        var rows = field.ListOf(3).Select(list => list.ToArray()).ListOf().Select(list => list.ToArray());
        Prop.ForAll(rows.ToArbitrary(), written =>
        {
            var lines = written.Select(
                row => string.Join(',', row.Select(f => $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
            var table = CsvTable.Parse(string.Join("\r\n", lines.Prepend("x,y,z")), "t.csv");
            return table.Rows.Select(row => row.Fields).SequenceEqual(written, FieldsAreEqual);
        }).QuickCheckThrowOnFailure();
    }

    private static EqualityComparer<string[]> FieldsAreEqual { get; } = EqualityComparer<string[]>.Create(
        (a, b) => a!.SequenceEqual(b!));
}
