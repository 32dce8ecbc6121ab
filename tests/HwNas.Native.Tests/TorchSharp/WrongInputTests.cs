using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using global::TorchSharp.Interop;
using global::TorchSharp.Modules;
using Shim = global::TorchSharp.Interop.Native;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.TorchSharp;

/// <summary>
/// Wrong input to every function that the shim exports: a managed exception, and the process lives. (A C++ exception
/// that crossed the border, or a null that was followed, would end the whole test run.)
/// </summary>
public sealed unsafe class WrongInputTests
{
    // Per function, calls that have to fail; functions that take nothing wrong have none.
    private static readonly Dictionary<string, Func<int>[]> Wrong = new()
    {
        ["hw_last_error"] = [],
        ["hw_version"] = [],
        ["hw_grad_mode"] = [],
        ["hw_set_grad_mode"] = [],
        ["hw_set_threads"] = [() => Shim.hw_set_threads(0), () => Shim.hw_set_threads(-1)],
        ["hw_generator_new"] = [() => Shim.hw_generator_new(1, null)],
        ["hw_generator_free"] = [() => Shim.hw_generator_free(0)],
        ["hw_manual_seed"] = [() => Shim.hw_manual_seed(1, null)],
        ["hw_tensor_free"] = [() => Shim.hw_tensor_free(0)],
        ["hw_tensor_info"] = [() => Info(0), () => With(tensor => Shim.hw_tensor_info(tensor, null))],
        ["hw_tensor_layout"] =
        [
            () => Layout(0, 2),
            () => With(tensor => Layout(tensor, 1)),
            () => With(tensor => Layout(tensor, -1)),
            () => With(tensor => Shim.hw_tensor_layout(tensor, null, null, 2)),
        ],
        ["hw_tensor_data"] = [() => Data(0), () => With(tensor => Shim.hw_tensor_data(tensor, null))],
        ["hw_tensor_set_requires_grad"] =
        [
            () => Shim.hw_tensor_set_requires_grad(0, 1),
            () => With(tensor => Shim.hw_tensor_set_requires_grad(tensor, 1), "Int64"),
        ],
        ["hw_tensor_grad"] = [() => Gradient(0), () => With(tensor => Shim.hw_tensor_grad(tensor, null))],
        ["hw_tensor_backward"] =
        [
            () => Shim.hw_tensor_backward(0),
            () => With(Shim.hw_tensor_backward),
            () => With(Shim.hw_tensor_backward, "Parameter"),
        ],
        ["hw_operator_find"] =
        [
            () => Find("no_such_operator", ""),
            () => Find("add", "NoSuchOverload"),
            () => Shim.hw_operator_find(null, null, null),
        ],
        ["hw_operator_call"] =
        [
            () => Call(0, []),
            () => Call(Operator("relu"), []),
            () => Call(Operator("relu"), [default]),
            () => Call(Operator("relu"), [new NativeValue { Kind = ValueKind.Tensor }]),
            () => Call(Operator("relu"), [new NativeValue { Kind = (ValueKind)99 }]),
            () => Call(Operator("relu"), [new NativeValue { Kind = ValueKind.Generator }]),
            () => Call(Operator("relu"), [new NativeValue { Kind = ValueKind.Ints, Length = 3 }]),
            () => Call(Operator("relu"), [new NativeValue { Kind = ValueKind.Ints, Length = -3 }]),
            () => Call(Operator("zeros"), [default, default, default, default, default, default]),
            () => Shim.hw_operator_call(Operator("relu"), null, 1, null),
            () => Shim.hw_operator_call(Operator("relu"), null, -1, null),
            () => With(tensor => Call(Operator("var_mean"), [new NativeValue { Kind = ValueKind.Tensor, Bits = tensor }, new NativeValue { Kind = ValueKind.Bool }])),
        ],
        ["hw_sgd_step"] =
        [
            () => Shim.hw_sgd_step(null, null, 1, null),
            () => Shim.hw_sgd_step(null, null, 0, null),
            () => Step(0, 0, 1),
            () => Step(0, 0, -1),
            () => With(parameter => With(other => Step(parameter, other, 1)), "Trained"),
        ],
    };

