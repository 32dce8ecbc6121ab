using Google.Protobuf;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Export;
using HwNas.Onnx.Runtime;

namespace HwNas.Native.Tests.Onnx;

/// <summary>Whatever a model file holds, opening it ends in an error that names the file, never in an abort.</summary>
public sealed class OnnxSessionFaultTests
{
    [Fact]
    public void A_missing_file_is_named()
    {
        var error = Assert.Throws<InputException>(() => OnnxSession.Open("no-such.onnx", new RuntimeRequest()));
        Assert.Contains("no-such.onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_and_many_flipped_bytes_end_in_an_error_or_in_a_model()
    {
        var model = TinyModel().ToByteArray();
        var random = new Random(20);
        for (var i = 0; i < 60; i++)
            AssertOpensOrRefuses(model[..random.Next(model.Length)]);
        for (var i = 0; i < 120; i++)
        {
            // The structure is what can go wrong; most bytes are weights.
            var damaged = (byte[])model.Clone();
            damaged[random.Next(400)] ^= (byte)(1 << random.Next(8));
            AssertOpensOrRefuses(damaged);
        }
    }

    [Fact]
    public void Random_bytes_are_refused()
    {
        var bytes = new byte[1000];
        new Random(1).NextBytes(bytes);
        Assert.Throws<InputException>(() => OnnxSession.Open(bytes, "noise", new RuntimeRequest()));
        Assert.Throws<InputException>(() => OnnxSession.Open([], "nothing", new RuntimeRequest()));
    }

    [Fact]
    public void A_convolution_whose_weights_do_not_fit_is_refused()
    {
        var graph = new OnnxGraphBuilder("odd");
        graph.Node(
            "Conv", "conv", [graph.Input("images", 1, 3, 8, 8), graph.Constant("w", new float[4 * 5 * 3 * 3], 4, 5, 3, 3)]);
        graph.Output("conv", 1, 4, 6, 6);
        Assert.Throws<InputException>(() =>
        {
            using var session = Open(graph);
            session.Run();
        });
    }

    [Fact]
    public void Two_inputs_are_refused()
    {
        var graph = new OnnxGraphBuilder("two");
        graph.Node("Add", "sum", [graph.Input("a", 1, 4), graph.Input("b", 1, 4)]);
        graph.Output("sum", 1, 4);
        Assert.Contains("2 inputs", Assert.Throws<InputException>(() => Open(graph)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_fixed_batch_is_refused()
    {
        var graph = new OnnxGraphBuilder("four");
        graph.Node("Identity", "out", [graph.Input("in", 4, 4)]);
        graph.Output("out", 4, 4);
        Assert.Contains("batch size 4", Assert.Throws<InputException>(() => Open(graph)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_of_absurd_size_are_refused_before_memory_is_taken()
    {
        var graph = new OnnxGraphBuilder("huge");
        graph.Node("Identity", "out", [graph.Input("in", 1, 1 << 20, 1 << 10, 1 << 10)]);
        graph.Output("out", 1, 1 << 20, 1 << 10, 1 << 10);
        Assert.Throws<InputException>(() => Open(graph));
    }

    [Fact]
    public void Weights_in_a_file_outside_the_model_are_refused_wherever_they_lie()
    {
        using var folder = new TemporaryFolder();
        var name = Path.GetFileName(folder.Path) + ".bin";
        var beside = Path.GetFullPath(name);
        try
        {
            foreach (var path in new[] { beside, folder.File(name) })
                File.WriteAllBytes(path, new byte[16]);
            var graph = new OnnxGraphBuilder("outside");
            graph.Node("Add", "out", [graph.Input("in", 1, 4), graph.Constant("w", new float[4], 1, 4)]);
            graph.Output("out", 1, 4);
            var model = graph.Build();
            // external_data and data_location, which the writer's schema does not know.
            var entry = new StringStringEntryProto { Key = "location", Value = name }.ToByteArray();
            var weights = model.Graph.Initializer[0];
            weights.ClearRawData();
            weights.MergeFrom((byte[])[(13 << 3) | 2, (byte)entry.Length, .. entry, 14 << 3, 1]);
            File.WriteAllBytes(folder.File("model.onnx"), model.ToByteArray());
            var error = Assert.Throws<InputException>(() => OnnxSession.Open(folder.File("model.onnx"), new RuntimeRequest()));
            Assert.Contains("in one file", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(beside);
        }
    }

    [Fact]
    public void A_fraction_of_an_image_is_refused()
    {
        using var session = OnnxSession.Open(TinyModel().ToByteArray(), "tiny", new RuntimeRequest());
        Assert.Throws<InputException>(() => OnnxClassifier.Logits(session, new float[session.Input.Length + 1]));
    }

    private static void AssertOpensOrRefuses(byte[] model)
    {
        try
        {
            using var session = OnnxSession.Open(model, "damaged", new RuntimeRequest());
            session.Run();
        }
        catch (InputException error)
        {
            Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
        }
    }

    private static OnnxSession Open(OnnxGraphBuilder graph) =>
        OnnxSession.Open(graph.Build().ToByteArray(), "test", new RuntimeRequest());

    private static ModelProto TinyModel()
    {
        var space = Some.TinySpace();
        return OnnxModelWriter.Network(space.PlanOf(space.Smallest), RandomWeights.Seeded(1), batch: 1);
    }
}
