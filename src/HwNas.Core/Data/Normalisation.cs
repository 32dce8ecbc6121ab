using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HwNas.Core.Data;

/// <summary>
/// Mean and standard deviation of the pixels of each channel, scaled to 0..1; a network's input is
/// (pixel / 255 − mean) / deviation.
/// </summary>
/// <param name="Mean">The mean of each channel.</param>
/// <param name="Deviation">The standard deviation of each channel, above 0.</param>
public sealed record Normalisation(
    [property: JsonConverter(typeof(Normalisation.ChannelValuesConverter))] ImmutableArray<double> Mean,
    [property: JsonConverter(typeof(Normalisation.ChannelValuesConverter))] ImmutableArray<double> Deviation)
{
    // More would tell nothing that the mean of so many does not.
    private const long MostMeasuredBytes = 256L << 20;

    /// <summary>Number of channels.</summary>
    [JsonIgnore]
    public int Channels => Mean.Length;

    /// <summary>Pixels / 255 as they are.</summary>
    public static Normalisation None(int channels) =>
        new([.. Enumerable.Repeat(0.0, channels)], [.. Enumerable.Repeat(1.0, channels)]);

    /// <summary>Measures images: all of them, or as many as have 256 MiB, evenly spaced.</summary>
    public static Normalisation Of(LabelledImages images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var shape = images.Shape;
        var measured = (int)Math.Clamp(MostMeasuredBytes / shape.Bytes, 1, images.Count);
        var (sums, squares) = (new long[shape.Channels], new long[shape.Channels]);
        var pixels = new byte[shape.Bytes];
        for (var i = 0L; i < measured; i++)
        {
            images.Read((int)(i * images.Count / measured), pixels);
            for (var channel = 0; channel < shape.Channels; channel++)
            {
                foreach (var pixel in pixels.AsSpan(channel * shape.Pixels, shape.Pixels))
                {
                    sums[channel] += pixel;
                    squares[channel] += pixel * pixel;
                }
            }
        }

        var count = (double)measured * shape.Pixels;
        return new Normalisation(
            [.. sums.Select(sum => sum / count / 255)],
            [.. sums.Zip(squares, (sum, square) => DeviationOf(sum / count, square / count))]);
    }

    /// <summary>By what a channel's bytes are multiplied, and what is then subtracted, to become a network's input.</summary>
    public (float Scale, float Offset) OfChannel(int channel) =>
        ((float)(1 / (255 * Deviation[channel])), (float)(Mean[channel] / Deviation[channel]));

    /// <summary>Checks what was read from a file.</summary>
    /// <exception cref="InputException">It is no normalisation.</exception>
    public Normalisation Checked(string origin) =>
        !Mean.IsDefaultOrEmpty && !Deviation.IsDefault && Mean.Length == Deviation.Length
        && Mean.All(double.IsFinite) && Deviation.All(deviation => deviation > 0 && double.IsFinite(deviation))
            ? this
            : throw new InputException(
                $"'{origin}' has a normalisation that is none: a mean and a deviation above 0 for each channel are needed. "
                + "Make the file anew.");

    /// <inheritdoc/>
    public bool Equals(Normalisation? other) =>
        other is not null
        && Mean.AsSpan().SequenceEqual(other.Mean.AsSpan())
        && Deviation.AsSpan().SequenceEqual(other.Deviation.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mean.Length, Mean[0], Deviation[0]);

    /// <summary>Mean and deviation of each channel, exactly.</summary>
    public override string ToString() => $"mean {Text(Mean)} deviation {Text(Deviation)}";

    private static string Text(ImmutableArray<double> values) =>
        string.Join(',', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    // Of a channel that is everywhere the same nothing is left but its mean.
    private static double DeviationOf(double mean, double square) =>
        square - (mean * mean) is > 1e-9 and var variance ? Math.Sqrt(variance) / 255 : 1;

    // Older files hold the one value of grey images as a number.
    internal sealed class ChannelValuesConverter : JsonConverter<ImmutableArray<double>>
    {
        public override ImmutableArray<double> Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number
                ? [reader.GetDouble()]
                : JsonSerializer.Deserialize<ImmutableArray<double>>(ref reader, options);

        public override void Write(Utf8JsonWriter writer, ImmutableArray<double> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, options);
    }
}
