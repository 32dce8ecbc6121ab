using HwNas.Core.Data;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using SkiaSharp;

namespace HwNas.Native.Tests.Data;

public sealed class ImageFileTests
{
    private static readonly ImageShape Colour = new(3, 1, 1), Grey = new(1, 1, 1);

    [Fact]
    public void Pngs_of_16_bits_keep_the_upper_8()
    {
        var grey = PictureBytes.Png(2, bits: 16, colourType: 0, 0x1234, 0xFE01);
        Assert.Equal(new ImageShape(1, 1, 2), ImageFile.ShapeOf("x.png", grey));
        Assert.Equal([0x12, 0xFE], ImageFile.Decode("x.png", grey, new ImageShape(1, 1, 2)));
        var colour = PictureBytes.Png(1, bits: 16, colourType: 2, 0x10FF, 0x8000, 0xFFFF);
        Assert.Equal(Colour, ImageFile.ShapeOf("x.png", colour));
        Assert.Equal([0x10, 0x80, 0xFF], ImageFile.Decode("x.png", colour, Colour));
    }

    [Fact]
    public void Transparency_is_left_out_and_what_was_below_it_stays()
    {
        var colour = PictureBytes.Png(2, bits: 8, colourType: 6, 200, 100, 50, 0, 10, 20, 30, 128);
        Assert.Equal([200, 10, 100, 20, 50, 30], ImageFile.Decode("x.png", colour, new ImageShape(3, 1, 2)));
        var grey = PictureBytes.Png(2, bits: 8, colourType: 4, 77, 0, 99, 255);
        Assert.Equal(new ImageShape(1, 1, 2), ImageFile.ShapeOf("x.png", grey));
        Assert.Equal([77, 99], ImageFile.Decode("x.png", grey, new ImageShape(1, 1, 2)));
    }

    [Fact]
    public void Jpegs_are_grey_colour_or_CMYK()
    {
        // Adobe's CMYK says how much is left of the light: red is the product of what cyan and black leave.
        var cmyk = PictureBytes.FlatJpeg(adobeTransform: 0, 255, 128, 64, 200);
        Assert.Equal(new ImageShape(3, 8, 8), ImageFile.ShapeOf("x.jpg", cmyk));
        Near([200, 100, 50], Centre(cmyk, 3));
        Near([124], Centre(cmyk, 1));

        var grey = PictureBytes.FlatJpeg(adobeTransform: null, 90);
        Assert.Equal(new ImageShape(1, 8, 8), ImageFile.ShapeOf("x.jpg", grey));
        Near([90], Centre(grey, 1));
        Near([90, 90, 90], Centre(grey, 3));

        // Y = 128, Cb = 128, Cr = 188: red is 128 + 1.402 × 60, green 128 − 0.714 × 60.
        Near([212, 85, 128], Centre(PictureBytes.FlatJpeg(adobeTransform: null, 128, 128, 188), 3));

        static byte[] Centre(byte[] jpeg, int channels) =>
            [.. ImageFile.Decode("x.jpg", jpeg, new ImageShape(channels, 8, 8)).Chunk(64).Select(plane => plane[27])];
    }

    [Fact]
    public void Gif_and_bmp_are_read()
    {
        Assert.Equal([200, 100, 50], ImageFile.Decode("x.gif", PictureBytes.Gif(200, 100, 50), Colour));
        Assert.Equal([200, 100, 50], ImageFile.Decode("x.bmp", PictureBytes.Bmp(200, 100, 50), Colour));

        // Luma: (299 × 200 + 587 × 100 + 114 × 50) / 1000.
        Assert.Equal([124], ImageFile.Decode("x.bmp", PictureBytes.Bmp(200, 100, 50), Grey));
    }

    // Where the corners of the stored picture are seen: its upper left, upper right, lower left and lower right one.
    [Theory]
    [InlineData(1, "TL TR BL BR")]
    [InlineData(2, "TR TL BR BL")]
    [InlineData(3, "BR BL TR TL")]
    [InlineData(4, "BL BR TL TR")]
    [InlineData(5, "TL BL TR BR")]
    [InlineData(6, "TR BR TL BL")]
    [InlineData(7, "BR TR BL TL")]
    [InlineData(8, "BL TL BR TR")]
    public void A_camera_held_any_way_gives_an_upright_picture(int orientation, string seen)
    {
        // Four quarters of 16 × 24 pixels, each of its own grey.
        byte[] greys = [40, 100, 160, 220];
        using var bitmap = new SKBitmap(new SKImageInfo(48, 32, SKColorType.Gray8, SKAlphaType.Opaque));
        for (var row = 0; row < 32; row++)
        {
            for (var column = 0; column < 48; column++)
            {
                var grey = greys[(row / 16 * 2) + (column / 24)];
                bitmap.SetPixel(column, row, new SKColor(grey, grey, grey));
            }
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        var jpeg = PictureBytes.WithOrientation(data.ToArray(), orientation);
        var shape = ImageFile.ShapeOf("x.jpg", jpeg);
        Assert.Equal(orientation < 5 ? new ImageShape(1, 32, 48) : new ImageShape(1, 48, 32), shape);
        var pixels = ImageFile.Decode("x.jpg", jpeg, shape);
        foreach (var (corner, grey) in seen.Split(' ').Zip(greys))
        {
            var row = corner[0] == 'T' ? 3 : shape.Height - 4;
            var column = corner[1] == 'L' ? 3 : shape.Width - 4;
            Near([grey], [pixels[(row * shape.Width) + column]], within: 4);
        }
    }

    [Fact]
    public void A_large_jpeg_is_decoded_at_a_part_of_its_size_and_looks_the_same()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(1200, 800, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var random = new Random(1);
        for (var row = 0; row < 800; row++)
        {
            for (var column = 0; column < 1200; column++)
            {
                var noise = random.Next(30);
                bitmap.SetPixel(
                    column, row, new SKColor((byte)(noise + (column / 6)), (byte)(noise + (row / 4)), (byte)(noise + 100)));
            }
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95);
        var shape = new ImageShape(3, 80, 96);
        var small = ImageFile.Decode("x.jpg", data.ToArray(), shape);
        var whole = ImageFile.Decode("x.jpg", data.ToArray(), new ImageShape(3, 800, 1200));
        var expected = ImageResize.Cover(whole, new ImageShape(3, 800, 1200), shape);
        Assert.True(small.Zip(expected, (one, two) => Math.Abs(one - two)).Average() < 1);
    }

    private static void Near(byte[] expected, byte[] actual, int within = 2)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.InRange((int)pair.Second, pair.First - within, pair.First + within));
    }
}
