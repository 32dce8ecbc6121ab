using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HwNas.Core;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Browser;

namespace HwNas.Native.Tests.Remote.Browser;

/// <summary>
/// Spoiled messages: whatever arrives, the answer is a message or a clear error, and never a fault of the server.
/// </summary>
public sealed class BrowserMessageFuzzTests
{
    private const int Seed = 20_260;

    private static readonly JobBundle Bundle = MeasuringServer.Bundle(passes: 3);
    private static readonly string[] Splices =
    [
        "null", "-1", "1e999", "\"\\ud800\"", "[[[[", "{}", "\"\0\"", "99999999999999999999", "true", ",", "\"id\":", "\u2028",
        "NaN",
    ];

    [Fact]
    public void The_readers_answer_any_text_with_a_message_or_an_input_error()
    {
        var random = new Random(Seed);
        var stage = new JsonObject { ["stage"] = "loading", ["done"] = 1, ["total"] = 5 };
        var (accepted, refused) = (0, 0);
        foreach (var (valid, read) in new (string, Action<string>)[]
        {
            (PageClient.Greeting().ToJsonString(), text => BrowserHello.Parse(text)),
            (PageClient.Pass(Bundle.Job, 0).ToJsonString(), text => BrowserPass.Parse(text)),
            (stage.ToJsonString(), text => BrowserStage.Parse(text)),
        })
        {
            read(valid);
            for (var i = 0; i < 3000; i++)
            {
                var text = Spoil(valid, random);
                try
                {
                    read(text);
                    accepted++;
                }
                catch (InputException)
                {
                    refused++;
                }
                catch (Exception error)
                {
                    Assert.Fail($"seed {Seed}, '{text}': {error}");
                }
            }
        }

        Assert.True(accepted > 0 && refused > 0, $"{accepted} accepted, {refused} refused");
    }

    [BrowserRuntimeFact]
    public async Task The_server_survives_spoiled_messages_and_still_measures()
    {
        using var folder = new TemporaryFolder();
        await using var server = await MeasuringServer.Start(Bundle, folder);
        using var page = new PageClient(server.Page);
        await page.Join();
        var random = new Random(Seed);
        for (var i = 0; i < 300; i++)
        {
            var pass = Spoil(PageClient.Pass(Bundle.Job, 5).ToJsonString(), random);
            var (status, answer) = await page.PostText(random.Next(2) == 0 ? "/api/pass" : "/api/stage", pass);
            Assert.True((int)status is >= 400 and < 500, $"seed {Seed}, '{pass}': {status} {answer.ToJsonString()}");
            Assert.NotEmpty((string)answer["error"]!);
        }

        for (var number = 0; number < 3; number++)
            Assert.Equal(HttpStatusCode.OK, (await page.Post("/api/pass", PageClient.Pass(Bundle.Job, number))).Status);
        Assert.Equal(3, Assert.Single(server.Records).Passes.Length);
    }

    // A few bytes overwritten, cut out, doubled, or replaced by something that readers stumble over.
    private static string Spoil(string valid, Random random)
    {
        var text = new StringBuilder(valid);
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 20), text.Length - at);
            switch (random.Next(4))
            {
                case 0: text[at] = (char)random.Next(0, 300); break;
                case 1 when text.Length > length: text.Remove(at, length); break;
                case 2: text.Insert(at, text.ToString(at, length)); break;
                default: text.Remove(at, length).Insert(at, Splices[random.Next(Splices.Length)]); break;
            }
        }

        return text.ToString();
    }
}
