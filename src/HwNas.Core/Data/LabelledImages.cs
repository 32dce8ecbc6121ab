using HwNas.Core.Files;

namespace HwNas.Core.Data;

/// <summary>Mean and standard deviation of pixels scaled to 0..1; a network's input is (pixel / 255 − mean) / deviation.</summary>
/// <param name="Mean">Mean.</param>
/// <param name="Deviation">Standard deviation, above 0.</param>
public sealed record Normalisation(double Mean, double Deviation);

/// <summary>Square images with labels, as bytes.</summary>
/// <param name="Name">Data set and split, as messages name it.</param>
/// <param name="Channels">Channels of an image.</param>
/// <param name="Side">Rows and columns of an image.</param>
/// <param name="Pixels">All images one after the other, each [channels, side, side].</param>
/// <param name="Labels">The class of each image.</param>
/// <param name="Classes">The classes' names.</param>
/// <param name="Normalisation">How pixels become the input of a network.</param>
public sealed record LabelledImages(
    string Name, int Channels, int Side, byte[] Pixels, byte[] Labels, IReadOnlyList<string> Classes, Normalisation Normalisation)
{
    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Bytes of one image.</summary>
    public int ImageBytes => Channels * Side * Side;

    /// <summary>Hash of pixels, labels and normalisation, whatever the images are called.</summary>
    public string ComputeHash() => ContentHash.OfText($"{Channels} {Side} {Normalisation} {ContentHash.OfBytes(Pixels)} {ContentHash.OfBytes(Labels)}");

    /// <summary>A part of the images, in the order of <paramref name="indices"/>.</summary>
    public LabelledImages Select(string name, ReadOnlySpan<int> indices)
    {
        var pixels = new byte[indices.Length * ImageBytes];
        var labels = new byte[indices.Length];
        for (var i = 0; i < indices.Length; i++)
        {
            Pixels.AsSpan(indices[i] * ImageBytes, ImageBytes).CopyTo(pixels.AsSpan(i * ImageBytes));
            labels[i] = Labels[indices[i]];
        }

        return this with { Name = name, Pixels = pixels, Labels = labels };
    }
}
