using System.CommandLine.Parsing;

namespace HwNas.Cli.Commands;

/// <summary>What a profile is imported from.</summary>
internal enum ImportFormat
{
    /// <summary>A device's answer.</summary>
    Result,

    /// <summary>The latency tables of once-for-all.</summary>
    OfaYaml,
}

/// <summary>The names of the formats on the command line.</summary>
internal static class ImportFormats
{
    public const string OfaYaml = "ofa-yaml";

    public static ImportFormat Parse(ArgumentResult result)
    {
        switch (result.Tokens)
        {
            case [{ Value: "result" }]:
                return ImportFormat.Result;
            case [{ Value: OfaYaml }]:
                return ImportFormat.OfaYaml;
            default:
                result.AddError(
                    $"--format {string.Join(' ', result.Tokens.Select(token => token.Value))} is not known. "
                    + $"Known: result, {OfaYaml}.");
                return default;
        }
    }
}
