using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Native.Tests.Kits;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Agents;
using static HwNas.Native.Tests.Agents.ScriptedAgent;

namespace HwNas.Native.Tests.Agents;

/// <summary>What a client makes of agents that vanish, dawdle, babble or lie: an error that says so, never a number.</summary>
public sealed class LyingAgentTests
{
    private static readonly JobBundle Bundle = SomeKit.Bundle;
    private static readonly MeasurementRecord Record = new JobRunner("edge", TimeProvider.System)
        .Run(Bundle, journalPath: null, progress: null, CancellationToken.None);
    private static readonly string Info = StrictJson.Serialize(new AgentInfo
    {
        ToolVersion = Record.ToolVersion,
        Device = Record.Device,
        RuntimeVersion = Record.Runtime.Version,
        BusyWith = "",
    });

    private const string Running =
        """{"state":"running","stage":"measuring","passes":3,"elapsed_seconds":1,"at_most_seconds":20,"error":""}""";

    [Fact]
    public async Task An_honest_script_is_believed()
    {
        var record = await Measure(request => request == "GET /info" ? Answer.Of(Info) : Answer.Of(StrictJson.Serialize(Record)));
        Assert.Equal(Record.Passes.Length, record.Passes.Length);
    }

    [Theory]
    [InlineData("", "is no hwnas agent")]
    [InlineData("HwNas-Protocol: 2\r\n", "speaks version 2 of the protocol, this tool speaks 1: install the same version")]
    public async Task Another_server_or_another_version_is_told_apart(string header, string message) =>
        await Fails(_ => Answer.Of(Info, version: header), message);

    [Fact]
    public async Task An_agent_that_sends_elsewhere_is_not_followed() =>
        await Fails(
            _ => new Answer(
                "HTTP/1.1 302 X\r\nHwNas-Protocol: 1\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"u8.ToArray()),
            "refuses (302)");

    [Fact]
    public async Task A_refusal_is_shown_without_control_characters() =>
        await Fails(
            _ => Answer.Of("the \u001b[31mdisk is on fire", status: 500), "refuses (500): the \\u001b[31mdisk is on fire");

