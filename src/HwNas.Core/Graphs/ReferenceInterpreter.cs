namespace HwNas.Core.Graphs;

/// <summary>Gives a weight by its name, <c>{block}.{node}.{part}</c>, row-major.</summary>
public delegate double[] WeightLookup(string name);

/// <summary>
/// Computes networks straight from their definition, in double precision and with no thought of speed: what the tensors'
/// forward pass and the exported models are checked against.
/// </summary>
public static class ReferenceInterpreter
{
    /// <summary>The output of a network for a batch of images, each [channels × height × width].</summary>
    /// <param name="plan">The network.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="images">The images.</param>
    /// <param name="isTraining">Whether batch norm uses the batch's own statistics instead of given ones.</param>
    public static double[][] Run(NetworkPlan plan, WeightLookup weights, double[][] images, bool isTraining = false)
    {
        ArgumentNullException.ThrowIfNull(plan);
        List<double[][]> values = [images];
        foreach (var (index, block) in plan.Blocks.Index())
            values.Add(Run(block, weights, [.. plan.Wiring[index].Select(value => values[value])], isTraining));
        return values[^1];
    }

    /// <summary>The output of a block for a batch.</summary>
    /// <param name="block">The block.</param>
    /// <param name="weights">Its weights.</param>
    /// <param name="inputs">For each input of the block the batch's maps.</param>
    /// <param name="isTraining">Whether batch norm uses the batch's own statistics instead of given ones.</param>
    public static double[][] Run(Block block, WeightLookup weights, IEnumerable<double[][]> inputs, bool isTraining = false)
    {
        ArgumentNullException.ThrowIfNull(block);
        List<double[][]> values = [.. inputs];
        foreach (var node in block.Nodes)
        {
            var batches = node.Inputs.Select(value => values[value]).ToArray();
            var shapes = node.Inputs.Select(block.ShapeOf).ToArray();
            values.Add(node.Operation is BatchNorm norm
                ? Normalise(norm, batches[0], Weight, isTraining)
                : [.. batches[0].Select(
                    (_, image) => Compute(node, Weight, [.. batches.Select(batch => batch[image])], shapes))]);

            double[] Weight(string part) => weights(node.WeightName(part));
        }

        return values[^1];
    }

    private static double[] Compute(Node node, WeightLookup weight, double[][] inputs, FeatureShape[] shapes) =>
        node.Operation switch
        {
            Convolution convolution => Convolve(convolution, weight, inputs[0], shapes[0], node.Output),
            Linear linear => [.. Enumerable.Range(0, linear.OutChannels).Select(o =>
                weight("bias")[o] + inputs[0].Zip(weight("weight").Skip(o * linear.InChannels), (x, w) => x * w).Sum())],
            Activate activate => [.. inputs[0].Select(Function(activate.Function))],
            Pooling pooling => Pool(pooling, inputs[0], shapes[0], node.Output),
            GlobalPooling => [.. inputs[0].Chunk(shapes[0].Height * shapes[0].Width).Select(channel => channel.Average())],
            Add => inputs.Aggregate((sum, next) => [.. sum.Zip(next, (a, b) => a + b)]),
            Multiply => [.. inputs[0].Select((x, i) => x * inputs[1][i / (shapes[0].Height * shapes[0].Width)])],
            Concatenate => [.. inputs.SelectMany(input => input)],
            Identity => inputs[0],
            Zero => new double[node.Output.Elements],
            _ => throw new NotSupportedException($"{node.Operation} cannot be interpreted."),
        };

