using System.Text.Json.Nodes;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Tests.Support;

namespace HwNas.Tests.Devices;

/// <summary>The JSON Schema that is published is that of the profiles that are written.</summary>
public sealed class ProfileSchemaTests
{
    private static readonly string PathOf = Path.Combine(Repository.Root, "docs", "schemas", "device-profile-2.schema.json");

    [Fact]
    public void The_published_schema_is_that_of_the_type()
    {
        var expected = DeviceProfile.JsonSchema().ToJsonString(StrictJson.Options) + "\n";
        if (Environment.GetEnvironmentVariable("HWNAS_WRITE_SCHEMAS") == "1")
            File.WriteAllText(PathOf, expected);
        Assert.Equal(expected, File.ReadAllText(PathOf));
    }

    [Fact]
    public void It_is_strict_and_names_every_key_of_a_profile()
    {
        var schema = JsonNode.Parse(File.ReadAllText(PathOf))!.AsObject();
        Assert.False((bool)schema["additionalProperties"]!);
        var keys = JsonNode.Parse(StrictJson.Serialize(SomeProfile.Of(Spaces.SmallSpaces.PerStage)))!
            .AsObject()
            .Select(pair => pair.Key)
            .Order();
        Assert.Equal(keys, schema["properties"]!.AsObject().Select(pair => pair.Key).Order());
        Assert.Contains("median_us", schema.ToJsonString(), StringComparison.Ordinal);
    }
}
