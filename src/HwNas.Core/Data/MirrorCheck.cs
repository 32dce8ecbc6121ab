namespace HwNas.Core.Data;

/// <summary>
/// Whether images may be mirrored while they are learned from: letters, digits and signs become something else. Told by how often
/// the nearest mean image of a class names images that it has not seen, as they are and mirrored. Images are compared by
/// where their edges are, whatever their colours.
/// </summary>
/// <param name="Images">Images that were named.</param>
/// <param name="AsTheyAre">Share that was named rightly.</param>
/// <param name="Mirrored">The same of their mirror images.</param>
public sealed record MirrorCheck(int Images, double AsTheyAre, double Mirrored)
{
    // A few thousand images' means suffice.
    private const int MostTraining = 4000, MostNamed = 2000;

    // The less is lost by mirroring, the likelier it is chance.
    private const double StandardErrors = 3;

    /// <summary>Whether mirror images are named as well as the images themselves, as far as chance allows to tell.</summary>
    public bool MayMirror =>
        AsTheyAre - Mirrored
            <= StandardErrors * Math.Sqrt(((AsTheyAre * (1 - AsTheyAre)) + (Mirrored * (1 - Mirrored))) / Images);

    /// <summary>Looks at a few thousand images of each.</summary>
    /// <param name="training">Gives the means.</param>
    /// <param name="named">Are named.</param>
    public static MirrorCheck Of(LabelledImages training, LabelledImages named)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(named);
        var edges = new Edges(training.Shape);
        var classes = Math.Max(training.Labels.Max(), named.Labels.Max()) + 1;
        var (means, counts) = (new float[classes][], new int[classes]);
        for (var c = 0; c < classes; c++)
            means[c] = new float[Edges.Length];
        foreach (var image in Spread(training.Count, MostTraining))
        {
            var (label, values) = (training.Labels[image], edges.Of(training, image));
            counts[label]++;
            for (var i = 0; i < values.Length; i++)
                means[label][i] += (values[i] - means[label][i]) / counts[label];
        }

        var (asTheyAre, mirrored, count) = (0, 0, 0);
        foreach (var image in Spread(named.Count, MostNamed))
        {
            var (label, values) = (named.Labels[image], edges.Of(named, image));
            asTheyAre += Nearest(means, counts, values) == label ? 1 : 0;
            Edges.Mirror(values);
            mirrored += Nearest(means, counts, values) == label ? 1 : 0;
            count++;
        }

        return new MirrorCheck(count, (double)asTheyAre / count, (double)mirrored / count);
    }

    // Evenly spaced: data sets are often sorted by class.
    private static IEnumerable<int> Spread(int count, int most) =>
        Enumerable.Range(0, Math.Min(count, most)).Select(i => (int)((long)i * count / Math.Min(count, most)));

    private static int Nearest(float[][] means, int[] counts, float[] values) =>
        Enumerable.Range(0, means.Length).Where(c => counts[c] > 0).MinBy(c =>
        {
            var sum = 0.0;
            for (var i = 0; i < values.Length; i++)
                sum += (values[i] - means[c][i]) * (values[i] - means[c][i]);
            return sum;
        });

    /// <summary>The strength of edges in the cells of a coarse grid, over all of an image of length 1.</summary>
    private sealed class Edges(ImageShape shape)
    {
        // Of the reduced image, without its border, and of the grid: neighbouring pixels of a letter rarely meet, its cells do.
        private const int Side = 34, Cell = 2, Cells = (Side - 2) / Cell;

        private readonly byte[] _pixels = new byte[shape.Bytes], _grey = new byte[shape.Pixels], _small = new byte[Side * Side];

        public static int Length => Cells * Cells;

        public static void Mirror(float[] edges)
        {
            for (var row = 0; row < edges.Length; row += Cells)
                edges.AsSpan(row, Cells).Reverse();
        }

        public float[] Of(LabelledImages images, int image)
        {
            images.Read(image, _pixels);
            for (var i = 0; i < _grey.Length; i++)
            {
                var sum = 0;
                for (var channel = 0; channel < shape.Channels; channel++)
                    sum += _pixels[(channel * shape.Pixels) + i];
                _grey[i] = (byte)(sum / shape.Channels);
            }

            ImageResize.Stretch(
                _grey, shape with { Channels = 1 }, new PixelArea(0, 0, shape.Height, shape.Width), _small,
                new ImageShape(1, Side, Side));
            var edges = new float[Length];
            for (var y = 1; y < Side - 1; y++)
            {
                for (var x = 1; x < Side - 1; x++)
                {
                    float across = _small[(y * Side) + x + 1] - _small[(y * Side) + x - 1];
                    float down = _small[((y + 1) * Side) + x] - _small[((y - 1) * Side) + x];
                    edges[((y - 1) / Cell * Cells) + ((x - 1) / Cell)] += MathF.Sqrt((across * across) + (down * down));
                }
            }

            var length = MathF.Sqrt(edges.Sum(edge => edge * edge));
            return length > 0 ? [.. edges.Select(edge => edge / length)] : edges;
        }
    }
}
