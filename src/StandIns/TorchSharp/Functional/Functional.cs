using TorchSharp.Interop;

namespace TorchSharp;

// As of the real package, without trailing optional parameters that the product leaves out.
public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            private static readonly long[] s_ones = [1, 1];
            private static readonly long[] s_zeros = [0, 0];

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Operators.Conv2d.Call(input, weight, bias, strides ?? s_ones, padding ?? s_zeros, dilation ?? s_ones, groups);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Operators.Linear.Call(input, weights, bias);

            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null,
                bool training = false, double momentum = 0.1, double eps = 1e-05) =>
                Operators.BatchNorm.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, true);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) =>
                Operators.AdaptiveAvgPool2d.Call(input, new[] { output_size, output_size });

            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true) =>
                Operators.AvgPool2d.Call(
                    input, new[] { kernel_size, kernel_size }, new[] { stride ?? kernel_size, stride ?? kernel_size },
                    new[] { padding ?? 0, padding ?? 0 }, ceil_mode, count_include_pad);

            public static Tensor relu(Tensor x, bool inplace = false) => (inplace ? Operators.ReluInPlace : Operators.Relu).Call(x);

            public static Tensor silu(Tensor x, bool inplace = false) => (inplace ? Operators.SiluInPlace : Operators.Silu).Call(x);

            public static Tensor hardswish(Tensor input, bool inplace = false) => (inplace ? Operators.HardswishInPlace : Operators.Hardswish).Call(input);

            public static Tensor hardsigmoid(Tensor input, bool inplace = false) => (inplace ? Operators.HardsigmoidInPlace : Operators.Hardsigmoid).Call(input);

            public static Tensor sigmoid(Tensor x) => Operators.Sigmoid.Call(x);

            public static Tensor dropout(Tensor input, double p = 0.5) => Operators.Dropout.Call(input, p, true);

            public static Tensor softmax(Tensor input, long dim) => Operators.Softmax.Call(input, dim);

            public static Tensor log_softmax(Tensor x, long dim) => Operators.LogSoftmax.Call(x, dim);

            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0) =>
                Operators.CrossEntropy.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);
        }
    }
}
