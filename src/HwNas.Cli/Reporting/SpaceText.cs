using System.Numerics;

namespace HwNas.Cli.Reporting;

/// <summary>How the <c>space</c> commands print numbers.</summary>
internal static class SpaceText
{
    /// <summary>A count in three digits, such as 4.40e11; small counts in full.</summary>
    public static string Count(string networks) =>
        networks.Length <= 6
            ? networks
            : $"{(double)BigInteger.Parse(networks) / Math.Pow(10, networks.Length - 1):0.00}e{networks.Length - 1}";
}
