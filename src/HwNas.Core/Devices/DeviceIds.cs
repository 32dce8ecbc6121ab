using System.Text.RegularExpressions;

namespace HwNas.Core.Devices;

/// <summary>
/// Ids of devices: budgets, files and messages name devices by them, so they hold nothing that a
/// path or a shell would understand.
/// </summary>
public static partial class DeviceIds
{
    private const int MaxLength = 64;

    /// <summary>Whether a text is 1 to 64 lower-case letters, digits and single hyphens between them.</summary>
    public static bool IsValid(string? id) => id is { Length: > 0 and <= MaxLength } && Pattern().IsMatch(id);

    /// <summary>What is wrong with the id that <c>--device</c> gives; null where nothing is.</summary>
    public static string? ProblemWithOption(string id) => IsValid(id)
        ? null
        : $"--device '{VisibleText.OneLine(id)}': the id of a device must be 1 to {MaxLength} lower-case letters, digits and "
            + "single hyphens between them, such as pi-5.";

    /// <summary>Requires a valid id.</summary>
    /// <exception cref="InputException">It is none; <paramref name="origin"/> says where it came from.</exception>
    public static void Require(string id, string origin)
    {
        if (!IsValid(id))
        {
            throw new InputException(
                $"'{origin}' calls itself '{id}', but the id of a device must be 1 to {MaxLength} lower-case letters, "
                + "digits and single hyphens between them. Give it another with --device.");
        }
    }

    // \z rather than $, which would allow a line break at the end.
    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Pattern();
}
