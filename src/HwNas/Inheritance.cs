using HwNas.Core;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Supernet.Elastic;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>Weights that a training begins with, in place of random ones.</summary>
public sealed class Inheritance
{
    private readonly SupernetCheckpoint _checkpoint;

    /// <summary>The weights of a run's supernet, as they are evaluated.</summary>
    /// <param name="run">The folder of the run.</param>
    /// <exception cref="InputException">It has no supernet.</exception>
    public Inheritance(RunFolder run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _checkpoint = SupernetCheckpoint.Read(run.Checkpoint);
    }

    /// <summary>Those that a record of a training names.</summary>
    /// <exception cref="InputException">They are gone, or other ones by now.</exception>
    internal Inheritance(InputReference source)
    {
        _checkpoint = SupernetCheckpoint.Read(source.Name);
        if (_checkpoint.Hash != source.Hash)
        {
            throw new InputException(
                $"The training began with the weights of '{source.Name}', which has been trained on since and holds other ones. "
                + "Restore them from a copy, or begin again, into another folder (--out).");
        }
    }

    /// <summary>The file that they come from, as a record of a training has it.</summary>
    public InputReference Source => new(_checkpoint.Path, _checkpoint.Hash);

    /// <summary>The space of the supernet that they come from.</summary>
    public ISearchSpace Space => _checkpoint.Space;

    /// <summary>How they were trained.</summary>
    public TrainingOptions Options => _checkpoint.Options;

    /// <summary>Makes a supernet take them on.</summary>
    /// <returns>The nodes that have none to take, such as a classifier of other classes.</returns>
    /// <exception cref="InputException">The supernet is of another space, and not one of its networks.</exception>
    internal IReadOnlyList<string> Give(ElasticSupernet heir)
    {
        RequireFits(heir.Space);
        using var from = _checkpoint.CreateSupernet(heir.Device);
        return heir.Space is SubnetSpace subnet
            ? heir.Inherit(from, Space.PlanOf(subnet.Plan.Id))
            : heir.Inherit(from);
    }

    /// <summary>Refuses another space, unless it is one of the networks of theirs.</summary>
    /// <exception cref="InputException">It is another one.</exception>
    internal void RequireFits(ISearchSpace space)
    {
        if (space is not SubnetSpace && space.Hash != Space.Hash)
        {
            throw new InputException(
                $"'{_checkpoint.Path}' is of the space {SearchSpace.Title(Space.Name, Space.Hash)}, not of "
                + $"{SearchSpace.Title(space.Name, space.Hash)}. Train anew.");
        }
    }
}
