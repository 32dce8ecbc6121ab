using global::TorchSharp.Modules;
using static global::TorchSharp.torch;

namespace HwNas.Native.Tests.TorchSharp;

/// <summary>The optimizer against its formulas, worked out by a loop over numbers.</summary>
public sealed class SgdTests
{
    private const double Rate = 0.1;
    private static readonly float[] Start = [1, -2, 3];

    [Theory]
    [InlineData(0, 0, 0, false)]
    [InlineData(0, 0, 0.01, false)]
    [InlineData(0.9, 0, 0, false)]
    [InlineData(0.9, 0.3, 0.01, false)]
    [InlineData(0.9, 0, 0.01, true)]
    public void Three_steps_follow_the_formulas(double momentum, double dampening, double decay, bool nesterov)
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(tensor(Start));
        using var optimizer = optim.SGD(
            [new SGD.ParamGroup([parameter], Rate, momentum, dampening, decay, nesterov)], Rate, momentum, dampening, decay, nesterov);
        var (expected, buffer) = (Start.Select(x => (double)x).ToArray(), new double[Start.Length]);
        for (var step = 0; step < 3; step++)
        {
            Assert.Null(StepOnSquares(optimizer, parameter));
            for (var i = 0; i < expected.Length; i++)
            {
                var change = (2 * expected[i]) + (decay * expected[i]);
                buffer[i] = step == 0 ? change : (momentum * buffer[i]) + ((1 - dampening) * change);
                expected[i] -= Rate * (momentum == 0 ? change : nesterov ? change + (momentum * buffer[i]) : buffer[i]);
            }

            OperatorCheck.Near(expected, parameter.data<float>().ToArray(), $"step {step}");
        }
    }

    [Fact]
    public void Strided_parameters_step_as_flat_ones_do()
    {
        using var scope = NewDisposeScope();
        float[] Steps(Parameter parameter)
        {
            using var optimizer = optim.SGD([Nesterov(parameter)], Rate, 0.9, nesterov: true);
            for (var step = 0; step < 3; step++) StepOnSquares(optimizer, parameter);
            return parameter.data<float>().ToArray();
        }

        float[] values = [1, 2, 3, 4, 5, 6];
        using var flat = new Parameter(tensor(values, [2, 3]));
        using var strided = new Parameter(empty_strided([2, 3], [1, 2]).copy_(tensor(values, [2, 3])));
        using var gaps = new Parameter(empty_strided([2, 3], [8, 2]).copy_(tensor(values, [2, 3])));
        var expected = Steps(flat);
        OperatorCheck.Near([.. expected.Select(x => (double)x)], Steps(strided), "strided");
        OperatorCheck.Near([.. expected.Select(x => (double)x)], Steps(gaps), "with gaps");
    }

    [Fact]
    public void Saved_state_continues_to_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var whole = new Parameter(tensor(Start));
        using var uninterrupted = optim.SGD([Nesterov(whole)], Rate, 0.9, nesterov: true);
        StepOnSquares(uninterrupted, whole);
        StepOnSquares(uninterrupted, whole);
        using var state = new MemoryStream();
        using var writer = new BinaryWriter(state);
        uninterrupted.save_state_dict(writer);

        using var resumed = new Parameter(whole.clone().detach());
        using var continued = optim.SGD([Nesterov(resumed)], 5, 0.9, nesterov: true);
        state.Position = 0;
        using var reader = new BinaryReader(state);
        continued.load_state_dict(reader);
        Assert.Equal(Rate, continued.ParamGroups.Single().LearningRate);
        StepOnSquares(uninterrupted, whole);
        StepOnSquares(continued, resumed);
        Assert.Equal(whole.data<float>().ToArray(), resumed.data<float>().ToArray());
    }

    [Fact]
    public void The_state_of_a_fresh_optimizer_is_no_momentum()
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(tensor(Start));
        using var fresh = optim.SGD([Nesterov(parameter)], Rate, 0.9, nesterov: true);
        using var state = new MemoryStream();
        using var writer = new BinaryWriter(state);
        fresh.save_state_dict(writer);
        StepOnSquares(fresh, parameter);
        var first = parameter.data<float>().ToArray();

        state.Position = 0;
        using var reader = new BinaryReader(state);
        fresh.load_state_dict(reader);
        parameter.detach().copy_(tensor(Start));
        StepOnSquares(fresh, parameter);
        Assert.Equal(first, parameter.data<float>().ToArray());
    }

    [Fact]
    public void State_of_other_parameters_is_refused()
    {
        using var scope = NewDisposeScope();
        using var three = new Parameter(tensor(Start));
        using var two = new Parameter(tensor([1f, 2]));
        using var state = new MemoryStream();
        using var writer = new BinaryWriter(state);
        using var source = optim.SGD([Nesterov(three)], Rate, 0.9, nesterov: true);
        StepOnSquares(source, three);
        source.save_state_dict(writer);

        void Load(params SGD.ParamGroup[] groups)
        {
            using var optimizer = optim.SGD(groups, Rate, 0.9, nesterov: true);
            state.Position = 0;
            using var reader = new BinaryReader(state, System.Text.Encoding.UTF8, leaveOpen: true);
            optimizer.load_state_dict(reader);
        }

        Assert.Throws<InvalidDataException>(() => Load(Nesterov(two)));
        Assert.Throws<ArgumentException>(() => Load(Nesterov(three, two)));
        Assert.Throws<ArgumentException>(() => Load(Nesterov(three), Nesterov(two)));
        state.SetLength(state.Length - 1);
        Assert.Throws<EndOfStreamException>(() => Load(Nesterov(three)));
        state.GetBuffer()[1] = (byte)'A';
        Assert.Throws<InvalidDataException>(() => Load(Nesterov(three)));
    }

    [Fact]
    public void Zeroed_gradients_are_zeros_and_a_parameter_without_one_stays()
    {
        using var scope = NewDisposeScope();
        using var used = new Parameter(tensor(Start));
        using var unused = new Parameter(tensor(Start));
        using var optimizer = optim.SGD([Nesterov(used, unused)], Rate, 0.9, nesterov: true);
        StepOnSquares(optimizer, used);
        optimizer.zero_grad();
        Assert.Equal([0f, 0, 0], used.grad!.data<float>().ToArray());
        Assert.Equal(Start, unused.data<float>().ToArray());
        Assert.Null(unused.grad);
    }

    [Fact]
    public void A_new_learning_rate_counts_from_the_next_step()
    {
        using var scope = NewDisposeScope();
        using var parameter = new Parameter(tensor([1f]));
        using var optimizer = optim.SGD([new SGD.ParamGroup([parameter], Rate)], Rate);
        foreach (var group in optimizer.ParamGroups) group.LearningRate = 0.25;
        StepOnSquares(optimizer, parameter);
        Assert.Equal(0.5f, parameter.item<float>());
    }

    [Fact]
    public void Impossible_options_are_argument_errors()
    {
        Assert.Throws<ArgumentException>(() => optim.SGD([], -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([], 1, momentum: -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([], 1, weight_decay: -1));
        Assert.Throws<ArgumentException>(() => optim.SGD([], 1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.SGD([], 1, momentum: 0.9, dampening: 0.1, nesterov: true));
    }

    private static SGD.ParamGroup Nesterov(params Parameter[] parameters) => new(parameters, Rate, 0.9, weight_decay: 0.01, nesterov: true);

    // The gradient of the sum of squares is twice the parameter.
    private static Tensor? StepOnSquares(SGD optimizer, Parameter parameter)
    {
        optimizer.zero_grad();
        (parameter * parameter).sum().backward();
        return optimizer.step();
    }
}
