namespace HwNas.Native.Tests.Support;

/// <summary>A place in a folder of a test for the run that comes with the sources, as a clone has it.</summary>
internal static class PretrainedCopy
{
    public const string Place = "pretrained/fashion-mnist";

    public static void In(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.File(Place));
        foreach (var name in new[] { "supernet.safetensors", "training.json", "space.json", "metrics.jsonl" })
            File.Copy(Path.Combine(Repository.Root, Place, name), folder.File(Path.Combine(Place, name)));
    }
}
