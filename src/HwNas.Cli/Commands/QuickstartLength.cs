namespace HwNas.Cli.Commands;

/// <summary>
/// How many training steps fit into the minutes of a quickstart on a machine. What it does besides training was measured on two
/// cores: some of it takes as long anywhere, and some goes with the machine's speed.
/// </summary>
internal static class QuickstartLength
{
    /// <summary>Fewer would train nothing, more are not needed to show what HwNas does.</summary>
    public const int Fewest = 300, Most = 20_000;

    // Verification, export, pictures, and what a profile takes beyond its rotation: seconds anywhere.
    private const double FixedSeconds = 50;

    // To calibrate and judge a subnet takes as long as to train on so many images.
    private const double ImagesPerEvaluation = 400;

    /// <summary>The steps, in hundreds.</summary>
    /// <param name="minutes">How long the whole quickstart may take.</param>
    /// <param name="imagesPerSecond">How fast this machine trains.</param>
    /// <param name="batchSize">Images in a step.</param>
    /// <param name="evaluations">Subnets that the search evaluates.</param>
    /// <param name="profileSeconds">How long the profile may take.</param>
    public static int Steps(double minutes, double imagesPerSecond, int batchSize, int evaluations, double profileSeconds)
    {
        var images = (((minutes * 60) - FixedSeconds - profileSeconds) * imagesPerSecond) - (evaluations * ImagesPerEvaluation);
        return Math.Clamp((int)Math.Min(images / batchSize / 100, Most) * 100, Fewest, Most);
    }
}
