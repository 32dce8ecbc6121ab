using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Supernet.Data;

/// <summary>
/// How training images are varied at random, in the order of these options; evaluation sees them as they are. The default
/// is to mirror them.
/// </summary>
public sealed record Augmentation
{
    /// <summary>Pixels by which an image is extended on each side before it is cut to its size again at a random place
    /// (He et al. 2016, arXiv 1512.03385, section 4.2: 4). Default 0; 0 to 64.</summary>
    public int CropPadding { get; init; }

    /// <summary>Least share of the area that a random cut has, which is then resized (Szegedy et al. 2015,
    /// arXiv 1409.4842, section 6: 0.08). Default 1, which cuts nothing; above 0 to 1.</summary>
    public double CropMinArea { get; init; } = 1;

    /// <summary>Greatest share of the area that a random cut has. Default 1; <see cref="CropMinArea"/> to 1.</summary>
    public double CropMaxArea { get; init; } = 1;

    /// <summary>Least ratio of width to height of a random cut. Default 3/4; 0.1 to <see cref="CropMaxRatio"/>.</summary>
    public double CropMinRatio { get; init; } = 3 / 4.0;

    /// <summary>Greatest ratio of width to height of a random cut. Default 4/3; at most 10.</summary>
    public double CropMaxRatio { get; init; } = 4 / 3.0;

    /// <summary>Whether images are mirrored with probability 1/2. Default true.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Operations that RandAugment applies to an image (Cubuk et al. 2020, arXiv 1909.13719: N, 2 for ImageNet).
    /// Default 0; 0 to 8.</summary>
    public int RandAugmentOperations { get; init; }

    /// <summary>How strong they are (the paper's M; 10 is the most of AutoAugment). Default 9; 0 to 10.</summary>
    public double RandAugmentMagnitude { get; init; } = 9;

    /// <summary>Brightness is multiplied by 1 ± this at most (colour jitter: Krizhevsky et al. 2012; the four in random
    /// order as in Howard 2013, arXiv 1312.5402). Default 0; 0 to 1.</summary>
    public double Brightness { get; init; }

    /// <summary>Contrast is multiplied by 1 ± this at most. Default 0; 0 to 1.</summary>
    public double Contrast { get; init; }

    /// <summary>Saturation is multiplied by 1 ± this at most; nothing changes in grey images. Default 0; 0 to 1.</summary>
    public double Saturation { get; init; }

    /// <summary>Hue is turned by ± this share of the circle at most; nothing changes in grey images. Default 0;
    /// 0 to 0.5.</summary>
    public double Hue { get; init; }

    /// <summary>Probability with which a rectangle is filled with noise (random erasing, Zhong et al. 2020,
    /// arXiv 1708.04896: 0.5). Default 0; 0 to 1.</summary>
    public double ErasingProbability { get; init; }

    /// <summary>Least share of the area that it has. Default 0.02, as in the paper; above 0 to
    /// <see cref="ErasingMaxArea"/>.</summary>
    public double ErasingMinArea { get; init; } = 0.02;

    /// <summary>Greatest share of the area that it has. Default 0.33; at most 1.</summary>
    public double ErasingMaxArea { get; init; } = 0.33;

    /// <summary>What is seen beyond the edges of an image, by padding, turning and moving. Default 0, black; 0 to 255.</summary>
    public int Fill { get; init; }

    /// <summary>Mixup's α (Zhang et al. 2018, arXiv 1710.09412: 0.2 for ImageNet), for the largest subnet only.
    /// Default 0, none; or 0.1 to 1.</summary>
    public double MixupAlpha { get; init; }

    /// <summary>CutMix's α (Yun et al. 2019, arXiv 1905.04899: 1), for the largest subnet only; where mixup is given as
    /// well, a batch gets either. Default 0, none; or 0.1 to 1.</summary>
    public double CutMixAlpha { get; init; }

    /// <summary>The names that <see cref="Load"/> takes.</summary>
    public static IReadOnlyList<string> Names => [.. Presets.Keys];

    private static OrderedDictionary<string, Augmentation> Presets { get; } = new()
    {
        ["none"] = new() { Flip = false },
        ["flip"] = new(),
        ["crop-flip"] = new() { CropPadding = 4 },
        ["imagenet"] = new() { CropMinArea = 0.08, Brightness = 0.4, Contrast = 0.4, Saturation = 0.4 },
        ["strong"] = new() { RandAugmentOperations = 2, ErasingProbability = 0.25 },
    };

    /// <summary>One of <see cref="Names"/>, or what a JSON file says, such as <c>{"crop_padding": 4, "hue": 0.1}</c>.</summary>
    /// <exception cref="InputException">There is no such name and no such file, or it says something wrong.</exception>
    public static Augmentation Load(string nameOrPath)
    {
        ArgumentNullException.ThrowIfNull(nameOrPath);
        if (Presets.TryGetValue(nameOrPath, out var preset))
            return preset;
        if (!File.Exists(nameOrPath))
        {
            throw new InputException(
                $"'{nameOrPath}' is no augmentation: it is none of {string.Join(", ", Names)}, and there is no such file.");
        }

        var read = StrictJson.Deserialize<Augmentation>(
            StrictJson.ParseObject(StrictJson.ReadText(nameOrPath), nameOrPath), nameOrPath);
        return read.Problems() is [_, ..] problems
            ? throw new InputException($"'{nameOrPath}': {string.Join("; ", problems)}.")
            : read;
    }

    /// <summary>All that is out of range.</summary>
    public IReadOnlyList<string> Problems()
    {
        var problems = new List<string>();
        Within("crop_padding", CropPadding, 0, 64);
        Within("crop_max_area", CropMaxArea, double.Epsilon, 1);
        Within("crop_min_area", CropMinArea, 1e-4, CropMaxArea);
        Within("crop_max_ratio", CropMaxRatio, 0.1, 10);
        Within("crop_min_ratio", CropMinRatio, 0.1, CropMaxRatio);
        Within("rand_augment_operations", RandAugmentOperations, 0, 8);
        Within("rand_augment_magnitude", RandAugmentMagnitude, 0, 10);
        Within("brightness", Brightness, 0, 1);
        Within("contrast", Contrast, 0, 1);
        Within("saturation", Saturation, 0, 1);
        Within("hue", Hue, 0, 0.5);
        Within("erasing_probability", ErasingProbability, 0, 1);
        Within("erasing_max_area", ErasingMaxArea, double.Epsilon, 1);
        Within("erasing_min_area", ErasingMinArea, 1e-4, ErasingMaxArea);
        Within("fill", Fill, 0, 255);
        Within("mixup_alpha", MixupAlpha, MixupAlpha is 0 ? 0 : 0.1, 1);
        Within("cut_mix_alpha", CutMixAlpha, CutMixAlpha is 0 ? 0 : 0.1, 1);
        return problems;

        void Within(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                problems.Add(FormattableString.Invariant($"{name} {value} is not in {least:G2}..{most:G4}"));
        }
    }
}
