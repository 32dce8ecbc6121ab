using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace HwNas.Core.Predictors;

/// <summary>
/// The part of a fitted model that predicts expected values, as plain data: what a file keeps of it. The uncertainty
/// of each single prediction needs the whole model, and is not kept.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "family")]
[JsonDerivedType(typeof(LinearMean), "ridge")]
[JsonDerivedType(typeof(KernelMean), "gaussian_process")]
[JsonDerivedType(typeof(PerceptronMean), "mlp_ensemble")]
internal abstract record PredictorMean
{
    /// <summary>The function from states of <see cref="GenomeFeatures"/> to expected values.</summary>
    /// <exception cref="InputException">The data do not fit the features.</exception>
    public abstract Func<byte[], double> Compile(GenomeFeatures features);

    protected static void Require(bool fits, string what)
    {
        if (!fits)
            throw new InputException($"The predictor does not fit the search space: its {what}. Delete its file; it is fitted anew.");
    }
}

/// <summary>An intercept, and what each choice of each gene adds.</summary>
internal sealed record LinearMean(double Intercept, ImmutableArray<double> Weights) : PredictorMean
{
    public override Func<byte[], double> Compile(GenomeFeatures features)
    {
        Require(Weights.Length == features.Count, "weights are of another number");
        return states =>
        {
            var sum = Intercept;
            for (var gene = 0; gene < states.Length; gene++)
            {
                if (features.FeatureOf(gene, states[gene]) is var feature and >= 0)
                    sum += Weights[feature];
            }

            return sum;
        };
    }
}

/// <summary>A mean, and what each sample adds by its nearness.</summary>
internal sealed record KernelMean(
    double Mean, double Length, ImmutableArray<double> GeneWeights, ImmutableArray<double> Coefficients, ImmutableArray<ImmutableArray<byte>> Samples) : PredictorMean
{
    public override Func<byte[], double> Compile(GenomeFeatures features)
    {
        Require(GeneWeights.Length == features.Genes && Length > 0, "weights are of another number");
        Require(Samples.Length == Coefficients.Length && Samples.All(s => IsOf(features, s)), "samples are of other genes");
        var distance = new GenomeDistance(features, [.. GeneWeights], [.. Samples.Select(s => s.ToArray())]);
        return states =>
        {
            var distances = distance.ToFirst(states, Coefficients.Length);
            var sum = Mean;
            for (var sample = 0; sample < distances.Length; sample++)
                sum += Math.Exp(-distances[sample] / Length) * Coefficients[sample];
            return sum;
        };
    }

    private static bool IsOf(GenomeFeatures features, ImmutableArray<byte> states) =>
        states.Length == features.Genes && states.Index().All(state => state.Item < features.StatesOf(state.Index));
}

/// <summary>The mean of perceptrons, each on what its own linear part leaves over.</summary>
internal sealed record PerceptronMean(ImmutableArray<PerceptronMean.Member> Members) : PredictorMean
{
    public override Func<byte[], double> Compile(GenomeFeatures features)
    {
        Require(Members.Length > 0 && Members.All(m => m.Parameters.Length == Mlp.ParametersOf(features.Count)), "perceptrons are of another size");
        var members = Members.Select(member => (Linear: member.Linear.Compile(features), member.Scale, Mlp: new Mlp(features.Count, [.. member.Parameters]))).ToArray();
        return states =>
        {
            var ones = features.OnesOf(states);
            return members.Average(member => member.Linear(states) + (member.Scale * member.Mlp.Predict(ones)));
        };
    }

    /// <summary>One of the perceptrons, its output in units of <see cref="Scale"/>.</summary>
    internal sealed record Member(LinearMean Linear, double Scale, ImmutableArray<double> Parameters);
}
