using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public unsafe partial class Tensor
    {
        public long[] shape => Layout().Sizes;

        public ScalarType dtype => (ScalarType)Info().ScalarType;

        public Device device
        {
            get
            {
                var info = Info();
                return new Device((DeviceType)info.DeviceType, info.DeviceIndex);
            }
        }

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
        }

        /// <summary>The values as bytes; CPU and contiguous only.</summary>
        public Span<byte> bytes
        {
            get
            {
                RequireCpu();
                var info = Info();
                if (info.IsContiguous == 0) throw new NotImplementedException("Bytes() called on non-contiguous tensor.");
                return new Span<byte>(DataPointer(), checked((int)(info.Elements * info.ElementBytes)));
            }
        }

        public void backward()
        {
            Native.Check(Native.hw_tensor_backward(Handle));
            GC.KeepAlive(this);
        }

        /// <summary>The value of a tensor with one element.</summary>
        public T item<T>()
            where T : unmanaged
        {
            CheckType<T>();
            if (Info().Elements != 1) throw new ArgumentException($"Number of elements in the tensor must be 1, not {Info().Elements}.");
            using var near = Operators.ToDevice.Call(this, new Device(DeviceType.CPU, -1), dtype);
            return *(T*)near.DataPointer();
        }

        /// <summary>The values, in row-major order whatever the strides.</summary>
        public Utils.TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            CheckType<T>();
            RequireCpu();
            return new Utils.TensorAccessor<T>(this);
        }

        internal void* DataPointer()
        {
            void* data;
            Native.Check(Native.hw_tensor_data(Handle, &data));
            return data;
        }

        internal TensorInfo Info()
        {
            TensorInfo info;
            Native.Check(Native.hw_tensor_info(Handle, &info));
            GC.KeepAlive(this);
            return info;
        }

        internal (long[] Sizes, long[] Strides) Layout()
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

        private void CheckType<T>()
        {
            if (TypeOf(typeof(T)) != dtype) throw new ArgumentException($"{typeof(T).Name} is not compatible with {dtype}");
        }

        private void RequireCpu()
        {
            if (Info().DeviceType != (int)DeviceType.CPU)
                throw new InvalidOperationException("Reading data from non-CPU memory is not supported. Move or copy the tensor to the cpu before reading.");
        }
    }
}