    [Fact]
    public void The_table_has_every_exported_function()
    {
        string[] declared = [.. typeof(Shim).GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(method => method.GetCustomAttribute<DllImportAttribute>() is not null).Select(method => method.Name)];
        Assert.Equal(declared.Order(StringComparer.Ordinal), Wrong.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(declared.Order(StringComparer.Ordinal), ExportsOfTheShim());
    }

    [Fact]
    public void Wrong_input_is_a_managed_exception_everywhere()
    {
        foreach (var (function, calls) in Wrong)
        {
            for (var i = 0; i < calls.Length; i++)
            {
                var code = calls[i]();
                Assert.True(code == 1, $"{function}, call {i}: {code}");
                var error = Assert.Throws<ExternalException>(() => Shim.Check(code));
                Assert.NotEqual("", error.Message);
            }
        }
    }

    [Fact]
    public void No_operator_in_use_survives_wrong_arguments_by_more_than_an_exception()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        Tensor[] tensors = [ones(1), empty([2, 3]).normal_(), empty([2, 3, 4, 4]).normal_(), empty([0]), tensor([1L, -5, 700])];
        Argument[] values = [.. tensors.Select(t => (Argument)t), Argument.None, -1L, 3L, 0.5, true, new long[] { -1, 2 }, Array.Empty<long>(), generator, tensors[0].device];
        var operators = typeof(Operators).GetFields(BindingFlags.Static | BindingFlags.NonPublic).Select(field => (field.Name, (Operator)field.GetValue(null)!)).ToArray();
        Assert.True(operators.Length > 30);
        var random = new Random(17);
        foreach (var (name, op) in operators)
        {
            var failures = 0;
            for (var attempt = 0; attempt < 300; attempt++)
            {
                var arguments = Enumerable.Range(0, random.Next(0, 10)).Select(_ => values[random.Next(values.Length)]).ToArray();
                try
                {
                    op.Call(arguments).Dispose();
                }
                catch (ExternalException)
                {
                    failures++;
                }
            }

            Assert.True(failures > 0, name);
        }
    }

