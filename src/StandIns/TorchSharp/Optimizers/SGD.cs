using System.Runtime.InteropServices;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public interface ILearningRateController
            {
                double LearningRate { get; set; }
            }

            public static Modules.SGD SGD(
                IEnumerable<Modules.SGD.ParamGroup> parameters, double learningRate, double momentum = 0.0, double dampening = 0,
                double weight_decay = 0, bool nesterov = false)
            {
                if (learningRate < 0) throw new ArgumentException($"Invalid learning rate: {learningRate}");
                if (momentum < 0) throw new ArgumentException($"Invalid momentum value: {momentum}");
                if (weight_decay < 0) throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
                if (nesterov && (momentum <= 0 || dampening != 0)) throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening");
                return new Modules.SGD([.. parameters]);
            }
        }
    }
}

namespace TorchSharp.Modules
{
    /// <summary>
    /// Stochastic gradient descent with momentum, one native call for each group of parameters. Groups have all options
    /// themselves, so that those of the optimizer decide nothing (as in the real package).
    /// </summary>
    public sealed class SGD : IDisposable
    {
        private readonly ParamGroup[] _groups;

        internal SGD(ParamGroup[] groups) => _groups = groups;

        public IEnumerable<optim.ILearningRateController> ParamGroups => _groups;

        public void zero_grad()
        {
            foreach (var parameter in _groups.SelectMany(group => group.Members))
            {
                using var gradient = parameter.grad;
                if (gradient is not null) Operators.Zero.Run(gradient);
            }
        }

        public Tensor? step()
        {
            foreach (var group in _groups) group.Step();
            return null;
        }

        public void save_state_dict(BinaryWriter writer)
        {
            writer.Write(nameof(SGD));
            writer.Write(_groups.Length);
            foreach (var group in _groups) group.Save(writer);
        }

        public void load_state_dict(BinaryReader reader)
        {
            var name = reader.ReadString();
            if (name != nameof(SGD)) throw new InvalidDataException($"Mismatched optimizer type: expected '{nameof(SGD)}', but found '{name}' in the loaded stream.");
            if (reader.ReadInt32() != _groups.Length) throw new ArgumentException("Invalid optimizer state -- different number of parameter groups.");
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
        }

        /// <summary>Parameters that share their options.</summary>
        public sealed class ParamGroup : optim.ILearningRateController
        {
            private readonly Tensor?[] _momentum;
            private NativeOptions _options;

            public ParamGroup(
                IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0.0, double dampening = 0, double weight_decay = 0,
                bool nesterov = false)
            {
                Members = [.. parameters];
                _momentum = new Tensor?[Members.Length];
                _options = new NativeOptions
                {
                    LearningRate = lr,
                    Momentum = momentum,
                    Dampening = dampening,
                    WeightDecay = weight_decay,
                    Nesterov = nesterov ? 1 : 0,
                };
            }

            public double LearningRate
            {
                get => _options.LearningRate;
                set => _options.LearningRate = value;
            }

            internal Parameter[] Members { get; }

            internal unsafe void Step()
            {
                var parameters = Array.ConvertAll(Members, parameter => parameter.Handle);
                var buffers = Array.ConvertAll(_momentum, buffer => buffer?.Handle ?? 0);
                fixed (nint* parameterPointer = parameters, bufferPointer = buffers)
                fixed (NativeOptions* options = &_options)
                {
                    Native.Check(Native.hw_sgd_step(parameterPointer, bufferPointer, parameters.Length, options));
                }

                GC.KeepAlive(this);
                for (var i = 0; i < buffers.Length; i++)
                {
                    if (buffers[i] != 0) _momentum[i] ??= new Tensor(buffers[i]).DetachFromDisposeScope();
                }
            }

            internal void Save(BinaryWriter writer)
            {
                writer.Write(LearningRate);
                writer.Write(_momentum.Length);
                foreach (var buffer in _momentum)
                {
                    var values = buffer is null ? [] : buffer.data<float>().ToArray();
                    writer.Write(values.Length);
                    writer.Write(MemoryMarshal.AsBytes<float>(values));
                }
            }

            internal void Load(BinaryReader reader)
            {
                LearningRate = reader.ReadDouble();
                if (reader.ReadInt32() != _momentum.Length) throw new ArgumentException("Invalid optimizer state -- different number of states.");
                DisposeState();
                for (var i = 0; i < _momentum.Length; i++)
                {
                    var length = reader.ReadInt32();
                    if (length == 0) continue;
                    if (length != Members[i].Info().Elements) throw new InvalidDataException($"The optimizer's state {i} has {length} values, which does not fit its parameter.");
                    var values = new float[length];
                    reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
                    _momentum[i] = tensor(values, Members[i].shape).DetachFromDisposeScope();
                }
            }

            internal void DisposeState()
            {
                foreach (var buffer in _momentum) buffer?.Dispose();
                Array.Clear(_momentum);
            }
        }
    }
}
