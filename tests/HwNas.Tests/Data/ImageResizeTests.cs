using HwNas.Core.Data;

namespace HwNas.Tests.Data;

public sealed class ImageResizeTests
{
    [Theory]
    [InlineData(5, 5)]
    [InlineData(28, 20)]
    [InlineData(12, 28)]
    [InlineData(300, 7)]
    [InlineData(1, 4)]
    public void Every_row_of_the_matrix_sums_to_1_and_equal_sides_give_the_identity(int from, int to)
    {
        var matrix = ImageResize.Matrix(from, to);
        foreach (var row in matrix.Chunk(from))
            Assert.Equal(1, row.Sum(), 5);
        if (from == to)
            Assert.Equal(matrix, Enumerable.Range(0, to * from).Select(i => i / from == i % from ? 1f : 0f));
    }

    [Fact]
    public void The_matrix_is_that_of_keys_cubic_convolution()
    {
        // Twice as many: weights of a = -1/2 at distances 1/4, 3/4, 5/4 and 7/4, cut off and made to sum to 1 at the edge.
        double[] cubic = [-0.0234375, 0.2265625, 0.8671875, -0.0703125];
        Assert.Equal(cubic.Select(weight => (float)weight), ImageResize.Matrix(8, 16).Skip((6 * 8) + 1).Take(4));
        Assert.Equal((float)(0.8671875 / (0.8671875 - 0.0703125)), ImageResize.Matrix(8, 16)[0]);
    }

    [Fact]
    public void Covering_keeps_proportions_and_cuts_to_the_centre()
    {
        // Columns 0 to 5 of 4 rows; the middle four stay where the height is the same.
        var pixels = Enumerable.Range(0, 24).Select(i => (byte)(40 * (i % 6))).ToArray();
        var cut = ImageResize.Cover(pixels, new ImageShape(1, 4, 6), new ImageShape(1, 4, 4));
        Assert.Equal(Enumerable.Range(0, 16).Select(i => (byte)(40 * (1 + (i % 4)))), cut);

        var smaller = ImageResize.Cover(pixels, new ImageShape(1, 4, 6), new ImageShape(1, 2, 2));
        Assert.Equal(4, smaller.Length);
        Assert.Equal(smaller[0], smaller[2]);
        Assert.True(smaller[0] < smaller[1]);
        Assert.Equal(pixels, ImageResize.Cover(pixels, new ImageShape(1, 4, 6), new ImageShape(1, 4, 6)));
    }

    [Fact]
    public void Covering_agrees_with_the_matrix()
    {
        var random = new Random(3);
        var pixels = new byte[3 * 17 * 23];
        random.NextBytes(pixels);
        var covered = ImageResize.Cover(pixels, new ImageShape(3, 17, 23), new ImageShape(3, 9, 12));
        float[] rows = ImageResize.Matrix(17, 9), columns = ImageResize.Matrix(23, 12);
        for (var channel = 0; channel < 3; channel++)
        {
            for (var row = 0; row < 9; row++)
            {
                for (var column = 0; column < 12; column++)
                {
                    var sum = 0.0;
                    for (var y = 0; y < 17; y++)
                    {
                        for (var x = 0; x < 23; x++)
                            sum += rows[(row * 17) + y] * pixels[(channel * 391) + (y * 23) + x] * columns[(column * 23) + x];
                    }

                    Assert.Equal(Math.Clamp(sum, 0, 255), covered[(channel * 108) + (row * 12) + column], 0.51);
                }
            }
        }
    }

    [Theory]
    [InlineData(10, 20)]
    [InlineData(50, 70)]
    public void Stretching_a_part_is_resizing_it_alone(int height, int width)
    {
        var (random, from, to) = (new Random(4), new ImageShape(2, 60, 90), new ImageShape(2, 31, 33));
        byte[] pixels = new byte[from.Bytes], stretched = new byte[to.Bytes];
        random.NextBytes(pixels);
        ImageResize.Stretch(pixels, from, new PixelArea(7, 11, height, width), stretched, to);
        float[] rows = ImageResize.Matrix(height, to.Height), columns = ImageResize.Matrix(width, to.Width);
        for (var i = 0; i < stretched.Length; i++)
        {
            var (channel, row, column) = (i / to.Pixels, i % to.Pixels / to.Width, i % to.Width);
            var sum = 0.0;
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    sum += rows[(row * height) + y] * columns[(column * width) + x]
                        * pixels[(channel * from.Pixels) + ((7 + y) * from.Width) + 11 + x];
                }
            }

            Assert.Equal(Math.Clamp(sum, 0, 255), stretched[i], 0.51);
        }
    }

    [Fact]
    public void Inputs_of_a_network_are_normalised_by_channel_and_resized_by_both_sides()
    {
        var images = new LabelledImages("x", new ImageShape(2, 2, 4), [0, 1], [.. Enumerable.Range(0, 32).Select(i => (byte)i)])
            .With(new Normalisation([0, 1 / 255.0], [1 / 255.0, 2 / 255.0]));
        var inputs = new NetworkInputs(images, 4).Read(1, 1);
        Assert.Equal(32, inputs.Length);

        // Rows are doubled, columns stay: the mean of each column stays as well.
        foreach (var column in Enumerable.Range(0, 4))
        {
            Assert.Equal(4 * (18 + column), Enumerable.Range(0, 4).Sum(row => inputs[(4 * row) + column]), 1e-3);
            Assert.Equal(4 * (25 + column) / 2.0, Enumerable.Range(0, 4).Sum(row => inputs[16 + (4 * row) + column]), 1e-3);
        }
    }
}
