using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Interop;

/// <summary>
/// The exports of the shim (native/*.cpp). Those that return an <c>int</c> return 0, or an error code after which
/// <see cref="Check"/> throws: no C++ exception crosses the border.
/// </summary>
internal static unsafe partial class Native
{
    private const string Library = NativeLibraryLoader.Name;

    [DllImport(Library)] internal static extern long hw_last_error(byte* buffer, long capacity);
    [DllImport(Library)] internal static extern byte* hw_version();

    [DllImport(Library)] internal static extern int hw_operator_find(byte* name, byte* overload, nint* found);
    [DllImport(Library)] internal static extern int hw_operator_call(nint op, NativeValue* arguments, int count, nint* result);

    [DllImport(Library)] internal static extern int hw_tensor_free(nint tensor);
    [DllImport(Library), SuppressGCTransition] internal static extern int hw_tensor_info(nint tensor, TensorInfo* info);
    [DllImport(Library), SuppressGCTransition] internal static extern int hw_tensor_layout(
        nint tensor, long* sizes, long* strides, long dimensions);
    [DllImport(Library)] internal static extern int hw_tensor_data(nint tensor, void** data);
    [DllImport(Library)] internal static extern int hw_tensor_set_requires_grad(nint tensor, int requiresGrad);
    [DllImport(Library)] internal static extern int hw_tensor_grad(nint tensor, nint* grad);
    [DllImport(Library)] internal static extern int hw_tensor_backward(nint tensor);

    [DllImport(Library)] internal static extern int hw_generator_new(ulong seed, nint* generator);
    [DllImport(Library)] internal static extern int hw_generator_free(nint generator);
    [DllImport(Library)] internal static extern int hw_manual_seed(ulong seed, nint* generator);

    [DllImport(Library), SuppressGCTransition] internal static extern int hw_grad_mode();
    [DllImport(Library)] internal static extern int hw_set_grad_mode(int enabled);
    [DllImport(Library)] internal static extern int hw_set_threads(int count);

    [DllImport(Library)] internal static extern int hw_sgd_step(
        nint* parameters, nint* momentumBuffers, int count, Modules.SGD.NativeOptions* options);

    /// <summary>Throws what the native side reported; as in TorchSharp, an <see cref="ExternalException"/>.</summary>
    internal static void Check(int code)
    {
        if (code != 0) ThrowLastError();
    }

    private static void ThrowLastError()
    {
        var bytes = new byte[hw_last_error(null, 0)];
        fixed (byte* buffer = bytes)
        {
            hw_last_error(buffer, bytes.Length);
        }
        throw new ExternalException(Encoding.UTF8.GetString(bytes));
    }
}
