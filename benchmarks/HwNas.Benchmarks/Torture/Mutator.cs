using System.Text;

namespace HwNas.Benchmarks.Torture;

/// <summary>
/// Damages files, seeded: bits flipped, ends cut off, pieces of other files put in, numbers made impossible, brackets nested
/// deep, lines moved, characters that steer terminals or end strings.
/// </summary>
/// <param name="corpus">Whole files, from which pieces are taken.</param>
/// <param name="random">Decides everything.</param>
internal sealed class Mutator(IReadOnlyList<byte[]> corpus, Random random)
{
    private const int MostPiece = 200, MostNesting = 20_000;

    private static readonly string[] Numbers =
    [
        "0", "-1", "1e308", "-1e308", "1e-320", "1e999", "9223372036854775807", "-9223372036854775808", "18446744073709551616",
        "2147483648", "NaN", "-0.0", "00", "1,5", "0x10", "1e", new string('9', 400),
    ];

    private static readonly string[] Texts =
    [
        "\\ud800", "\\u0000", "\u001b[2J", "\0", "\\", "\"", "null", "true", "{}", "[]", "é", "\r\n", "\uFEFF", "../../etc",
        "&a", "*a",
    ];

    /// <summary>A damaged copy.</summary>
    public byte[] Of(byte[] whole)
    {
        var bytes = whole.ToList();
        for (var change = random.Next(1, 5); change > 0 && bytes.Count > 0; change--)
            Change(bytes);
        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, MostPiece), bytes.Count - at);
        switch (random.Next(11))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, random.Next(4) == 0 ? bytes.Count - at : length);
                break;
            case 3:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, PieceOf(corpus[random.Next(corpus.Count)]));
                break;
            case 5:
                var noise = new byte[length];
                random.NextBytes(noise);
                bytes.InsertRange(at, noise);
                break;
            case 6:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)]));
                break;
            case 7 when random.Next(8) == 0:
                var opening = random.Next(2) == 0 ? "[" : "{\"a\":";
                var nesting = string.Concat(Enumerable.Repeat(opening, random.Next(1, MostNesting)));
                bytes.InsertRange(at, Encoding.ASCII.GetBytes(nesting));
                break;
            case 8:
                var end = bytes.IndexOf((byte)'\n', at) is >= 0 and var found ? found + 1 : bytes.Count;
                bytes.InsertRange(Math.Max(0, bytes.LastIndexOf((byte)'\n', at)), bytes.GetRange(at, end - at));
                break;
            default:
                ReplaceNumber(bytes, at);
                break;
        }
    }

    // The next number behind a place becomes an impossible one.
    private void ReplaceNumber(List<byte> bytes, int at)
    {
        var start = bytes.FindIndex(at, letter => char.IsAsciiDigit((char)letter));
        if (start < 0)
            return;
        var end = start;
        while (end < bytes.Count && (char.IsAsciiDigit((char)bytes[end]) || bytes[end] is (byte)'.' or (byte)'e' or (byte)'-'))
            end++;
        bytes.RemoveRange(start, end - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(Numbers[random.Next(Numbers.Length)]));
    }

    private byte[] PieceOf(byte[] other)
    {
        if (other.Length == 0)
            return [];
        var from = random.Next(other.Length);
        return other[from..Math.Min(other.Length, from + random.Next(1, MostPiece))];
    }
}
