using Google.Protobuf;
using HwNas.Onnx.Export;
using HwNas.Onnx.Runtime;
using Microsoft.ML.OnnxRuntime;
using DataType = HwNas.Onnx.Export.TensorProto.Types.DataType;

namespace HwNas.Onnx.Quantization;

/// <summary>Gives some images as a network's input, [images × channels × rows × columns].</summary>
internal delegate float[] ImageReader(int first, int count);

/// <summary>
/// What the values of a network are on calibration images: histograms, from which ranges are chosen, and the means of
/// channels. Two passes, so that the bins fit what comes.
/// </summary>
internal sealed class ActivationStatistics
{
    private const int Bins = 2048, ImagesAtOnce = 25;

    private readonly Dictionary<string, Value> _values = [];

    private delegate void Visitor(Value value, ReadOnlySpan<float> values, int channels, int pixels);

    /// <summary>Runs a float model of one input and an open batch on images.</summary>
    public static ActivationStatistics Measure(
        ModelProto model, ImageReader read, int images, int threads, CancellationToken cancellation)
    {
        var statistics = new ActivationStatistics();
        OnnxEnvironment.Get();
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC,
            IntraOpNumThreads = threads,
        };
        using var session = new InferenceSession(WithAllOutputs(model).ToByteArray(), options);
        statistics.Visit(
            session, read, images, (value, values, channels, pixels) => value.Extend(values, channels, pixels), cancellation);
        statistics.Visit(session, read, images, (value, values, _, _) => value.Count(values), cancellation);
        return statistics;
    }

    /// <summary>The range of a value in which a share of what was seen lies; 1 for all of it.</summary>
    public ActivationRange RangeOf(string value, double share)
    {
        var seen = _values[value];
        return share >= 1 ? new ActivationRange(seen.Least, seen.Most) : seen.Holding(share);
    }

    /// <summary>The mean of each channel of a value.</summary>
    public double[] MeansOf(string value) => _values[value].Means;

    private void Visit(
        InferenceSession session, ImageReader read, int images, Visitor visit, CancellationToken cancellation)
    {
        long[] shape = [.. session.InputMetadata.Single().Value.Dimensions.Select(side => (long)side)];
        using var run = new RunOptions();
        for (var first = 0; first < images; first += ImagesAtOnce)
        {
            cancellation.ThrowIfCancellationRequested();
            shape[0] = Math.Min(ImagesAtOnce, images - first);
            var batch = read(first, (int)shape[0]);
            Visit(session.InputNames[0], batch, shape);
            using var input = OrtValue.CreateTensorValueFromMemory(batch, shape);
            using var outputs = session.Run(run, session.InputNames, [input], session.OutputNames);
            foreach (var (name, output) in session.OutputNames.Zip(outputs))
                Visit(name, output.GetTensorDataAsSpan<float>(), output.GetTensorTypeAndShape().Shape);
        }

        void Visit(string name, ReadOnlySpan<float> values, long[] of) =>
            visit(ValueOf(name), values, (int)of[1], values.Length / (int)(of[0] * of[1]));
    }

    private Value ValueOf(string name) => _values.TryGetValue(name, out var value) ? value : _values[name] = new Value();

    private static ModelProto WithAllOutputs(ModelProto model)
    {
        var open = model.Clone();
        open.Graph.Output.Clear();
        foreach (var name in open.Graph.Node.Select(node => node.Output[0]))
        {
            open.Graph.Output.Add(new ValueInfoProto
            {
                Name = name,
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } },
            });
        }

        return open;
    }

    private sealed class Value
    {
        private readonly long[] _counts = new long[Bins];
        private double[] _sums = [];
        private long _perChannel;

        public float Least { get; private set; }

        public float Most { get; private set; }

        public double[] Means => [.. _sums.Select(sum => sum / _perChannel)];

        // Images by channels by pixels.
        public void Extend(ReadOnlySpan<float> values, int channels, int pixels)
        {
            if (_sums.Length == 0)
                _sums = new double[channels];
            for (var begin = 0; begin < values.Length; begin += pixels)
            {
                var sum = 0.0;
                foreach (var value in values.Slice(begin, pixels))
                {
                    (Least, Most) = (Math.Min(Least, value), Math.Max(Most, value));
                    sum += value;
                }

                _sums[begin / pixels % channels] += sum;
            }

            _perChannel += values.Length / channels;
        }

        public void Count(ReadOnlySpan<float> values)
        {
            var scale = Most > Least ? Bins / (Most - Least) : 0;
            foreach (var value in values)
                _counts[Math.Clamp((int)((value - Least) * scale), 0, Bins - 1)]++;
        }

        public ActivationRange Holding(double share)
        {
            var most = (long)((1 - share) / 2 * _counts.Sum());
            var width = (Most - Least) / Bins;
            return new ActivationRange(
                Least + (width * Outside(_counts, most)),
                Most - (width * Outside(_counts.AsEnumerable().Reverse(), most)));
        }

        // Whole bins at an end that hold no more than so many.
        private static int Outside(IEnumerable<long> counts, long most)
        {
            var (bins, seen) = (0, 0L);
            foreach (var count in counts)
            {
                if ((seen += count) > most)
                    break;
                bins++;
            }

            return bins;
        }
    }
}
