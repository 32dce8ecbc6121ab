using System.Security.Cryptography;
using System.Text;
using HwNas.Core;

namespace HwNas.Remote.Agents;

/// <summary>
/// The secret that every request to an agent carries. It is compared in constant time and never shown by itself.
/// </summary>
public sealed class AgentToken
{
    private const int MinLength = 16, MaxLength = 256;

    private readonly string _value;

    private AgentToken(string value) => _value = value;

    /// <summary>The header that carries it.</summary>
    internal string Header => BearerHeader.Of(_value);

    /// <summary>A new one that nobody can guess.</summary>
    public static AgentToken Create() => new(RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <summary>The token that a user gave; <paramref name="origin"/> says where.</summary>
    /// <exception cref="InputException">It is too short to be safe, or cannot stand in a header.</exception>
    public static AgentToken Of(string text, string origin)
    {
        ArgumentNullException.ThrowIfNull(text);
        var value = text.Trim();
        return value.Length is >= MinLength and <= MaxLength && value.All(letter => letter is > ' ' and < '\x7f')
            ? new AgentToken(value)
            : throw new InputException(
                $"{origin} holds no token: {MinLength} to {MaxLength} visible ASCII characters without blanks are needed. "
                + "The agent prints one when it starts.");
    }

    /// <summary>The token in a file.</summary>
    /// <exception cref="InputException">The file cannot be read, or holds no token.</exception>
    public static AgentToken OfFile(string path)
    {
        try
        {
            // Not more than a token, whatever it is: secrets may come through pipes.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read);
            var bytes = new byte[(2 * MaxLength) + 1];
            var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count < bytes.Length
                ? Of(Encoding.UTF8.GetString(bytes, 0, count), $"'{path}'")
                : throw new InputException($"'{path}' holds more than a token. Check the path.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"Cannot read the token file '{path}': {error.Message}", error);
        }
    }

    /// <summary>The secret itself, for whoever must be told it.</summary>
    public string Reveal() => _value;

    /// <inheritdoc/>
    public override string ToString() => "(token)";

    /// <summary>Whether a request's header carries this token.</summary>
    internal bool IsIn(string? header) => BearerHeader.Carries(header, _value);
}
