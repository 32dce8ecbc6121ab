using HwNas.Core;
using HwNas.Core.Files;
using HwNas.Core.Spaces;
using HwNas.Supernet.Data;

namespace HwNas;

/// <summary>
/// The search space for given images: a built-in one takes their channels and classes, a user's own must have them.
/// </summary>
public static class DataSpace
{
    // Built-in spaces by the least shorter side of images that they are for, in pixels, the one with the largest networks first.
    // Images of fewer pixels would be enlarged by more than a seventh for the smallest networks of photos, and lose little in
    // those of small images: at 40 pixels, a third of what they have.
    private static readonly (string Name, int LeastSide)[] ForPictures = [("photos", 112), ("small-images", 40)];

    private const string ForGrey = "fashion-mnist", ForColour = "cifar-32";

    /// <summary>Loads a space for images.</summary>
    /// <param name="nameOrPath">A built-in space or a file; null for the built-in one with the largest networks that the
    /// images are large enough for.</param>
    /// <param name="data">The images.</param>
    /// <exception cref="InputException">There is no such space, or it is for images of other channels or classes.</exception>
    public static ISearchSpace For(string? nameOrPath, DataSplits data)
    {
        var (channels, classes) = (data.Training.Shape.Channels, data.Classes.Length);
        nameOrPath ??= Candidates(data)[0];
        var space = SearchSpace.Load(nameOrPath);
        return space.InputChannels == channels && space.Classes == classes ? space
            : BuiltInSpaces.Names.Contains(nameOrPath) ? Adapted(space, channels, classes)
            : throw new InputException(
                $"The space '{nameOrPath}' is for {Plural.Of(space.InputChannels, "channel")} and {space.Classes} classes, "
                + $"but {data.Name} has {channels} and {classes}. "
                + $"Write \"input_channels\": {channels} and \"classes\": {classes} into it, or choose another --space.");
    }

    /// <summary>The built-in spaces that images are large enough for, the one with the largest networks first.</summary>
    public static IReadOnlyList<string> Candidates(DataSplits data)
    {
        ArgumentNullException.ThrowIfNull(data);
        var shape = data.Training.Shape;
        return
        [
            .. ForPictures.Where(space => Math.Min(shape.Height, shape.Width) >= space.LeastSide).Select(space => space.Name),
            .. shape.Channels == 1 ? Array.Empty<string>() : [ForColour],
            ForGrey,
        ];
    }

    /// <summary>The space for few minutes: that of small images of as many channels, however large these are.</summary>
    public static ISearchSpace Small(DataSplits data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return For(data.Training.Shape.Channels == 1 ? ForGrey : ForColour, data);
    }

    /// <summary>Why <see cref="Candidates"/> begins as it does.</summary>
    public static string ReasonFor(DataSplits data)
    {
        var (first, shape) = (Candidates(data)[0], data.Training.Shape);
        return ForPictures.FirstOrDefault(space => space.Name == first) is { Name: not null } pictures
            ? $"{first}, for images of {pictures.LeastSide} pixels or more on their shorter side; these have {shape}"
            : $"{first}, for {(shape.Channels == 1 ? "grey" : "colour")} images of less than {ForPictures[^1].LeastSide} pixels "
            + $"on their shorter side; these have {shape}";
    }

    /// <summary>A space as it is for images: itself, or one that takes their channels and classes.</summary>
    public static ISearchSpace For(ISearchSpace space, DataSplits data)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(data);
        var (channels, classes) = (data.Training.Shape.Channels, data.Classes.Length);
        return space.InputChannels == channels && space.Classes == classes ? space : Adapted(space, channels, classes);
    }

    // With a name of its own: a profile of the space that is built in lacks its stem or its head.
    private static ISearchSpace Adapted(ISearchSpace space, int channels, int classes)
    {
        var name = $"{space.Name}{(space.InputChannels == channels ? "" : $"-{channels}-channels")}-{classes}-classes";
        var document = StrictJson.ParseObject(space.ToJson(), space.Name);
        (document["name"], document["input_channels"], document["classes"]) = (name, channels, classes);
        return SearchSpace.Parse(document.ToJsonString(), name);
    }
}
