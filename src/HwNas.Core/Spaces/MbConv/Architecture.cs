using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace HwNas.Core.Spaces.MbConv;

/// <summary>One stage of an architecture.</summary>
/// <param name="Width">Output channels.</param>
/// <param name="Kernels">Depthwise kernel side of each block; its length is the depth.</param>
/// <param name="Expansions">Expansion ratio of each block; as long as <paramref name="Kernels"/>.</param>
public sealed record StageArchitecture(int Width, ImmutableArray<int> Kernels, ImmutableArray<int> Expansions)
{
    /// <summary>Number of blocks.</summary>
    public int Depth => Kernels.Length;
}

/// <summary>
/// One network of a space: an immutable value with a canonical text id such as
/// <c>r28-c16-w16d1k3e1-w24d2k5.3e4-h64</c> (resolution, stem width, stages with width, depth, kernels and expansions,
/// head width; kernels and expansions are one number where all blocks of the stage agree).
/// </summary>
public sealed class Architecture : IEquatable<Architecture>
{
    /// <summary>Creates an architecture; every stage needs at least one block.</summary>
    public Architecture(int resolution, int stemWidth, ImmutableArray<StageArchitecture> stages, int headWidth)
    {
        if (stages.Any(s => s.Depth == 0 || s.Kernels.Length != s.Expansions.Length))
            throw new ArgumentException("Every stage needs one kernel and one expansion for each of its blocks.", nameof(stages));
        Resolution = resolution;
        StemWidth = stemWidth;
        Stages = stages;
        HeadWidth = headWidth;
        Id = FormatId();
    }

    /// <summary>Side of the square input image, in pixels.</summary>
    public int Resolution { get; }

    /// <summary>Output channels of the stem.</summary>
    public int StemWidth { get; }

    /// <summary>The stages.</summary>
    public ImmutableArray<StageArchitecture> Stages { get; }

    /// <summary>Channels before the classifier.</summary>
    public int HeadWidth { get; }

    /// <summary>The canonical text; <see cref="Parse"/> reads it back.</summary>
    public string Id { get; }

    /// <summary>Reads an <see cref="Id"/>.</summary>
    /// <exception cref="InputException">The text is no architecture id.</exception>
    public static Architecture Parse(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        var parts = id.Split('-');
        if (id.Length > SearchSpace.MaxIdLength)
            throw NotAnId(id, $"it is longer than {SearchSpace.MaxIdLength} characters");
        if (parts.Length < 4)
            throw NotAnId(id, "it needs a resolution, a stem, at least one stage and a head");
        var resolution = Number(id, parts[0], 'r');
        var stem = Number(id, parts[1], 'c');
        var stages = parts[2..^1].Select(part => ParseStage(id, part)).ToImmutableArray();
        return new Architecture(resolution, stem, stages, Number(id, parts[^1], 'h'));
    }

    /// <inheritdoc/>
    public bool Equals(Architecture? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Architecture);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Id;

    private string FormatId()
    {
        var text = new StringBuilder().Append('r').Append(Resolution).Append("-c").Append(StemWidth);
        foreach (var stage in Stages)
        {
            text.Append("-w").Append(stage.Width).Append('d').Append(stage.Depth)
                .Append('k').Append(Collapse(stage.Kernels)).Append('e').Append(Collapse(stage.Expansions));
        }

        return text.Append("-h").Append(HeadWidth).ToString();
    }

    private static string Collapse(ImmutableArray<int> values) =>
        values.All(v => v == values[0]) ? values[0].ToString(CultureInfo.InvariantCulture) : string.Join('.', values);

    private static StageArchitecture ParseStage(string id, string part)
    {
        var d = part.IndexOf('d', StringComparison.Ordinal);
        var k = part.IndexOf('k', StringComparison.Ordinal);
        var e = part.IndexOf('e', StringComparison.Ordinal);
        if (d < 0 || k < d || e < k)
            throw NotAnId(id, $"'{part}' is no stage");
        var depth = Number(id, part[d..k], 'd');
        if (depth > 64)
            throw NotAnId(id, $"'{part}' is deeper than 64 blocks");
        return new StageArchitecture(
            Number(id, part[..d], 'w'), List(id, part[(k + 1)..e], depth), List(id, part[(e + 1)..], depth));
    }

    private static ImmutableArray<int> List(string id, string text, int depth)
    {
        var values = text.Split('.').Select(v => Number(id, "n" + v, 'n')).ToImmutableArray();
        if (values.Length == 1)
            return [.. Enumerable.Repeat(values[0], depth)];
        return values.Length == depth ? values : throw NotAnId(id, $"'{text}' has {values.Length} values for {depth} blocks");
    }

    private static int Number(string id, string text, char prefix) =>
        text.Length > 1
            && text[0] == prefix
            && int.TryParse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value > 0
            ? value
            : throw NotAnId(id, $"'{text}' is not '{prefix}' and a positive number");

    private static InputException NotAnId(string id, string why) =>
        new(
            $"'{(id.Length > 200 ? id[..200] + "…" : id)}' is no architecture id: {why}. "
            + "An id looks like r28-c16-w16d1k3e1-w24d2k5.3e4-h64.");
}
