using HwNas.Core;

namespace HwNas.Supernet.Data;

/// <summary>Opens data sets; every verb that takes data takes what this takes.</summary>
public static class DataSets
{
    /// <summary>The data of whoever names none.</summary>
    public const string DefaultSpec = FashionMnist.Folder;

    /// <summary>The name of the data of whoever names none.</summary>
    public const string DefaultName = FashionMnist.Name;

    /// <summary>How to get the data of whoever names none.</summary>
    public const string DefaultRemedy = FashionMnist.Remedy;

    private const string Kinds =
        "the four IDX files of MNIST-like sets (train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, "
        + "t10k-labels-idx1-ubyte, each plain or .gz), "
        + "the binary files of CIFAR-10 or CIFAR-100, or pictures (.png, .jpg, ...) in a folder for each class, "
        + "in train/ and test/ or without them";

    /// <summary>
    /// Opens the data set in a folder: IDX files, CIFAR's binary files, or a folder of images for each class. Images in
    /// folders can be given their size: <c>FOLDER@64x48</c> (height × width), <c>FOLDER@64x48x1</c> (grey).
    /// </summary>
    /// <param name="spec">The folder, with or without a size.</param>
    /// <param name="reading">How pictures are read, and who is told what is worth knowing.</param>
    /// <param name="cancellation">Ends the reading of pictures, which takes a while where they are many.</param>
    /// <exception cref="MissingDependencyException">The default data set is not installed.</exception>
    /// <exception cref="InputException">There is no data set, or it is damaged; the message names the file.</exception>
    public static DataSplits Open(string spec, DataReading reading, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var (folder, size) = Locate(spec);
        try
        {
            var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            var name = Path.GetFileName(path);
            var (isIdx, isCifar) = (IdxFolder.IsIn(path), CifarFolder.IsIn(path));
            if (size is not null && (isIdx || isCifar))
            {
                throw new InputException(
                    $"'{spec}': only a folder of pictures for each class can be given a size. Leave out '@{size}'.");
            }

            var data = isIdx ? IdxFolder.Read(path, name)
                : isCifar ? CifarFolder.Read(path, name)
                : ImageFolder.IsIn(path) ? ImageFolder.Read(path, name, size, reading, cancellation)
                : throw new InputException($"'{folder}' holds no data set. Name a folder that holds {Kinds}.");
            if (data.Imbalance() is { } imbalance)
                reading.Notice(imbalance);
            return data;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"Cannot read the data set '{folder}': {error.Message} Make its folders and files readable, or name another.",
                error);
        }
    }

    /// <summary>The same, with nothing said.</summary>
    public static DataSplits Open(string spec, CancellationToken cancellation = default) =>
        Open(spec, new DataReading(), cancellation);

    /// <summary>Whether the folder of a spec exists; what is in it is not looked at.</summary>
    public static bool Exists(string spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Directory.Exists(ImageSize.Split(spec).Folder);
    }

    /// <summary>Whether a data set is one of pictures in folders without a size, to which one can be given.</summary>
    public static bool TakesSize(string spec)
    {
        var (folder, size) = Locate(spec);
        return size is null && !IdxFolder.IsIn(folder) && !CifarFolder.IsIn(folder) && ImageFolder.IsIn(folder);
    }

    private static (string Folder, ImageSize? Size) Locate(string spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var (folder, size) = ImageSize.Split(spec);
        if (Directory.Exists(folder))
            return (folder, size);
        throw folder == FashionMnist.Folder
            ? new MissingDependencyException(
                $"'{folder}' does not exist. Install {FashionMnist.Name} with '{FashionMnist.Remedy}', or name the folder of "
                + "other images with --data.")
            : new InputException(
                $"'{folder}' is no folder. Name the folder of a data set with --data; without --data it is {FashionMnist.Name} "
                + $"({FashionMnist.Remedy}).");
    }
}
