using System.Net;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Native.Tests.Kits;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Agents;

namespace HwNas.Native.Tests.Agents;

/// <summary>Agents that run as processes of their own, and what becomes of a job when one dies.</summary>
public sealed class AgentTests : IDisposable
{
    private static readonly AgentPatience Patience = new() { FirstPause = TimeSpan.FromMilliseconds(200) };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_agent_measures_a_job_and_returns_the_same_record_again_until_it_shall_be_fresh()
    {
        using var agent = AgentProcess.Start(_folder.Path);
        var stages = new HashSet<string>();
        var first = await Measure(agent, Quick, fresh: false, progress => stages.Add(progress.Stage));
        Assert.Equal(8, first.Passes.Length);
        Assert.Equal("edge", first.Device.Id);
        Assert.Empty(LatencyTable.MissingLayers(ProfileAssembly.Profile(first), SomeKit.Space));

        var again = await Measure(agent, Quick, fresh: false);
        Assert.Equal(first.Hash, again.Hash);
        var fresh = await Measure(agent, Quick, fresh: true);
        Assert.NotEqual(first.Hash, fresh.Hash);
        Assert.Equal(0, agent.Interrupt().ExitCode);
    }

    [Fact]
    public async Task A_job_whose_agent_is_killed_continues_when_it_runs_again()
    {
        var agent = AgentProcess.Start(_folder.Path);
        AgentProcess? second = null;
        var killed = 0;
        try
        {
            var record = await Measure(agent, Long, fresh: false, progress =>
            {
                if (progress is { Stage: "measuring", Elapsed.TotalSeconds: > 1 }
                    && Interlocked.CompareExchange(ref killed, progress.Passes, 0) == 0)
                {
                    agent.Kill();
                    CopyOnceReleased(Journal(), _folder.File("journal-of-the-killed"));
                    second = AgentProcess.Start(_folder.Path, agent.Port);
                }
            });

            Assert.InRange(killed, 1, record.Passes.Length - 1);
            Assert.Equal(StopReason.TimeIsUp, record.StopReason);
            // The last line may be torn; the whole ones stand in the record as they were measured.
            var before = File.ReadAllLines(_folder.File("journal-of-the-killed"));
            var after = File.ReadAllLines(Journal());
            Assert.InRange(before.Length, 3, record.Passes.Length);
            Assert.Equal(before[..^1], after[..(before.Length - 1)]);
            Assert.Equal(1 + record.Passes.Length, after.Length);
        }
        finally
        {
            agent.Dispose();
            second?.Dispose();
        }
    }

    [Fact]
    public async Task An_agent_that_does_not_come_back_is_given_up_and_what_it_measured_is_kept()
    {
        using var agent = AgentProcess.Start(_folder.Path);
        var error = await Assert.ThrowsAsync<InputException>(() => Measure(agent, Long, fresh: false, progress =>
        {
            if (progress is { Stage: "measuring", Elapsed.TotalSeconds: > 1 })
                agent.Kill();
        }));
        Assert.Contains("Lost the agent", error.Message, StringComparison.Ordinal);
        Assert.InRange(File.ReadLines(Journal()).Count(), 3, Long.Job.Settings.MaxPasses);
    }

    [Fact]
    public async Task A_second_client_is_told_who_holds_the_agent_and_the_first_one_gets_its_record()
    {
        using var agent = AgentProcess.Start(_folder.Path);
        var started = new TaskCompletionSource();
        var first = Measure(agent, Long, fresh: false, progress => _ = progress.Stage == "measuring" && started.TrySetResult());
        await started.Task;
        var error = await Assert.ThrowsAsync<InputException>(() => Measure(agent, Quick, fresh: false));
        Assert.Contains("(409)", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"busy with job {Long.Job.Hash[..12]} for {Environment.UserName}@", error.Message, StringComparison.Ordinal);
        Assert.Equal(Long.Job.Hash, (await first).Job.Hash);
    }

