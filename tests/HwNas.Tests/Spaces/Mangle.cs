using FsCheck;
using FsCheck.Fluent;

namespace HwNas.Tests.Spaces;

/// <summary>Texts that are nearly right: what a damaged or hand-edited file holds.</summary>
internal static class Mangle
{
    private const string Characters = "0123456789-.,:;[]{}\"\\/ \t\nrcwdkeh+eE\u0000é";

    /// <summary>The texts of <paramref name="valid"/> with up to three edits, and arbitrary texts.</summary>
    public static Gen<string> Any(Gen<string> valid)
    {
        var edits = Gen.Choose(0, int.MaxValue).Select(seed => new Random(seed));
        var edited = valid.SelectMany(text => edits.Select(random => Edit(text, random)));
        var arbitrary = Gen.Elements(Characters.ToCharArray()).ArrayOf().Select(letters => new string(letters));
        return Gen.Frequency((9, edited), (1, arbitrary));
    }

    private static string Edit(string text, Random random)
    {
        for (var edit = random.Next(4); edit > 0 && text.Length > 0; edit--)
        {
            var at = random.Next(text.Length);
            var letter = Characters[random.Next(Characters.Length)].ToString();
            text = random.Next(4) switch
            {
                0 => text.Remove(at, 1),
                1 => text.Insert(at, letter),
                2 => text.Remove(at, 1).Insert(at, letter),
                _ => text[..at],
            };
        }

        return text;
    }
}
