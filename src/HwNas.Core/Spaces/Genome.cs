using System.Globalization;

namespace HwNas.Core.Spaces;

/// <summary>
/// An immutable, value-equal vector of choice indices, one for each gene of a <see cref="GenomeSpace"/>, in canonical
/// form: inactive genes are zero, so that two encodings of one network are one genome.
/// </summary>
public sealed class Genome : IEquatable<Genome>
{
    private readonly byte[] _choices;
    private readonly int _hash;

    internal Genome(byte[] canonicalChoices)
    {
        _choices = canonicalChoices;
        var hash = new HashCode();
        hash.AddBytes(canonicalChoices);
        _hash = hash.ToHashCode();
    }

    /// <summary>Number of genes.</summary>
    public int Length => _choices.Length;

    /// <summary>The choice indices.</summary>
    public ReadOnlySpan<byte> Choices => _choices;

    /// <summary>The choice index of one gene.</summary>
    public int this[int gene] => _choices[gene];

    /// <inheritdoc/>
    public bool Equals(Genome? other) =>
        other is not null && _hash == other._hash && _choices.AsSpan().SequenceEqual(other._choices);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Genome);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>
    /// The indices as digits, separated by '-' where any has more than one digit;
    /// <see cref="GenomeSpace.Parse"/> reads it back.
    /// </summary>
    public override string ToString()
    {
        var separator = Array.Exists(_choices, c => c > 9) ? "-" : "";
        return string.Join(separator, _choices.Select(c => c.ToString(CultureInfo.InvariantCulture)));
    }
}
