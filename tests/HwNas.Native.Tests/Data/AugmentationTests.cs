using System.Text.Json;
using System.Text.RegularExpressions;
using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Native.Tests.Support;
using HwNas.Supernet.Data;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;

namespace HwNas.Native.Tests.Data;

public sealed class AugmentationTests
{
    [Fact]
    public void Every_name_gives_one_in_range_and_flip_is_the_default()
    {
        Assert.Equal(["none", "flip", "crop-flip", "imagenet", "strong"], Augmentation.Names);
        var all = Augmentation.Names.Select(Augmentation.Load).ToList();
        Assert.Equal(5, all.Distinct().Count());
        Assert.All(all, augmentation => Assert.Empty(augmentation.Problems()));
        Assert.Equal(new Augmentation(), Augmentation.Load("flip"));
        Assert.Equal(new Recipe().Augmentation, Augmentation.Load("flip"));
    }

    [Fact]
    public void A_file_says_what_differs_from_the_default()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("mine.json"), """{"crop_padding": 4, "hue": 0.1, "cut_mix_alpha": 1}""");
        Assert.Equal(
            new Augmentation { CropPadding = 4, Hue = 0.1, CutMixAlpha = 1 }, Augmentation.Load(folder.File("mine.json")));
    }

    [Theory]
    [InlineData("""{"hue": 0.6, "crop_min_area": 0, "mixup_alpha": 0.05}""", "hue 0.6 is not in 0..0.5; mixup_alpha 0.05")]
    [InlineData("""{"crop_min_area": 0.6, "crop_max_area": 0.5}""", "crop_min_area 0.6 is not in 0.0001..0.5")]
    [InlineData("""{"padding": 4}""", "padding")]
    [InlineData("""{"hue": "much"}""", "hue")]
    [InlineData("nothing", "not valid JSON")]
    public void What_a_file_says_wrong_is_named(string json, string problem)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("mine.json"), json);
        var error = Assert.Throws<InputException>(() => Augmentation.Load(folder.File("mine.json")));
        Assert.Contains("mine.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_lists_those_that_are_known() =>
        Assert.Contains(
            "none of none, flip, crop-flip, imagenet, strong",
            Assert.Throws<InputException>(() => Augmentation.Load("randaugment")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public void Options_of_earlier_versions_say_flip_and_are_written_as_today(string flip)
    {
        var read = Read($$"""{"seed": 3, "flip": {{flip}}, "dropout": 0.1}""");
        var augmentation = new Augmentation { Flip = flip == "true" };
        Assert.Equal(new TrainingOptions { Seed = 3, Recipe = new() { Dropout = 0.1, Augmentation = augmentation } }, read);
        var written = JsonSerializer.Serialize(read, StrictJson.LineOptions);
        Assert.Equal(1, Regex.Count(written, "flip"));
        Assert.Equal(read, Read(written));
        Assert.Throws<InputException>(() => Read("""{"flop": true}"""));

        static TrainingOptions Read(string json)
        {
            var document = StrictJson.ParseObject(json, "options");
            TrainingOptions.Upgrade(document);
            return StrictJson.Deserialize<TrainingOptions>(document, "options");
        }
    }

    [Fact]
    public void What_is_out_of_range_stands_among_the_problems_of_a_training() =>
        Assert.Contains(
            "augmentation: fill 256 is not in 0..255",
            Assert.Throws<InputException>(
                new TrainingOptions { Recipe = new() { Augmentation = new() { Fill = 256 } } }.Validate).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_augmentation_stands_in_a_recipe_and_is_set_whole_in_one_line()
    {
        var recipe = RecipeFile.Set(new Recipe(), """augmentation={"flip": false, "crop_padding": 3}""");
        Assert.Equal(new Augmentation { Flip = false, CropPadding = 3 }, recipe.Augmentation);
        var setting = Assert.Single(RecipeFile.Settings(recipe));
        Assert.DoesNotContain('\n', setting);
        Assert.Equal(recipe, RecipeFile.Set(new Recipe(), setting));
    }
}
