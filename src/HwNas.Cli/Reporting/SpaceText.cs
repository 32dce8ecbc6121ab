using System.Numerics;

namespace HwNas.Cli.Reporting;

/// <summary>How the <c>space</c> commands print numbers and tables.</summary>
internal static class SpaceText
{
    /// <summary>A count in three digits, such as 4.40e11; small counts in full.</summary>
    public static string Count(string networks) =>
        networks.Length <= 6 ? networks : $"{(double)BigInteger.Parse(networks) / Math.Pow(10, networks.Length - 1):0.00}e{networks.Length - 1}";

    public static string Millions(long value) => $"{value / 1e6:0.00}M";

    public static string Mebibytes(long bytes) => $"{bytes / 1048576.0:0.00} MiB";

    /// <summary>Writes rows as columns, each as wide as its longest cell.</summary>
    public static void WriteTable(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
