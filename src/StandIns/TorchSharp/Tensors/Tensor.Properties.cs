using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long[] shape => Layout().Sizes;

        public long ndim => Info().Dimensions;

        public ScalarType dtype => (ScalarType)Info().ScalarType;

        public Device device
        {
            get
            {
                var info = Info();
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

        public bool requires_grad
        {
            get => Info().RequiresGrad != 0;
            set => Native.Check(Native.hw_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        public bool is_leaf => Info().IsLeaf != 0;

        /// <summary>The gradient; null before the first backward pass.</summary>
        public Tensor? grad
        {
            get
            {
                nint gradient;
                Native.Check(Native.hw_tensor_grad(Handle, &gradient));
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set
            {
                Native.Check(Native.hw_tensor_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        /// <summary>The values as bytes; CPU and contiguous only.</summary>
        public Span<byte> bytes
        {
            get
            {
                var info = Info();
                if (info.DeviceType != (int)DeviceType.CPU) throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
                if (info.IsContiguous == 0) throw new InvalidOperationException("Bytes() called on non-contiguous tensor.");
                return new Span<byte>(DataPointer(), checked((int)(info.Elements * info.ElementBytes)));
            }
        }

        public long numel() => Info().Elements;

        public long dim() => ndim;

        public long size(int dim) => shape[dim < 0 ? dim + (int)ndim : dim];

        public long[] stride() => Layout().Strides;

        public bool is_contiguous() => Info().IsContiguous != 0;

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public void backward()
        {
            Native.Check(Native.hw_tensor_backward(Handle, 0, 0, 0, null, 0));
            GC.KeepAlive(this);
        }

        /// <summary>The value of a tensor with one element.</summary>
        public T item<T>()
            where T : unmanaged
        {
            CheckType<T>();
            using var plain = to(CPU);
            if (plain.numel() != 1) throw new ArgumentException($"Number of elements in the tensor must be 1, not {plain.numel()}.");
            return *(T*)plain.DataPointer();
        }

        /// <summary>The values, in row-major order whatever the strides.</summary>
        public Utils.TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            CheckType<T>();
            return new Utils.TensorAccessor<T>(this);
        }

        internal void* DataPointer()
        {
            void* data;
            Native.Check(Native.hw_tensor_data(Handle, &data));
            return data;
        }

        private void CheckType<T>()
        {
            if (TypeOf(typeof(T)) != dtype) throw new ArgumentException($"{typeof(T).Name} does not match the tensor's type {dtype}.");
        }

        private TensorInfo Info()
        {
            TensorInfo info;
            Native.Check(Native.hw_tensor_info(Handle, &info));
            GC.KeepAlive(this);
            return info;
        }

        private (long[] Sizes, long[] Strides) Layout()
        {
            var dimensions = Info().Dimensions;
            var (sizes, strides) = (new long[dimensions], new long[dimensions]);
            fixed (long* sizePointer = sizes, stridePointer = strides)
            {
                Native.Check(Native.hw_tensor_layout(Handle, sizePointer, stridePointer, dimensions));
            }

            GC.KeepAlive(this);
            return (sizes, strides);
        }
    }
}
