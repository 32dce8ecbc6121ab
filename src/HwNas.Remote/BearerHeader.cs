using System.Security.Cryptography;
using System.Text;

namespace HwNas.Remote;

/// <summary>The <c>Authorization</c> header by which requests carry a secret.</summary>
internal static class BearerHeader
{
    /// <summary>The header's value.</summary>
    public static string Of(string secret) => $"Bearer {secret}";

    /// <summary>Whether a header carries the secret. How long that takes tells nothing, not even the secret's length.</summary>
    public static bool Carries(string? header, string secret) =>
        CryptographicOperations.FixedTimeEquals(Hash(header ?? ""), Hash(Of(secret)));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
