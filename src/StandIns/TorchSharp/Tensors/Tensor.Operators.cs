using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator +(Tensor left, Tensor right) => left.add(right);

        public static Tensor operator -(Tensor left, Tensor right) => left.sub(right);

        public static Tensor operator *(Tensor left, Tensor right) => left.mul(right);

        public static Tensor operator *(Tensor left, Scalar right) => left.mul(right);

        public static Tensor operator /(Tensor left, Tensor right) => left.div(right);

        // Views and moves
        public Tensor narrow(long dim, long start, long length) => Operators.Narrow.Call(this, dim, start, length);

        public Tensor reshape(params long[] shape) => Operators.Reshape.Call(this, shape);

        public Tensor view(params long[] shape) => Operators.View.Call(this, shape);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => Operators.Flatten.Call(this, start_dim, end_dim);

        public Tensor t() => Operators.T.Call(this);

        public Tensor contiguous() => Operators.Contiguous.Call(this);

        public Tensor clone() => Operators.Clone.Call(this);

        public Tensor detach() => Operators.Detach.Call(this);

        public Tensor to(Device device) => Operators.ToDevice.Call(this, device, dtype);

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Operators.Copy.Run(this, source, nonBlocking);
            return this;
        }

        // Arithmetic
        public Tensor add(Tensor target) => Operators.Add.Call(this, target);

        public Tensor sub(Tensor target) => Operators.Sub.Call(this, target);

        public Tensor mul(Tensor target) => Operators.Mul.Call(this, target);

        public Tensor mul(Scalar scalar) => Operators.MulScalar.Call(this, scalar);

        public Tensor div(Tensor target) => Operators.Div.Call(this, target);

        public Tensor matmul(Tensor target) => Operators.Matmul.Call(this, target);

        public Tensor abs() => Operators.Abs.Call(this);

        public Tensor normal_(double mean = 0, double stddev = 1, Generator? generator = null)
        {
            Operators.Normal.Run(this, mean, stddev, generator);
            return this;
        }

        // Comparisons and reductions
        public Tensor eq(Tensor target) => Operators.Eq.Call(this, target);

        public Tensor isfinite() => Operators.Isfinite.Call(this);

        public Tensor all() => Operators.All.Call(this);

        public Tensor sum() => Operators.Sum.Call(this);

        public Tensor mean() => Operators.Mean.Call(this);

        public Tensor max() => Operators.Max.Call(this);

        public Tensor argmax(long dim, bool keepdim = false) => Operators.Argmax.Call(this, dim, keepdim);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Operators.Allclose.CallValue(this, target, rtol, atol, equal_nan).Bits != 0;
    }
}
