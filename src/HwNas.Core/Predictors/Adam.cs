namespace HwNas.Core.Predictors;

/// <summary>The Adam optimizer with decoupled weight decay (Loshchilov and Hutter 2019, AdamW).</summary>
internal sealed class Adam(int parameters)
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Epsilon = 1e-8;

    private readonly double[] _first = new double[parameters];
    private readonly double[] _second = new double[parameters];
    private int _steps;

    /// <summary>One step along <paramref name="gradient"/> times <paramref name="scale"/>.</summary>
    public void Step(double[] values, double[] gradient, double scale, double learningRate, double weightDecay)
    {
        _steps++;
        var firstCorrection = 1 / (1 - Math.Pow(FirstDecay, _steps));
        var secondCorrection = 1 / (1 - Math.Pow(SecondDecay, _steps));
        for (var i = 0; i < values.Length; i++)
        {
            var slope = gradient[i] * scale;
            _first[i] += (1 - FirstDecay) * (slope - _first[i]);
            _second[i] += (1 - SecondDecay) * ((slope * slope) - _second[i]);
            var step = _first[i] * firstCorrection / (Math.Sqrt(_second[i] * secondCorrection) + Epsilon);
            values[i] -= learningRate * (step + (weightDecay * values[i]));
        }
    }
}
