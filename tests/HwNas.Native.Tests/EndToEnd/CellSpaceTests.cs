using System.Numerics;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>
/// A space of cells of a user's own, by its JSON alone, from training to the verified model: of the size of DARTS', whose
/// networks nobody can count one by one, with few channels.
/// </summary>
public sealed class CellSpaceTests
{
    private const string Cells =
        """
        {
          "schema": "hwnas/cell-space/1",
          "name": "my-cells",
          "source": "a test",
          "input_channels": 1,
          "classes": 3,
          "resolutions": [12],
          "operations": [
            "none", "skip_connect", "max_pool_3x3", "avg_pool_3x3", "sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3", "dil_conv_5x5"
          ],
          "cell_inputs": 2,
          "nodes": 4,
          "output": "concatenate",
          "stem_channels": 4,
          "stages": 2,
          "cells_per_stage": 1,
          "reduction": "cell",
          "stem_multiplier": 3
        }
        """;

    [Fact]
    public void Cells_are_trained_profiled_searched_exported_and_verified()
    {
        using var folder = new TemporaryFolder();
        SomeData.WriteIdx(folder.File("bars"));
        File.WriteAllText(folder.File("cells.json"), Cells);
        Assert.Contains(
            $"{BigInteger.Pow(8, 28)} networks", Tool.RunWell(folder.Path, "space", "check", "cells.json").Output,
            StringComparison.Ordinal);
        var drawn = Tool.RunWell(folder.Path, "space", "sample", "--space", "cells.json", "--count", "3").Output;
        File.WriteAllText(folder.File("drawn.txt"), drawn);
        Assert.Contains(
            drawn.Split('\n')[0],
            Tool.RunWell(folder.Path, "space", "cost", "--space", "cells.json", "--architectures", "drawn.txt").Output,
            StringComparison.Ordinal);
        Assert.Contains(
            "skip_connect", Tool.RunWell(folder.Path, "space", "show", "cells.json").Output, StringComparison.Ordinal);

        Tool.RunWell(
            folder.Path, "train", "--space", "cells.json", "--data", "bars", "--steps", "8", "--batch", "16", "--threads", "1",
            "--out", "run");
        Tool.RunWell(
            folder.Path, "profile", "--space", "cells.json", "--seconds", "2", "--threads", "1", "--device", "here", "--out",
            "here.json");
        Tool.RunWell(folder.Path, "search", "--run", "run", "--profile", "here.json", "--evaluations", "6", "--threads", "1");
        Tool.RunWell(folder.Path, "export", "--run", "run", "--out", "model.onnx");
        Tool.RunWell(folder.Path, "verify", "model.onnx", "--run", "run", "--seconds", "0.5");

        var card = ModelCard.Read(folder.File("model.json"));
        Assert.Equal(28, card.Architecture.Split('-').Length);
        Assert.Equal(100, card.Verifications[0].Agreement!.SameClassPercent);
        Assert.True(card.Verifications[0].Agreement!.MaxLogitDifference <= 1e-3);

        // Any subnet of the space, not only those that the search has met; its evaluation is kept.
        var kept = File.ReadLines(folder.File("run/evaluations.jsonl")).Count();
        Tool.RunWell(folder.Path, "export", "--run", "run", "--subnet", drawn.Split('\n')[1].Trim(), "--out", "other.onnx");
        Assert.Equal(drawn.Split('\n')[1].Trim(), ModelCard.Read(folder.File("other.json")).Architecture);
        Assert.Equal(kept + 1, File.ReadLines(folder.File("run/evaluations.jsonl")).Count());
        Assert.Equal(2, Tool.Run(folder.Path, "export", "--run", "run", "--subnet", "none-none", "--out", "no.onnx").ExitCode);
    }
}
