using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => Operators.Add.Call(left, right);

        public static Tensor operator *(Tensor left, Tensor right) => Operators.Mul.Call(left, right);

        // Views and copies
        public Tensor narrow(long dim, long start, long length) => Operators.Narrow.Call(this, dim, start, length);

        public Tensor reshape(params long[] shape) => Operators.Reshape.Call(this, shape);

        public Tensor flatten(long start_dim = 0) => Operators.Flatten.Call(this, start_dim);

        public Tensor t() => Operators.T.Call(this);

        public Tensor contiguous() => Operators.Contiguous.Call(this);

        public Tensor clone() => Operators.Clone.Call(this);

        public Tensor detach() => Operators.Detach.Call(this);

        public Tensor copy_(Tensor source)
        {
            Operators.Copy.Run(this, source);
            return this;
        }

        // Arithmetic, comparisons, reductions
        public Tensor mul(Scalar scalar) => Operators.MulScalar.Call(this, scalar.Value);

        public Tensor matmul(Tensor target) => Operators.Matmul.Call(this, target);

        public Tensor eq(Tensor target) => Operators.Eq.Call(this, target);

        public Tensor sum() => Operators.Sum.Call(this);

        public Tensor argmax(long dim) => Operators.Argmax.Call(this, dim);

        public Tensor normal_(double mean = 0, double stddev = 1, Generator? generator = null)
        {
            Operators.Normal.Run(this, mean, stddev, generator);
            return this;
        }
    }
}
