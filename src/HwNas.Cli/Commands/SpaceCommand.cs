using System.CommandLine;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas space</c>: what a search space holds, and what its networks cost.</summary>
internal static class SpaceCommand
{
    /// <param name="context">Where the results go.</param>
    /// <param name="input">What <c>--architectures -</c> reads.</param>
    public static Command Create(CommandContext context, TextReader input) => new("space",
        """
        Show, check, count search spaces; cost, sample networks.

        Examples:
          hwnas space list
          hwnas space show fashion-mnist --json > my-space.json
          hwnas space check my-space.json
          hwnas space sample my-space.json --count 5
        """)
    {
        SpaceListCommand.Create(context),
        SpaceShowCommand.Create(context),
        SpaceCheckCommand.Create(context),
        SpaceCostCommand.Create(context, input),
        SpaceSampleCommand.Create(context),
        SpaceCountCommand.Create(context),
    };

    public static Option<bool> JsonOption() => new("--json") { Description = "Machine-readable output." };
}
