using System.Runtime.CompilerServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// An ATen operator that returns one tensor, looked up in libtorch's dispatcher by name when it is first called.
/// Arguments follow its schema in order; trailing ones that are left out take the schema's defaults. Errors are
/// <see cref="System.Runtime.InteropServices.ExternalException"/>s with libtorch's message.
/// </summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private nint _handle;

    /// <summary>Calls the operator.</summary>
    internal Tensor Call(params ReadOnlySpan<Argument> arguments) => new(Invoke(arguments));

    /// <summary>Calls an operator that works in place: the alias that it returns is dropped.</summary>
    internal void Run(params ReadOnlySpan<Argument> arguments) => Native.Check(Native.hw_tensor_free(Invoke(arguments)));

    [SkipLocalsInit]
    private nint Invoke(ReadOnlySpan<Argument> arguments)
    {
        if (_handle == 0) _handle = Find();

        const int stackElements = 64;
        var elements = 0;
        foreach (ref readonly var argument in arguments) elements += argument.Kind == ValueKind.Ints ? argument.Length : 0;
        var lists = elements <= stackElements ? stackalloc long[stackElements] : new long[elements];
        var values = stackalloc NativeValue[arguments.Length];
        nint result;
        fixed (long* listStart = lists)
        {
            var used = 0;
            for (var i = 0; i < arguments.Length; i++)
            {
                ref readonly var argument = ref arguments[i];
                values[i] = new NativeValue { Kind = argument.Kind, Length = argument.Length, Bits = argument.Bits };
                if (argument.Reference is not long[] list) continue;
                list.CopyTo(lists[used..]);
                values[i].Bits = (nint)(listStart + used);
                used += list.Length;
            }

            Native.Check(Native.hw_operator_call(_handle, values, arguments.Length, &result));
        }

        // Tensors must not be finalized, which would free their handles, while the native side borrows them.
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Reference);
        return result;
    }

    private nint Find()
    {
        nint found;
        fixed (byte* nativeName = Encoding.UTF8.GetBytes(name + '\0'), nativeOverload = Encoding.UTF8.GetBytes(overload + '\0'))
        {
            Native.Check(Native.hw_operator_find(nativeName, nativeOverload, &found));
        }

        return found;
    }
}