    // libtorch indexes tables with these unchecked: a dtype of -1 ended the process, but not every time.
    [Theory]
    [InlineData(-1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void A_dtype_layout_or_memory_format_that_does_not_exist_is_refused(long value)
    {
        using var scope = NewDisposeScope();
        var (matrix, cpu, sizes, strides) = (ones(1), ones(1).device, new long[] { 2 }, new long[] { 1 });
        (string Argument, Action Call)[] calls =
        [
            ("dtype", () => Operators.Empty.Call(sizes, value)),
            ("layout", () => Operators.Empty.Call(sizes, Argument.None, value)),
            ("memory_format", () => Operators.Empty.Call(sizes, Argument.None, Argument.None, Argument.None, Argument.None, value)),
            ("dtype", () => Operators.EmptyStrided.Call(sizes, strides, value)),
            ("dtype", () => Operators.Zeros.Call(sizes, value)),
            ("layout", () => Operators.Zeros.Call(sizes, Argument.None, value)),
            ("dtype", () => Operators.Ones.Call(sizes, value)),
            ("memory_format", () => Operators.Clone.Call(matrix, value)),
            ("memory_format", () => Operators.Contiguous.Call(matrix, value)),
            ("dtype", () => Operators.ToDevice.Call(matrix, cpu, value)),
            ("dtype", () => Operators.Sum.Call(matrix, value)),
            ("dtype", () => Operators.Softmax.Call(matrix, 0, value)),
            ("dtype", () => Operators.LogSoftmax.Call(matrix, 0, value)),
        ];
        foreach (var (argument, call) in calls)
            Assert.Contains($"the argument {argument} is {value},", Assert.Throws<ExternalException>(call).Message);
    }

    [Fact]
    public void Wrong_shapes_and_types_in_the_public_api_are_exceptions_with_libtorchs_message()
    {
        using var scope = NewDisposeScope();
        var (matrix, image) = (empty([2, 3]).normal_(), empty([1, 3, 4, 4]).normal_());
        Action[] calls =
        [
            () => _ = matrix + empty([5, 7]),
            () => _ = matrix * empty([5, 7]),
            () => matrix.matmul(matrix),
            () => matrix.narrow(1, 2, 5),
            () => matrix.narrow(9, 0, 1),
            () => matrix.reshape(7),
            () => matrix.flatten(5),
            () => image.t(),
            () => matrix.copy_(empty([9])),
            () => matrix.argmax(4),
            () => matrix.eq(empty([9])),
            () => tensor([1L]).normal_(),
            () => empty([-1]),
            () => zeros(-2),
            () => empty_strided([2], [1, 2]),
            () => nn.functional.conv2d(image, empty([2, 5, 3, 3])),
            () => nn.functional.conv2d(image, empty([2, 3, 9, 9])),
            () => nn.functional.conv2d(image, empty([2, 3, 3, 3]), strides: [0, 0]),
            () => nn.functional.conv2d(image, empty([2, 3, 3, 3]), groups: 0),
            () => nn.functional.linear(matrix, empty([4, 7])),
            () => nn.functional.batch_norm(image, ones(2), ones(3)),
            () => nn.functional.batch_norm(image, null, null, ones(5), ones(3), training: true),
            () => nn.functional.adaptive_avg_pool2d(matrix, -1),
            () => nn.functional.avg_pool2d(image, 0),
            () => nn.functional.dropout(matrix, 2),
            () => nn.functional.softmax(matrix, 7),
            () => nn.functional.log_softmax(matrix, 7),
            () => nn.functional.cross_entropy(matrix, tensor([0L, 3])),
            () => nn.functional.cross_entropy(matrix, tensor([0L])),
        ];
        for (var i = 0; i < calls.Length; i++)
        {
            var error = Assert.Throws<ExternalException>(calls[i]);
            Assert.True(error.Message.Length > 10, $"call {i}: {error.Message}");
        }
    }

    [Fact]
    public void A_disposed_tensor_is_refused_before_the_border()
    {
        var gone = ones(1);
        gone.Dispose();
        gone.Dispose();
        Assert.Throws<InvalidOperationException>(() => gone.sum());
        Assert.Throws<InvalidOperationException>(() => gone.shape);
        Assert.Throws<InvalidOperationException>(gone.backward);
    }

    private static int With(Func<nint, int> call) => With(call, "Float32");

    private static int With(Func<nint, int> call, string kind)
    {
        using var scope = NewDisposeScope();
        var made = kind == "Int64" ? tensor([1L, 2]) : empty([2, 3]).normal_();
        if (kind == "Float32" || kind == "Int64")
            return call(made.Handle);
        using var parameter = new Parameter(made);
        if (kind == "Trained")
            parameter.sum().backward();
        return call(parameter.Handle);
    }

    private static int Info(nint tensor)
    {
        TensorInfo info;
        return Shim.hw_tensor_info(tensor, &info);
    }

    private static int Layout(nint tensor, long dimensions)
    {
        long sizes, strides;
        return Shim.hw_tensor_layout(tensor, &sizes, &strides, dimensions);
    }

    private static int Data(nint tensor)
    {
        void* data;
        return Shim.hw_tensor_data(tensor, &data);
    }

    private static int Gradient(nint tensor)
    {
        nint gradient;
        return Shim.hw_tensor_grad(tensor, &gradient);
    }

    private static int Find(string name, string overload)
    {
        nint found;
        fixed (byte* n = Encoding.UTF8.GetBytes(name + '\0'), o = Encoding.UTF8.GetBytes(overload + '\0'))
            return Shim.hw_operator_find(n, o, &found);
    }

    private static nint Operator(string name)
    {
        nint found;
        fixed (byte* n = Encoding.UTF8.GetBytes(name + '\0'), none = "\0"u8)
            Shim.Check(Shim.hw_operator_find(n, none, &found));
        return found;
    }

    private static int Call(nint op, NativeValue[] arguments)
    {
        nint result;
        fixed (NativeValue* first = arguments)
            return Shim.hw_operator_call(op, first, arguments.Length, &result);
    }

    // The buffer's shape, where there is one, is not the parameter's.
    private static int Step(nint parameter, nint other, int count)
    {
        using var scope = NewDisposeScope();
        var (options, buffer) = (new SGD.NativeOptions { Momentum = 0.9, LearningRate = 0.1 }, other == 0 ? 0 : ones(99).Handle);
        return Shim.hw_sgd_step(&parameter, &buffer, count, &options);
    }

    private static IEnumerable<string> ExportsOfTheShim()
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "nm", ["-D", "--defined-only", Path.Combine(AppContext.BaseDirectory, "libHwNasTorch.so")]) { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return lines.Select(line => line.Split(' ')[^1]).Where(name => name.StartsWith("hw_", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }
}
