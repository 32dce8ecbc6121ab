using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static Modules.SGD SGD(
                IEnumerable<Modules.SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters);
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>Stochastic gradient descent with momentum, one native call for each group of parameters.</summary>
    public sealed unsafe class SGD : IDisposable
    {
        private readonly ParamGroup[] _groups;

        internal SGD(IEnumerable<ParamGroup> groups) => _groups = [.. groups];

        public IEnumerable<ParamGroup> ParamGroups => _groups;

        public void zero_grad()
        {
            foreach (var parameter in _groups.SelectMany(group => group.Parameters)) parameter.grad = null;
        }

        public Tensor? step(Func<Tensor>? closure = null)
        {
            foreach (var group in _groups) group.Step();
            return null;
        }

        public void save_state_dict(BinaryWriter writer)
        {
            foreach (var group in _groups) group.Save(writer);
        }

        public void load_state_dict(BinaryReader reader)
        {
            foreach (var group in _groups) group.Load(reader);
        }

        public void Dispose()
        {
            foreach (var group in _groups) group.DisposeState();
        }

        /// <summary>Mirrors <c>SgdOptions</c> of native/optimizers.cpp.</summary>
        [StructLayout(LayoutKind.Sequential)]
        internal struct NativeOptions
        {
            internal double LearningRate;
            internal double Momentum;
            internal double Dampening;
            internal double WeightDecay;
            internal int Nesterov;
            internal int Maximize;
        }

        /// <summary>Parameters that share their options.</summary>
        public sealed class ParamGroup
        {
            private readonly Tensor?[] _momentum;
            private NativeOptions _options;

            public ParamGroup(
                IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false, bool maximize = false)
            {
                Parameters = [.. parameters];
                _momentum = new Tensor?[Parameters.Count];
                _options = new NativeOptions
                {
                    LearningRate = lr,
                    Momentum = momentum,
                    Dampening = dampening,
                    WeightDecay = weight_decay,
                    Nesterov = nesterov ? 1 : 0,
                    Maximize = maximize ? 1 : 0,
                };
            }

            public IReadOnlyList<Parameter> Parameters { get; }

            public double LearningRate
            {
                get => _options.LearningRate;
                set => _options.LearningRate = value;
            }

            internal void Step()
            {
                var parameters = Parameters.Select(parameter => parameter.Handle).ToArray();
                var buffers = _momentum.Select(buffer => buffer?.Handle ?? 0).ToArray();
                fixed (nint* parameterPointer = parameters, bufferPointer = buffers)
                fixed (NativeOptions* options = &_options)
                {
                    Native.Check(Native.hw_sgd_step(parameterPointer, bufferPointer, parameters.Length, options));
                }

                for (var i = 0; i < buffers.Length; i++)
                {
                    if (buffers[i] != 0) _momentum[i] ??= new Tensor(buffers[i]).DetachFromDisposeScope();
                }
            }

            internal void Save(BinaryWriter writer)
            {
                foreach (var buffer in _momentum)
                {
                    var bytes = buffer is null ? [] : MemoryMarshal.AsBytes<float>(buffer.data<float>().ToArray()).ToArray();
                    writer.Write(bytes.Length);
                    writer.Write(bytes);
                }
            }

            internal void Load(BinaryReader reader)
            {
                for (var i = 0; i < _momentum.Length; i++)
                {
                    var length = reader.ReadInt32();
                    if (length == 0) continue;
                    if (length != Parameters[i].numel() * sizeof(float)) throw new InvalidDataException($"The optimizer's state {i} has {length} bytes, which does not fit its parameter.");
                    var values = MemoryMarshal.Cast<byte, float>(reader.ReadBytes(length)).ToArray();
                    _momentum[i]?.Dispose();
                    _momentum[i] = tensor(values, Parameters[i].shape).DetachFromDisposeScope();
                }
            }

            internal void DisposeState()
            {
                foreach (var buffer in _momentum) buffer?.Dispose();
            }
        }
    }
}
