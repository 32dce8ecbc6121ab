using System.Globalization;
using System.Text.RegularExpressions;
using HwNas.Core;

namespace HwNas.Supernet.Data;

/// <summary>
/// The size that pictures of a folder are brought to, as it stands at the end of a spec: <c>FOLDER@64x48</c>,
/// <c>FOLDER@64x48x1</c>.
/// </summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
/// <param name="Channels">1 makes all images grey, 3 colour; null leaves them, if all are of one kind.</param>
internal sealed partial record ImageSize(int Height, int Width, int? Channels)
{
    private const int MostPixels = 4096;

    /// <summary>Folder and size of a spec; a folder whose own name looks like that is no size.</summary>
    /// <exception cref="InputException">The size is out of range.</exception>
    public static (string Folder, ImageSize? Size) Split(string spec)
    {
        if (Ending().Match(spec) is not { Success: true } match || Directory.Exists(spec))
            return (spec, null);
        int Number(string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        var size = new ImageSize(Number("height"), Number("width"), match.Groups["channels"].Success ? Number("channels") : null);
        return size is { Height: >= 1 and <= MostPixels, Width: >= 1 and <= MostPixels, Channels: null or 1 or 3 }
            ? (match.Groups["folder"].Value, size)
            : throw new InputException(
                $"'{spec}' asks for images of {size}: sides of 1 to {MostPixels} pixels and 1 or 3 channels are possible, "
                + "such as @64x48x3.");
    }

    /// <inheritdoc/>
    public override string ToString() => Channels is { } channels ? $"{Height}x{Width}x{channels}" : $"{Height}x{Width}";

    [GeneratedRegex("^(?<folder>.+)@(?<height>[0-9]{1,6})x(?<width>[0-9]{1,6})(x(?<channels>[0-9]{1,6}))?$")]
    private static partial Regex Ending();
}
