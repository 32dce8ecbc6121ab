using System.CommandLine;
using HwNas.Supernet.Data;

namespace HwNas.Cli.Commands;

/// <summary>Options that several verbs have, with one name and one meaning.</summary>
internal static class SharedOptions
{
    public static int DefaultThreads { get; } = Math.Min(8, Environment.ProcessorCount);

    public static Option<string> Space() => new("--space")
    {
        Description = "A built-in search space, or a .json file.",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => "fashion-mnist",
    };

    public static Option<string> Data() => new("--data")
    {
        Description = "Folder of the Fashion-MNIST files.",
        HelpName = "DIR",
        DefaultValueFactory = _ => FashionMnist.DebianFolder,
    };

    public static Option<string> Run() => new("--run")
    {
        Description = "Run folder.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs/fashion-mnist",
    };

    public static Option<int> Seed() => new("--seed") { Description = "Seed of everything random.", DefaultValueFactory = _ => 1 };

    public static Option<int> Threads() => new("--threads")
    {
        Description = "Threads of libtorch.",
        DefaultValueFactory = _ => DefaultThreads,
    };

    public static Option<bool> Json() => new("--json") { Description = "Print the result as JSON on stdout." };
}