    [Theory]
    [InlineData("tool_version", "9.9.9", "says that it is hwnas 0.1.0, but its measurement is of 9.9.9")]
    [InlineData("runtime.version", "1.0.0", "but its measurement is of 1.0.0")]
    [InlineData("device.id", "other", "but its measurement is of 'other'")]
    [InlineData("job.settings.seed", 77, "answers with the measurement of another job")]
    [InlineData("runtime.intra_op_threads", 2, "is not what the job asked for")]
    [InlineData("passes", null, "error")]
    [InlineData("clock_resolution_ns", -1, "clock_resolution_ns")]
    public async Task A_record_that_contradicts_the_job_or_the_agent_is_refused(string path, object? value, string message)
    {
        var document = StrictJson.ParseObject(StrictJson.Serialize(Record), "record");
        var keys = path.Split('.');
        var parent = keys[..^1].Aggregate(document, (node, key) => node[key]!.AsObject());
        parent[keys[^1]] = value switch { string word => word, int number => number, _ => null };
        document["hash"] = ContentHash.OfCanonicalJson(document);
        var text = document.ToJsonString();
        var error = await Assert.ThrowsAsync<InputException>(
            () => Measure(request => request == "GET /info" ? Answer.Of(Info) : Answer.Of(text)));
        Assert.Contains(message == "error" ? "record" : message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_was_changed_on_its_way_is_refused() => await Fails(
        request => Answer.Of(request == "GET /info"
            ? Info
            : StrictJson.Serialize(Record).Replace("\"seed\": 1", "\"seed\": 2", StringComparison.Ordinal)),
        "does not match its own hash");

    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("""{"state":"running","stage":"measuring","passes":-1,"elapsed_seconds":1,"at_most_seconds":20,"error":""}""")]
    [InlineData("""{"state":"running","stage":"measuring","passes":1,"elapsed_seconds":1e300,"at_most_seconds":20,"error":""}""")]
    [InlineData("""{"state":"running","stage":"\u001b[2J","passes":1,"elapsed_seconds":1,"at_most_seconds":20,"error":""}""")]
    [InlineData("""{"state":"running","stage":"measuring","passes":1,"elapsed_seconds":1,"at_most_seconds":20,"error":null}""")]
    [InlineData("null")]
    public async Task Progress_that_is_rubbish_ends_the_measurement(string line) =>
        await Fails(request => Follow(request, Answer.Of($"{Running}\n{line}\n")), "cannot be understood");

    [Fact]
    public async Task A_line_without_end_is_not_read_to_its_end() =>
        await Fails(request => Follow(request, Answer.Of(new string('x', 1_000_000))), "cannot be understood");

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end() =>
        await Fails(_ => Answer.Of(new string(' ', 1_000_000)), "answers with more than 65536 bytes");

    [Fact]
    public async Task An_agent_that_fails_is_quoted() => await Fails(
        request => Follow(
            request,
            Answer.Of(Running.Replace("running", "failed", StringComparison.Ordinal)
                .Replace("\"\"", "\"no such provider\"", StringComparison.Ordinal)
                + "\n")),
        "cannot measure the job: no such provider");

    [Fact]
    public async Task An_agent_that_says_done_without_a_record_is_caught() => await Fails(
        request => Follow(request, Answer.Of(Running.Replace("running", "done", StringComparison.Ordinal) + "\n")),
        "has no record of it");

    [Fact]
    public async Task A_silent_agent_is_given_up_before_and_while_it_measures()
    {
        await Fails(_ => default(Answer) with { Bytes = [], Silent = true }, "said nothing for");
        await Fails(_ => Answer.Of("{", length: 100).ThenSilence(), "said nothing for");
        var runs = 0;
        await Fails(
            request => Follow(request, Answer.Of($"{Running}\n", length: 10_000).ThenSilence(), () => runs++), "Lost the agent");
        Assert.InRange(runs, 2, 10);
    }

    [Fact]
    public async Task An_agent_that_vanishes_again_and_again_is_given_up()
    {
        var runs = 0;
        await Fails(request => Follow(request, Answer.Of("", length: 10_000), () => runs++), "in 3 attempts");
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task Answers_that_were_mutated_at_random_give_an_error_or_the_true_record()
    {
        const int Seed = 20260;
        var random = new Random(Seed);
        string[] answers = [Info, StrictJson.Serialize(Record), $"{Running}\n{Running}\n"];
        for (var round = 0; round < 120; round++)
        {
            var victim = random.Next(answers.Length);
            var mutated = answers.Select(
                (text, i) => i == victim ? Mutation.Of(Answer.Of(text).Bytes, random) : Answer.Of(text).Bytes).ToList();
            try
            {
                var record = await Measure(request => new Answer(request switch
                {
                    "GET /info" => mutated[0],
                    _ when request.EndsWith("/record", StringComparison.Ordinal) && victim != 2 => mutated[1],
                    _ when request.EndsWith("/record", StringComparison.Ordinal) => Answer.Of("", 404).Bytes,
                    _ when request.StartsWith("POST", StringComparison.Ordinal) => mutated[2],
                    _ => Answer.Of("").Bytes,
                }));
                Assert.True(StrictJson.Serialize(record) == StrictJson.Serialize(Record), $"seed {Seed}, round {round}");
            }
            catch (InputException)
            {
                // What it should be; anything else fails the test.
            }
        }
    }

    // Everything before the progress stream as an agent that does not have the record does it.
    private static Answer Follow(string request, Answer progress, Action? run = null)
    {
        if (request == "GET /info")
            return Answer.Of(Info);
        if (request.EndsWith("/record", StringComparison.Ordinal))
            return Answer.Of("", status: 404);
        if (!request.StartsWith("POST", StringComparison.Ordinal))
            return Answer.Of("");
        run?.Invoke();
        return progress;
    }

    private static async Task Fails(Func<string, Answer> script, string message) =>
        Assert.Contains(
            message, (await Assert.ThrowsAsync<InputException>(() => Measure(script))).Message, StringComparison.Ordinal);

    private static async Task<MeasurementRecord> Measure(Func<string, Answer> script)
    {
        await using var agent = new ScriptedAgent(script);
        var patience = new AgentPatience
        {
            Silence = TimeSpan.FromSeconds(1),
            Attempts = 3,
            FirstPause = TimeSpan.FromMilliseconds(10),
        };
        using var client = new AgentClient(agent.Address, AgentProcess.Token, patience, TimeProvider.System);
        return await client.MeasureAsync(Bundle, fresh: false, progress: null, CancellationToken.None);
    }
}
