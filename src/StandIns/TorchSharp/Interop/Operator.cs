using System.Runtime.CompilerServices;
using System.Text;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// An ATen operator, looked up in libtorch's dispatcher by name when it is first called. Arguments follow its schema
/// in order; trailing ones that are left out take the schema's defaults. Errors are
/// <see cref="System.Runtime.InteropServices.ExternalException"/>s with libtorch's message.
/// </summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private nint _handle;

    internal string Name => overload.Length == 0 ? name : $"{name}.{overload}";

    /// <summary>Calls an operator that returns one tensor.</summary>
    internal Tensor Call(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return new Tensor((nint)result.Bits);
    }

    /// <summary>Calls an operator whose result is dropped (in-place ones return an alias that nobody needs).</summary>
    internal void Run(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        if (Invoke(arguments, &result, 1) == 1 && result.Kind == ValueKind.Tensor)
        {
            Native.Check(Native.hw_tensor_free((nint)result.Bits));
        }
    }

    /// <summary>Calls an operator that returns two tensors.</summary>
    internal (Tensor, Tensor) CallPair(params ReadOnlySpan<Argument> arguments)
    {
        var results = stackalloc NativeValue[2];
        Invoke(arguments, results, 2);
        return (new Tensor((nint)results[0].Bits), new Tensor((nint)results[1].Bits));
    }

    /// <summary>Calls an operator that returns a list of at most <paramref name="capacity"/> tensors.</summary>
    internal Tensor[] CallMany(int capacity, params ReadOnlySpan<Argument> arguments)
    {
        var values = new NativeValue[capacity];
        fixed (NativeValue* results = values)
        {
            var tensors = new Tensor[Invoke(arguments, results, capacity)];
            for (var i = 0; i < tensors.Length; i++) tensors[i] = new Tensor((nint)values[i].Bits);
            return tensors;
        }
    }

    /// <summary>Calls an operator that returns a number or a truth value.</summary>
    internal NativeValue CallValue(params ReadOnlySpan<Argument> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return result;
    }

    [SkipLocalsInit]
    private int Invoke(ReadOnlySpan<Argument> arguments, NativeValue* results, int capacity)
    {
        if (_handle == 0) _handle = Find();

        const int stackElements = 64;
        var elements = 0;
        foreach (ref readonly var argument in arguments) elements += argument.IsList ? argument.Length : 0;
        var lists = elements <= stackElements ? stackalloc long[stackElements] : new long[elements];
        var values = stackalloc NativeValue[arguments.Length];
        int produced;
        fixed (long* listStart = lists)
        {
            var used = 0;
            for (var i = 0; i < arguments.Length; i++)
            {
                ref readonly var argument = ref arguments[i];
                values[i] = new NativeValue { Kind = argument.Kind, Length = argument.Length, Bits = argument.Bits };
                if (!argument.IsList) continue;
                argument.CopyListTo(lists[used..]);
                values[i].Bits = (nint)(listStart + used);
                used += argument.Length;
            }
            Native.Check(Native.hw_operator_call(_handle, values, arguments.Length, results, capacity, &produced));
        }
        // Tensors must not be finalized, which would free their handles, while the native side borrows them.
        foreach (ref readonly var argument in arguments) GC.KeepAlive(argument.Reference);
        return produced;
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