    private static double[] Convolve(
        Convolution convolution, WeightLookup weight, double[] input, FeatureShape source, FeatureShape target)
    {
        var (perGroup, outPerGroup, k) = (
            convolution.ChannelsPerGroup, convolution.OutChannels / convolution.Groups, convolution.Kernel);
        var (kernel, bias) = (weight("weight"), convolution.Bias ? weight("bias") : null);
        var output = new double[target.Elements];
        for (var o = 0; o < convolution.OutChannels; o++)
        {
            var map = output.AsSpan(o * target.Height * target.Width, target.Height * target.Width);
            map.Fill(bias is null ? 0 : bias[o]);
            for (var tap = 0; tap < perGroup * k * k; tap++)
            {
                var (c, row, column) = (tap / (k * k), tap / k % k, tap % k);
                var channel = (o / outPerGroup * perGroup) + c;
                AddTap(map, kernel[(o * perGroup * k * k) + tap], channel, row, column);
            }
        }

        return output;

        // What one element of the kernel adds to a map: the input, moved by the element's place, times its value.
        void AddTap(Span<double> map, double value, int channel, int row, int column)
        {
            for (var y = 0; y < target.Height; y++)
            {
                var sourceRow = (y * convolution.Stride) + (row * convolution.Dilation) - convolution.Padding;
                if (sourceRow < 0 || sourceRow >= source.Height)
                    continue;
                var line = input.AsSpan(((channel * source.Height) + sourceRow) * source.Width, source.Width);
                for (var x = 0; x < target.Width; x++)
                {
                    var sourceColumn = (x * convolution.Stride) + (column * convolution.Dilation) - convolution.Padding;
                    if (sourceColumn >= 0 && sourceColumn < line.Length)
                        map[(y * target.Width) + x] += value * line[sourceColumn];
                }
            }
        }
    }

    private static double[] Pool(Pooling pooling, double[] input, FeatureShape source, FeatureShape target)
    {
        var output = new double[target.Elements];
        for (var i = 0; i < output.Length; i++)
        {
            var (channel, y, x) = Position(i, target);
            var (top, left) = ((y * pooling.Stride) - pooling.Padding, (x * pooling.Stride) - pooling.Padding);
            var window =
                from row in Enumerable.Range(top, pooling.Kernel)
                from column in Enumerable.Range(left, pooling.Kernel)
                where row >= 0 && row < source.Height && column >= 0 && column < source.Width
                select input[(((channel * source.Height) + row) * source.Width) + column];
            output[i] = pooling.Kind == PoolingKind.Max ? window.Max() : window.Average();
        }

        return output;
    }

    private static double[][] Normalise(BatchNorm norm, double[][] batch, WeightLookup weight, bool isTraining)
    {
        var pixels = batch[0].Length / norm.Channels;
        var (scale, shift) = (new double[norm.Channels], new double[norm.Channels]);
        for (var channel = 0; channel < norm.Channels; channel++)
        {
            double mean, variance;
            if (isTraining)
            {
                var values = batch.SelectMany(image => image.Skip(channel * pixels).Take(pixels)).ToList();
                mean = values.Average();
                variance = values.Average(value => (value - mean) * (value - mean));
            }
            else
            {
                (mean, variance) = (weight("mean")[channel], weight("variance")[channel]);
            }

            scale[channel] = weight("weight")[channel] / Math.Sqrt(variance + BatchNorm.Epsilon);
            shift[channel] = weight("bias")[channel] - (mean * scale[channel]);
        }

        return [.. batch.Select(image => image.Select((x, i) => (x * scale[i / pixels]) + shift[i / pixels]).ToArray())];
    }

    private static (int Channel, int Row, int Column) Position(int index, FeatureShape shape) =>
        (index / (shape.Height * shape.Width), index / shape.Width % shape.Height, index % shape.Width);

    private static Func<double, double> Function(Activation activation) => activation switch
    {
        Activation.None => x => x,
        Activation.Relu => x => Math.Max(0, x),
        Activation.Swish => x => x / (1 + Math.Exp(-x)),
        Activation.HardSwish => x => x * Math.Clamp((x / 6) + 0.5, 0, 1),
        Activation.Sigmoid => x => 1 / (1 + Math.Exp(-x)),
        Activation.HardSigmoid => x => Math.Clamp((x / 6) + 0.5, 0, 1),
        _ => throw new NotSupportedException($"{activation} cannot be interpreted."),
    };
}
