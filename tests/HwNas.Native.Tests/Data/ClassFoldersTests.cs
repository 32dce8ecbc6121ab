using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using SkiaSharp;

namespace HwNas.Native.Tests.Data;

/// <summary>Folders of pictures as they are in the world.</summary>
public sealed class ClassFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notices = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_systems_leave_behind_is_no_class_and_no_picture_and_nothing_is_said_of_it()
    {
        SomeData.WritePictures(_folder.Path, perClass: 6, "a", "b");
        var hash = DataSets.Open(_folder.Path).Hash;
        foreach (var name in (string[])[".DS_Store", "Thumbs.db", "desktop.ini", "._000.png"])
        {
            File.WriteAllText(_folder.File(name), "");
            File.WriteAllText(_folder.File($"a/{name}"), "");
        }

        foreach (var name in (string[])["@eaDir", "__MACOSX", ".git", "#recycle", "lost+found"])
        {
            SomeData.WritePicture(_folder.File($"{name}/000.png"), 9, 9, SKColors.Red);
            SomeData.WritePicture(_folder.File($"b/{name}/000.png"), 9, 9, SKColors.Red);
        }

        Assert.Equal(hash, Open().Hash);
        Assert.Empty(_notices);
    }

    [Fact]
    public void What_else_is_left_out_is_said()
    {
        SomeData.WritePictures(_folder.Path, perClass: 6, "a", "b");
        var hash = DataSets.Open(_folder.Path).Hash;
        File.WriteAllText(_folder.File("readme.txt"), "beside the classes: no matter");
        File.WriteAllText(_folder.File("b/IMG_1.heic"), "of another kind");
        Directory.CreateDirectory(_folder.File("b/000.jpg"));
        SomeData.WritePictures(_folder.File("b"), perClass: 2, "2026");
        Assert.Equal(hash, Open().Hash);
        var notice = Assert.Single(_notices);
        Assert.Contains("b/000.jpg' and 2 more are left out: only pictures (.png, ", notice, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_named_in_place_of_a_class_and_of_a_picture()
    {
        SomeData.WritePictures(_folder.Path, perClass: 6, "a", "b");
        File.CreateSymbolicLink(_folder.File("a/gone.png"), _folder.File("nowhere.png"));
        Refused("a/gone.png' does not exist");
        File.Delete(_folder.File("a/gone.png"));
        Directory.CreateSymbolicLink(_folder.File("c"), _folder.File("nowhere"));
        Refused("c' is a link that leads nowhere");
        File.Delete(_folder.File("c"));
        File.CreateSymbolicLink(_folder.File("circle"), _folder.File("circle"));
        Refused("Cannot read the data set");
        File.Delete(_folder.File("circle"));

        // A link that leads somewhere is what is there.
        Directory.Move(_folder.File("b"), _folder.File("a/.kept"));
        Directory.CreateSymbolicLink(_folder.File("b"), _folder.File("a/.kept"));
        Assert.Equal((string[])["a", "b"], Open().Classes);
    }

    [Fact]
    public void A_file_in_place_of_a_class_or_of_the_data_set_is_none()
    {
        SomeData.WritePictures(_folder.Path, perClass: 6, "a");
        File.WriteAllText(_folder.File("b"), "a file");
        Refused("has 1 class");
        File.WriteAllText(_folder.File("train"), "a file");
        Refused("has 1 class");
        var error = Assert.Throws<InputException>(() => DataSets.Open(_folder.File("b")));
        Assert.Contains("b' is no folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_files_and_a_folder_of_nothing_else_are_named()
    {
        SomeData.WritePictures(_folder.Path, perClass: 6, "a", "b");
        File.WriteAllText(_folder.File("b/empty.jpg"), "");
        Refused("b/empty.jpg' is no picture, or damaged");
        foreach (var picture in Directory.GetFiles(_folder.File("b")))
            File.WriteAllText(picture, "");
        Refused("and 2 more");
        Refused("b' holds no picture that can be read", mostDamaged: 99);
    }

    [Fact]
    public void Names_may_hold_blanks_line_breaks_and_any_letters()
    {
        string[] classes = ["a b", "c\nhwnas: all is well", "ж é 猫", "d@16x16"];
        foreach (var name in classes)
            SomeData.WritePictures(_folder.Path, perClass: 5, name);
        SomeData.WritePicture(_folder.File("a b/ 1\n2\t猫 .png"), 30, 30, SKColors.Red);
        Assert.Equal(classes.Order(StringComparer.Ordinal), Open().Classes);
        File.WriteAllText(_folder.File($"{classes[1]}/\n.png"), "no picture");
        Refused("c\\nhwnas: all is well/\\n.png' is no picture");
    }

    [Fact]
    public void Pictures_of_one_pixel_and_of_a_line_of_them_are_pictures()
    {
        foreach (var name in (string[])["a", "b"])
        {
            for (var i = 0; i < 6; i++)
                SomeData.WritePicture(_folder.File($"{name}/{i}.png"), 1, 1, SKColors.Red);
        }

        Assert.Equal("1x1x3", Open().Training.Shape.ToString());
        SomeData.WritePicture(_folder.File("a/line.png"), 1, 5000, SKColors.Blue);
        Assert.Equal("1x1x3", Open().Training.Shape.ToString());
        for (var i = 0; i < 20; i++)
            SomeData.WritePicture(_folder.File($"b/large-{i}.png"), 40, 30, SKColors.Red);
        Assert.Equal("30x30x3", Open().Training.Shape.ToString());
    }

    private DataSplits Open(int? mostDamaged = null) =>
        DataSets.Open(_folder.Path, new DataReading { MostDamaged = mostDamaged, Notice = _notices.Add });

    private void Refused(string problem, int? mostDamaged = null) => Assert.Contains(
        problem, Assert.Throws<InputException>(() => Open(mostDamaged)).Message, StringComparison.Ordinal);
}