    [Fact]
    public async Task A_client_that_gives_up_finds_the_job_done_when_it_returns()
    {
        using var agent = AgentProcess.Start(_folder.Path);
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Measure(agent, Long, fresh: false, progress =>
        {
            if (progress.Stage == "measuring")
                source.Cancel();
        }, source.Token));
        Assert.Equal(StopReason.TimeIsUp, (await Measure(agent, Long, fresh: false)).StopReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kit_that_was_damaged_on_the_agents_disk_is_replaced_when_the_job_is_sent_again(bool truncated)
    {
        using var agent = AgentProcess.Start(_folder.Path);
        await Measure(agent, Quick, fresh: false);
        var kit = Directory.GetFiles(_folder.Path, "kit.zip", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(kit);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(kit, truncated ? bytes[..(bytes.Length / 2)] : bytes);

        var error = await Assert.ThrowsAsync<Core.InputException>(() => Measure(agent, Quick, fresh: true));
        Assert.Contains("send the job again", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, error.Message, StringComparison.Ordinal);
        Assert.NotEmpty((await Measure(agent, Quick, fresh: false)).Passes);
    }

    [Fact]
    public async Task A_refusal_names_no_place_on_the_agents_disk()
    {
        using var process = Tool.Start(_folder.Path, "agent", "--listen", "0", "--token-file", WriteToken());
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri(process.StandardOutput.ReadLine()!.Split(' ')[^1]) };
            http.DefaultRequestHeaders.Add("Authorization", "Bearer " + AgentProcess.Secret);
            http.DefaultRequestHeaders.Add("HwNas-Protocol", "1");
            var whole = await File.ReadAllBytesAsync(SomeKit.Write(_folder));
            foreach (var kit in new[] { [], whole[..100], whole[..^1], [.. whole[..^10], .. new byte[10]] })
            {
                using var response = await http.PutAsync($"jobs/{Quick.Job.Hash}", new ByteArrayContent(kit));
                var text = await response.Content.ReadAsStringAsync();
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
                Assert.StartsWith("'the kit' ", text, StringComparison.Ordinal);
                Assert.DoesNotContain("/", text, StringComparison.Ordinal);
            }
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }

    [SmallDiskFact]
    public async Task A_full_disk_refuses_the_job_and_says_so()
    {
        using var disk = new SmallDisk();
        using var agent = AgentProcess.Start(disk.Path);
        var error = await Assert.ThrowsAsync<Core.InputException>(() => Measure(agent, Quick, fresh: false));
        Assert.Contains("Make room on its disk", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fleet_measures_the_same_job_and_one_failing_agent_does_not_stop_the_others()
    {
        using var a = AgentProcess.Start(_folder.Path, device: "edge-a");
        using var b = AgentProcess.Start(_folder.Path, device: "edge-b");
        var dead = "http://127.0.0.1:1";
        File.WriteAllText(_folder.File("space.json"), Core.Files.StrictJson.Serialize(SomeKit.Space.Definition));
        var result = Tool.Run(
            _folder.Path, "profile", "--space", "space.json", "--seconds", "2", "--agent", a.Address, "--agent", dead, "--agent",
            b.Address, "--agent", a.Address, "--token-file", "token");
        Assert.True(result.ExitCode == 1, result.ToString());
        Assert.Contains($"{dead}: Cannot reach an agent", result.Error, StringComparison.Ordinal);
        Assert.Contains($"{a.Address}: 'device-profiles/edge-a.json' is in use by ", result.Error, StringComparison.Ordinal);
        Assert.Contains("2 of 4 agents failed", result.Error, StringComparison.Ordinal);
        var profiles = new[] { "edge-a", "edge-b" }
            .Select(id => DeviceProfile.Read(_folder.File($"device-profiles/{id}.json"))).ToList();
        Assert.Equal(["edge-a", "edge-b"], profiles.Select(profile => profile.Device.Id));
        Assert.All(profiles, profile => Assert.Empty(LatencyTable.MissingLayers(profile, SomeKit.Space)));
    }

    [Fact]
    public void Two_agents_do_not_share_a_state_folder()
    {
        using var agent = AgentProcess.Start(_folder.Path);
        var second = Tool.Run(_folder.Path, "agent", "--listen", "0", "--token-file", "token", "--state", "state-edge");
        Assert.Equal(2, second.ExitCode);
        Assert.Contains("each its own with --state", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_agent_beyond_this_machine_warns_and_prints_its_new_token_once()
    {
        using var process = Tool.Start(_folder.Path, "agent", "--listen", "0.0.0.0:0");
        var address = process.StandardOutput.ReadLine();
        var token = process.StandardOutput.ReadLine();
        Tool.Interrupt(process);
        Assert.Contains("listens on http://", address, StringComparison.Ordinal);
        Assert.Matches("^Token: [0-9a-f]{32}$", token);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.StartsWith("warning: listening beyond this machine", error, StringComparison.Ordinal);
        Assert.DoesNotContain(token![7..], error, StringComparison.Ordinal);
    }

    private static JobBundle Quick => SomeKit.Bundle;

    private static JobBundle Long { get; } = JobWriter.ForSpace(SomeKit.Space, SomeKit.Options with
    {
        Measurement = SomeKit.Options.Measurement with { MinPasses = 1, MaxPasses = 100_000, MinSeconds = 3, MaxSeconds = 3 },
    });

    // The process that measured for the agent ends as soon as it notices.
    private static void CopyOnceReleased(string from, string to)
    {
        while (!File.Exists(to))
        {
            try
            {
                File.Copy(from, to);
            }
            catch (IOException)
            {
                Thread.Sleep(10);
            }
        }
    }

    private string WriteToken()
    {
        File.WriteAllText(_folder.File("token"), AgentProcess.Secret);
        return "token";
    }

    private string Journal() => Directory.GetFiles(_folder.Path, "samples.jsonl", SearchOption.AllDirectories).Single();

    private static async Task<MeasurementRecord> Measure(
        AgentProcess agent, JobBundle bundle, bool fresh, Action<MeasurementProgress>? report = null,
        CancellationToken cancellation = default)
    {
        using var client = new AgentClient(
            agent.Address, AgentProcess.Token, Patience with { Attempts = 5 }, TimeProvider.System);
        return await client.MeasureAsync(bundle, fresh, new ActionProgress(report ?? (_ => { })), cancellation);
    }

    private sealed class ActionProgress(Action<MeasurementProgress> report) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value) => report(value);
    }
}
