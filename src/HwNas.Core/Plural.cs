using System.Globalization;
using System.Numerics;

namespace HwNas.Core;

/// <summary>Numbers of things as one says them: 1 row, 2 rows.</summary>
public static class Plural
{
    /// <summary>The number and what it counts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">What one of them is called.</param>
    /// <param name="several">What several are called, where that is not the same with an s.</param>
    public static string Of(BigInteger count, string one, string? several = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count.IsOne ? one : several ?? one + "s")}");
}
