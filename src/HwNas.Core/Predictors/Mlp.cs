using System.Numerics;

namespace HwNas.Core.Predictors;

/// <summary>
/// A small multi-layer perceptron on one-hot features: two hidden layers of <see cref="Hidden"/> rectified units and
/// one output, trained by Adam with decoupled weight decay and a cosine learning rate.
/// </summary>
internal sealed class Mlp
{
    public const int Hidden = 64;

    private const int BatchSize = 16;
    private const double LearningRate = 2e-3;
    private const double WeightDecay = 0.05;

    // All parameters in one array: first layer by feature, its biases, second layer by unit, its biases, output, bias.
    private readonly double[] _parameters;
    private readonly int _firstBias;
    private readonly int _second;
    private readonly int _secondBias;
    private readonly int _output;

    /// <summary>A trained network.</summary>
    public Mlp(int features, double[] parameters)
    {
        _firstBias = features * Hidden;
        _second = _firstBias + Hidden;
        _secondBias = _second + (Hidden * Hidden);
        _output = _secondBias + Hidden;
        _parameters = parameters;
    }

    private Mlp(int features, int onesPerSample, Random random)
        : this(features, new double[ParametersOf(features)])
    {
        Initialize(0, _firstBias, Math.Sqrt(2.0 / Math.Max(1, onesPerSample)));
        Initialize(_second, _secondBias, Math.Sqrt(2.0 / Hidden));
        Initialize(_output, _output + Hidden, Math.Sqrt(1.0 / Hidden));

        void Initialize(int from, int to, double deviation)
        {
            for (var i = from; i < to; i++)
                _parameters[i] = deviation * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
        }
    }

    /// <summary>All weights and biases.</summary>
    public ReadOnlySpan<double> Parameters => _parameters;

    /// <summary>Number of weights and biases.</summary>
    public static int ParametersOf(int features) => ((features + 1) * Hidden) + (Hidden * Hidden) + Hidden + Hidden + 1;

    /// <summary>Trains a network.</summary>
    /// <param name="features">Number of features.</param>
    /// <param name="ones">For each sample, the features that are 1.</param>
    /// <param name="targets">For each sample, its value; about standard normal.</param>
    /// <param name="steps">Number of optimizer steps.</param>
    /// <param name="random">Initial weights and order of the samples.</param>
    public static Mlp Train(int features, int[][] ones, double[] targets, int steps, Random random)
    {
        var mlp = new Mlp(features, ones[0].Length, random);
        var adam = new Adam(mlp._parameters.Length);
        var gradient = new double[mlp._parameters.Length];
        var state = new Activations();
        var order = Enumerable.Range(0, ones.Length).ToArray();
        var next = order.Length;
        for (var step = 0; step < steps; step++)
        {
            Array.Clear(gradient);
            for (var i = 0; i < BatchSize; i++)
            {
                if (next == order.Length)
                {
                    random.Shuffle(order);
                    next = 0;
                }

                var sample = order[next++];
                mlp.AddGradient(ones[sample], targets[sample], state, gradient);
            }

            var rate = LearningRate * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
            adam.Step(mlp._parameters, gradient, 1.0 / BatchSize, rate, WeightDecay);
        }

        return mlp;
    }

    public double Predict(int[] ones) => Forward(ones, new Activations());

    private double Forward(int[] ones, Activations state)
    {
        _parameters.AsSpan(_firstBias, Hidden).CopyTo(state.First);
        foreach (var one in ones)
            Add(state.First, _parameters.AsSpan(one * Hidden, Hidden), 1);
        Rectify(state.First);
        for (var unit = 0; unit < Hidden; unit++)
            state.Second[unit] = _parameters[_secondBias + unit] + Dot(state.First, _parameters.AsSpan(_second + (unit * Hidden), Hidden));
        Rectify(state.Second);
        return _parameters[_output + Hidden] + Dot(state.Second, _parameters.AsSpan(_output, Hidden));
    }

    // Backpropagation of half the squared error.
    private void AddGradient(int[] ones, double target, Activations state, double[] gradient)
    {
        var error = Forward(ones, state) - target;
        gradient[_output + Hidden] += error;
        Add(gradient.AsSpan(_output, Hidden), state.Second, error);
        Array.Clear(state.FirstError);
        for (var unit = 0; unit < Hidden; unit++)
        {
            if (state.Second[unit] <= 0)
                continue;
            var unitError = error * _parameters[_output + unit];
            gradient[_secondBias + unit] += unitError;
            Add(gradient.AsSpan(_second + (unit * Hidden), Hidden), state.First, unitError);
            Add(state.FirstError, _parameters.AsSpan(_second + (unit * Hidden), Hidden), unitError);
        }

        for (var unit = 0; unit < Hidden; unit++)
        {
            if (state.First[unit] <= 0)
                state.FirstError[unit] = 0;
        }

        Add(gradient.AsSpan(_firstBias, Hidden), state.FirstError, 1);
        foreach (var one in ones)
            Add(gradient.AsSpan(one * Hidden, Hidden), state.FirstError, 1);
    }

    private static void Rectify(double[] values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = Math.Max(0, values[i]);
    }

    // Hidden is a multiple of every vector width, so these loops have no tails.
    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = Vector<double>.Zero;
        for (var i = 0; i < Hidden; i += Vector<double>.Count)
            sum += new Vector<double>(a[i..]) * new Vector<double>(b[i..]);
        return Vector.Sum(sum);
    }

    private static void Add(Span<double> to, ReadOnlySpan<double> values, double factor)
    {
        for (var i = 0; i < Hidden; i += Vector<double>.Count)
            (new Vector<double>(to[i..]) + (new Vector<double>(values[i..]) * factor)).CopyTo(to[i..]);
    }

    private sealed class Activations
    {
        public double[] First { get; } = new double[Hidden];

        public double[] Second { get; } = new double[Hidden];

        public double[] FirstError { get; } = new double[Hidden];
    }
}
