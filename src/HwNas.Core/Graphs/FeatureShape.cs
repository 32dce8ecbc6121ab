namespace HwNas.Core.Graphs;

/// <summary>Shape of one image's feature map.</summary>
/// <param name="Channels">Number of channels.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
public readonly record struct FeatureShape(int Channels, int Height, int Width)
{
    /// <summary>Number of values.</summary>
    public long Elements => (long)Channels * Height * Width;

    /// <summary>Channels, height and width as <c>16x28x28</c>.</summary>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}
