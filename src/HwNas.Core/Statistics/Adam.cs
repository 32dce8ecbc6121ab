namespace HwNas.Core.Statistics;

/// <summary>The Adam optimizer (Kingma and Ba 2015).</summary>
internal sealed class Adam(int parameters)
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Epsilon = 1e-8;

    private readonly double[] _first = new double[parameters];
    private readonly double[] _second = new double[parameters];
    private int _steps;

    /// <summary>One step up the slopes.</summary>
    public void Ascend(double[] values, double[] slopes, double learningRate)
    {
        _steps++;
        var firstCorrection = 1 / (1 - Math.Pow(FirstDecay, _steps));
        var secondCorrection = 1 / (1 - Math.Pow(SecondDecay, _steps));
        for (var i = 0; i < values.Length; i++)
        {
            _first[i] += (1 - FirstDecay) * (slopes[i] - _first[i]);
            _second[i] += (1 - SecondDecay) * ((slopes[i] * slopes[i]) - _second[i]);
            values[i] += learningRate * _first[i] * firstCorrection / (Math.Sqrt(_second[i] * secondCorrection) + Epsilon);
        }
    }
}
