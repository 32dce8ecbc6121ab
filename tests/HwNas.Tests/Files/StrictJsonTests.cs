using System.Text;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Tests.Files;

public sealed class StrictJsonTests
{
    [Fact]
    public void Lists_of_nothing_are_refused_before_they_take_memory()
    {
        var json = new StringBuilder("{\"schema\":\"x\",\"a\":[");
        for (var i = 0; i < 2_000_000; i++)
            json.Append("[],");
        json.Append("[]]}");
        var text = json.ToString();
        var before = GC.GetTotalAllocatedBytes();
        var error = Assert.Throws<InputException>(() => StrictJson.ParseObject(text, "bomb"));
        Assert.Contains("more than 1000000 lists", error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 30 << 20);
    }

    [Theory]
    [InlineData("a\\nb", false)]
    [InlineData("a\\u001b[2Jb", false)]
    [InlineData("a\\nb", true)]
    [InlineData("a\\\\nb", false)]
    public void Control_characters_are_refused_but_in_whole_texts(string value, bool holdsTexts)
    {
        var json = $"{{\"name\":\"{value}\"}}";
        if (holdsTexts || value.Contains("\\\\", StringComparison.Ordinal))
            Assert.NotNull(StrictJson.ParseObject(json, "file", holdsTexts));
        else
            Assert.Contains("in 'name'", Refused(json), StringComparison.Ordinal);
    }

    private static string Refused(string json) =>
        Assert.Throws<InputException>(() => StrictJson.ParseObject(json, "file")).Message;
}
