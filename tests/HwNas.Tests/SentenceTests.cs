using HwNas.Core;

namespace HwNas.Tests;

public sealed class SentenceTests
{
    [Theory]
    [InlineData("No space left on device", "No space left on device.")]
    [InlineData("Access is denied.", "Access is denied.")]
    public void What_the_system_says_ends_with_one_full_stop(string said, string sentence) =>
        Assert.Equal(sentence, Sentence.Of(new IOException(said)));
}
