using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HwNas.Core.Files;

namespace HwNas.Core.Data;

/// <summary>Reads one image's bytes, [channels, height, width]; several threads may read at once.</summary>
/// <param name="image">Which image.</param>
/// <param name="pixels">Takes the bytes.</param>
public delegate void PixelReader(int image, Span<byte> pixels);

/// <summary>
/// Images of one shape with their labels, and how their pixels become a network's input. Whether the pixels lie in
/// memory or are decoded when they are read is the affair of the <see cref="PixelReader"/>.
/// </summary>
public sealed class LabelledImages
{
    private readonly PixelReader _read;
    private readonly Lazy<string> _hash;

    /// <summary>Describes images that are not in memory.</summary>
    /// <param name="name">Data set and split, as messages name it.</param>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="labels">The class of each image.</param>
    /// <param name="read">Reads an image.</param>
    /// <param name="contentHash">Computes a hash of all pixels, or of what they are decoded from.</param>
    public LabelledImages(string name, ImageShape shape, ImmutableArray<int> labels, PixelReader read, Func<string> contentHash)
        : this(
            name, shape, labels, Normalisation.None(shape.Channels), read,
            new Lazy<string>(() => ContentHash.OfText(
                $"{shape} {contentHash()} {ContentHash.OfBytes(MemoryMarshal.AsBytes(labels.AsSpan()))}"))) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(labels.Length, 1);

    /// <summary>Images that lie in memory.</summary>
    /// <param name="name">Data set and split, as messages name it.</param>
    /// <param name="shape">The shape of every image.</param>
    /// <param name="labels">The class of each image.</param>
    /// <param name="pixels">All images one after the other.</param>
    public LabelledImages(string name, ImageShape shape, ImmutableArray<int> labels, byte[] pixels)
        : this(
            name, shape, labels,
            (image, target) => pixels.AsSpan(image * shape.Bytes, shape.Bytes).CopyTo(target),
            () => ContentHash.OfBytes(pixels)) =>
        ArgumentOutOfRangeException.ThrowIfNotEqual(pixels.Length, (long)shape.Bytes * labels.Length);

    private LabelledImages(
        string name, ImageShape shape, ImmutableArray<int> labels, Normalisation normalisation, PixelReader read,
        Lazy<string> hash) =>
        (Name, Shape, Labels, Normalisation, _read, _hash) = (name, shape, labels, normalisation, read, hash);

    /// <summary>Data set and split, as messages name it.</summary>
    public string Name { get; }

    /// <summary>The shape of every image.</summary>
    public ImageShape Shape { get; }

    /// <summary>The class of each image.</summary>
    public ImmutableArray<int> Labels { get; }

    /// <summary>How pixels become a network's input.</summary>
    public Normalisation Normalisation { get; }

    /// <summary>Number of images.</summary>
    public int Count => Labels.Length;

    /// <summary>Hash of pixels and labels, whatever the images are called.</summary>
    public string Hash => _hash.Value;

    /// <summary>Reads an image, [channels, height, width].</summary>
    /// <exception cref="InputException">Its file cannot be read; the message names it.</exception>
    public void Read(int image, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(image);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(image, Count);
        _read(image, pixels);
    }

    /// <summary>A part of the images, in the order of <paramref name="indices"/>; no pixel is copied.</summary>
    public LabelledImages Select(string name, ImmutableArray<int> indices) => new(
        name, Shape, [.. indices.Select(index => Labels[index])], Normalisation, (image, pixels) => _read(indices[image], pixels),
        new Lazy<string>(() => ContentHash.OfText($"{Hash} {ContentHash.OfBytes(MemoryMarshal.AsBytes(indices.AsSpan()))}")));

    /// <summary>The same images under another name.</summary>
    public LabelledImages Named(string name) => new(name, Shape, Labels, Normalisation, _read, _hash);

    /// <summary>The same images, becoming a network's input in another way.</summary>
    public LabelledImages With(Normalisation normalisation) => new(Name, Shape, Labels, normalisation, _read, _hash);
}
