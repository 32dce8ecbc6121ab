using HwNas.Core.Data;
using HwNas.Core.Spaces.MbConv;
using HwNas.Supernet.Training;
using HwNas.Supernet.Training.Recipes;

namespace HwNas.Native.Tests.Support;

/// <summary>Valid objects in a word.</summary>
internal static class Some
{
    /// <summary>A space of two small stages with every kind of gene, shortcut and squeeze-and-excitation.</summary>
    public static MbConvSpace TinySpace(ShortcutRule shortcut = ShortcutRule.Identity)
    {
        var fashion = MbConvSpace.Load("fashion-mnist").Definition;
        return MbConvSpace.Create(
            fashion with
            {
                Name = "tiny",
                Resolutions = [12, 14],
                Conventions = fashion.Conventions with { Shortcut = shortcut },
                Stem = fashion.Stem with { Widths = [4, 8] },
                Stages =
                [
                    fashion.Stages[0] with
                    {
                        Widths = [8, 12],
                        Depths = [1, 2],
                        Kernels = [3, 5],
                        Expansions = [1],
                        Stride = 1,
                        SqueezeExcite = true,
                    },
                    fashion.Stages[1] with
                    {
                        Widths = [12, 16],
                        Depths = [1, 2],
                        Kernels = [3, 5],
                        Expansions = [2, 3],
                        Stride = 2,
                    },
                ],
                Head = fashion.Head with { Widths = [16, 24] },
            },
            "tiny");
    }

    /// <summary>Images whose class is the brightest of ten bars, with noise: learnable within a few steps.</summary>
    public static LabelledImages Images(int count, int side = 28, int seed = 1)
    {
        var random = new Random(seed);
        var pixels = new byte[count * side * side];
        var labels = new int[count];
        random.NextBytes(pixels);
        for (var image = 0; image < count; image++)
        {
            labels[image] = random.Next(10);
            for (var row = 0; row < side; row++)
            {
                for (var column = 0; column < side; column++)
                {
                    ref var pixel = ref pixels[(image * side * side) + (row * side) + column];
                    pixel = (byte)((pixel / 4) + (column * 10 / side == labels[image] ? 180 : 0));
                }
            }
        }

        return new LabelledImages("bars", new ImageShape(1, side, side), [.. labels], pixels)
            .With(new Normalisation([0.2], [0.25]));
    }

    public static TrainingOptions Options(int steps, int threads = 1) => new()
    {
        Steps = steps,
        BatchSize = 16,
        CheckpointSteps = 1000,
        Threads = threads,
        Recipe = new Recipe { LearningRate = 0.05, WarmupSteps = 2 },
    };

    /// <summary>A recipe of which every part does something.</summary>
    public static Recipe EveryPart { get; } = new()
    {
        Sampling = SamplingKind.BestUp,
        Distillation = DistillationKind.AdaptiveAlpha,
        Optimizer = OptimizerKind.RmsProp,
        LearningRate = 0.01,
        WarmupSteps = 2,
        Schedule = ScheduleKind.Cosine,
        Dropout = 0.2,
        DropConnect = 0.3,
        ClipValue = 0.5,
        ClipNorm = 1,
        AverageDecay = 0.9,
    };
}
