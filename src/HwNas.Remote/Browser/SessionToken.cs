using System.Security.Cryptography;

namespace HwNas.Remote.Browser;

/// <summary>
/// What a page must know to take part: it stands in the fragment of the address, which browsers send to nobody, and
/// comes back in the header of every call.
/// </summary>
internal sealed class SessionToken
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

    // 22 of 57 letters are 128 bits; a short address makes a QR code that phones read from afar.
    public string Text { get; } = RandomNumberGenerator.GetString(Letters, 22);

    /// <summary>Whether an <c>Authorization</c> header carries this token.</summary>
    public bool IsIn(string? authorization) => BearerHeader.Carries(authorization, Text);
}
