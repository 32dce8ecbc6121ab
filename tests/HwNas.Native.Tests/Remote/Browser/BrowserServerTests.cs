using System.Net;
using System.Text.Json.Nodes;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Profiling;
using HwNas.Remote.Browser;

namespace HwNas.Native.Tests.Remote.Browser;

/// <summary>What the server does with pages that do not behave.</summary>
public sealed class BrowserServerTests : IDisposable
{
    private static readonly JobBundle Bundle = MeasuringServer.Bundle(passes: 3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [BrowserRuntimeFact]
    public async Task Passes_become_a_record_with_every_sample()
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var page = new PageClient(server.Page);
        Assert.Equal(0, (int)(await page.Join())["passes"]!);
        for (var number = 0; number < 3; number++)
            Assert.Equal(HttpStatusCode.OK, (await page.Post("/api/pass", PageClient.Pass(Bundle.Job, number))).Status);

        var record = Assert.Single(server.Records);
        Assert.Equal([10_000L, 10_001L, 10_002L], record.Passes.Select(pass => pass.WallNs[0]));
        Assert.Equal((5, "phone", Bundle.Job.Hash), (record.WarmUpPasses, record.Device.Id, record.Job.Hash));
        Assert.All(record.Passes, pass => Assert.All(pass.CpuNs, ns => Assert.Equal(0, ns)));
        Assert.Empty(server.Refusals);
    }

    [BrowserRuntimeFact]
    public async Task The_job_and_its_models_arrive_as_they_are()
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var page = new PageClient(server.Page);
        var (_, job) = await page.Get("/api/job");
        Assert.Equal(Bundle.Job.Hash, MeasurementJob.Parse(job.ToJsonString(), "job").Hash);
        for (var number = 0; number < Bundle.Job.Models.Length; number++)
        {
            using var response = await page.Raw(HttpMethod.Get, $"/api/models/{number}");
            Assert.Equal(Bundle.Job.Models[number].Sha256, ContentHash.OfBytes(await response.Content.ReadAsByteArrayAsync()));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await page.Get($"/api/models/{Bundle.Job.Models.Length}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await page.Get("/api/models/-1")).Status);
    }

    [BrowserRuntimeFact]
    public async Task Every_answer_isolates_the_page_and_only_listed_files_are_served()
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var page = new PageClient(server.Page);
        string[] served =
            ["/", "/app.js", "/worker.js", "/style.css", "/onnxruntime-web/ort-wasm-simd-threaded.wasm", "/api/job"];
        string[] refused =
        [
            "/index.html", "/onnxruntime-web/package.json", "/onnxruntime-web/", "/../hwnas.dll", "/%2e%2e/hwnas.dll", "/app.js/",
            "/APP.JS", "/api/", "/api/pass",
        ];
        foreach (var path in served.Concat(refused))
        {
            using var response = await page.Raw(HttpMethod.Get, path);
            Assert.Equal((path, served.Contains(path)), (path, response.StatusCode == HttpStatusCode.OK));
            Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
            Assert.Equal("require-corp", response.Headers.GetValues("Cross-Origin-Embedder-Policy").Single());
            Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.StartsWith(
                "default-src 'none';", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }
    }

    [BrowserRuntimeTheory]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData("0123456789012345678901")]
    public async Task Without_the_token_nothing_is_told_and_nothing_taken(string token)
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var stranger = new PageClient(server.Page, token);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.Get("/api/job")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.Get("/api/models/0")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.Post("/api/join", PageClient.Greeting())).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.Post("/api/pass", PageClient.Pass(Bundle.Job, 0))).Status);
        Assert.Equal(4, server.Refusals.Count());
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [BrowserRuntimeTheory]
    [InlineData("{", "not valid JSON")]
    [InlineData("[]", "no JSON object")]
    [InlineData("", "not valid JSON")]
    [InlineData("""{"number":0}""", "missing required")]
    [InlineData("""{"number":0,"warm_up_passes":0,"elapsed_ms":1,"wall_ns":null}""", "wall_ns")]
    [InlineData("""{"number":0,"warm_up_passes":0,"elapsed_ms":1,"wall_ns":[1],"more":1}""", "more")]
    [InlineData("""{"number":0,"number":0,"warm_up_passes":0,"elapsed_ms":1,"wall_ns":[1]}""", "number")]
    [InlineData("""{"number":0,"warm_up_passes":0,"elapsed_ms":1,"wall_ns":[1]}""", "plausible times")]
    public async Task A_malformed_pass_is_refused_with_a_reason(string message, string reason)
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var page = new PageClient(server.Page);
        await page.Join();
        var (status, answer) = await page.PostText("/api/pass", message);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(reason, (string)answer["error"]!, StringComparison.Ordinal);
        Assert.Contains(reason, Assert.Single(server.Refusals), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> ImpossibleTimes => new()
    {
        { "wall_ns[3]", "0" },
        { "wall_ns[3]", "-1" },
        { "wall_ns[3]", "-2" },
        { "wall_ns[0]", "1000000000000" },
        { "wall_ns[0]", "1.5" },
        { "wall_ns[0]", "1e400" },
        { "wall_ns[0]", "\"NaN\"" },
        { "elapsed_ms", "-1" },
        { "warm_up_passes", "-1" },
        { "number", "-1" },
        { "number", "7" },
    };

    [BrowserRuntimeTheory]
    [MemberData(nameof(ImpossibleTimes))]
    public async Task Impossible_times_are_refused(string where, string value)
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var page = new PageClient(server.Page);
        await page.Join();
        var pass = PageClient.Pass(Bundle.Job, 0);
        var parts = where.Split('[', ']');
        if (parts.Length > 1)
            pass["wall_ns"]![int.Parse(parts[1])] = JsonNode.Parse(value);
        else
            pass[where] = JsonNode.Parse(value);
        var (status, answer) = await page.Post("/api/pass", pass);

        Assert.InRange((int)status, 400, 409);
        Assert.NotEmpty((string)answer["error"]!);
        Assert.Equal(HttpStatusCode.OK, (await page.Post("/api/pass", PageClient.Pass(Bundle.Job, 0))).Status);
    }

    [BrowserRuntimeTheory]
    [InlineData("id", "\"\"")]
    [InlineData("id", "\"../escape\"")]
    [InlineData("id", "\"Phone\"")]
    [InlineData("id", "\"phone\\n\"")]
    [InlineData("name", "\"a\\u001b[2Jb\"")]
    [InlineData("browser", "null")]
    [InlineData("cores", "0")]
    [InlineData("ram_gib", "-1")]
    [InlineData("clock_resolution_ns", "0")]
    [InlineData("min_sample_us", "1e9")]
    [InlineData("runtime_version", "\"1.29.0\"")]
    [InlineData("threads", "2")]
    public async Task A_greeting_with_a_wrong_value_is_refused(string key, string value)
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var page = new PageClient(server.Page);
        var greeting = PageClient.Greeting();
        greeting[key] = JsonNode.Parse(value);
        var (status, answer) = await page.Post("/api/join", greeting);
        Assert.InRange((int)status, 400, 409);
        Assert.Contains(key.Split('_')[0], (string)answer["error"]!, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [BrowserRuntimeFact]
    public async Task A_message_that_is_too_large_is_refused()
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var page = new PageClient(server.Page);
        await page.Join();
        var (status, answer) = await page.PostText("/api/pass", new string(' ', 1 << 20));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.NotEmpty((string)answer["error"]!);
    }

    [BrowserRuntimeFact]
    public async Task A_pass_counts_once_however_often_it_comes()
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var page = new PageClient(server.Page);
        await page.Join();
        Assert.Equal(1, (int)(await page.Post("/api/pass", PageClient.Pass(Bundle.Job, 0))).Answer["passes"]!);
        Assert.Equal(1, (int)(await page.Post("/api/pass", PageClient.Pass(Bundle.Job, 0))).Answer["passes"]!);
        var other = PageClient.Pass(Bundle.Job, 0);
        other["wall_ns"]![1] = 77;
        Assert.Equal(HttpStatusCode.Conflict, (await page.Post("/api/pass", other)).Status);

        await page.Post("/api/pass", PageClient.Pass(Bundle.Job, 1));
        await page.Post("/api/pass", PageClient.Pass(Bundle.Job, 2));
        Assert.True((bool)(await page.Post("/api/pass", PageClient.Pass(Bundle.Job, 2))).Answer["done"]!);
        Assert.Equal(3, Assert.Single(server.Records).Passes.Length);
    }

    [BrowserRuntimeFact]
    public async Task A_device_has_one_lease_and_what_comes_after_its_end_is_refused()
    {
        var clock = new HandClock();
        await using var server = await MeasuringServer.Start(Bundle, _folder, clock: clock);
        using var first = new PageClient(server.Page);
        using var second = new PageClient(server.Page);
        await first.Join();
        await first.Post("/api/pass", PageClient.Pass(Bundle.Job, 0));
        Assert.Equal(HttpStatusCode.Conflict, (await second.Post("/api/join", PageClient.Greeting())).Status);
        Assert.Equal(HttpStatusCode.Gone, (await second.Post("/api/pass", PageClient.Pass(Bundle.Job, 1))).Status);
        second.Lease = "guessed";
        Assert.Equal(HttpStatusCode.Gone, (await second.Post("/api/pass", PageClient.Pass(Bundle.Job, 1))).Status);

        clock.Advance(seconds: 31);
        Assert.Equal(HttpStatusCode.Gone, (await first.Post("/api/pass", PageClient.Pass(Bundle.Job, 1))).Status);
        Assert.Equal(1, (int)(await second.Join())["passes"]!);
        Assert.Equal(HttpStatusCode.Gone, (await first.Post("/api/pass", PageClient.Pass(Bundle.Job, 1))).Status);
        Assert.Equal(HttpStatusCode.OK, (await second.Post("/api/pass", PageClient.Pass(Bundle.Job, 1))).Status);
        clock.Advance(seconds: 29);
        Assert.Equal(
            HttpStatusCode.OK,
            (await second.Post("/api/stage", new JsonObject { ["stage"] = "measuring", ["done"] = 2, ["total"] = 0 })).Status);
        clock.Advance(seconds: 29);
        Assert.True((bool)(await second.Post("/api/pass", PageClient.Pass(Bundle.Job, 2))).Answer["done"]!);
    }

    [BrowserRuntimeFact]
    public async Task No_more_devices_are_let_in_than_are_to_be_measured()
    {
        var clock = new HandClock();
        await using var server = await MeasuringServer.Start(Bundle, _folder, clock: clock);
        using var page = new PageClient(server.Page);
        foreach (var device in new[] { "a", "b", "c" })
            await page.Join(device);
        for (var number = 0; number < 3; number++)
            await page.Post("/api/pass", PageClient.Pass(Bundle.Job, number));
        var (status, answer) = await page.Post("/api/join", PageClient.Greeting("d"));
        Assert.Equal(
            (HttpStatusCode.Conflict, true),
            (status, ((string)answer["error"]!).Contains("larger --devices", StringComparison.Ordinal)));

        // A device that left makes room, but nobody can make up names without end.
        for (var device = 0; device < 100; device++)
        {
            clock.Advance(seconds: 31);
            await page.Post("/api/join", PageClient.Greeting($"made-up-{device}"));
        }

        Assert.InRange(Directory.GetFiles(_folder.Path).Length, 4, 3 + 20);
        await page.Join("a");
    }

    [BrowserRuntimeFact]
    public async Task A_page_is_served_while_somebody_else_holds_silent_connections()
    {
        await using var server = await MeasuringServer.Start(Bundle, _folder);
        using var silent = await SilentConnections.OpenAsync(server.Page.Port, 300);
        using var page = new PageClient(server.Page);
        Assert.Equal(HttpStatusCode.OK, (await page.Get("/api/job")).Status);
    }

    [BrowserRuntimeFact]
    public async Task A_measurement_that_cannot_be_kept_tells_the_page_why_and_keeps_its_samples()
    {
        var options = new BrowserOptions
        {
            JournalPath = device => _folder.File(device + ".samples.jsonl"),
            Keep = _ => throw new InputException("no profile can be made of this"),
        };
        await using var server = await MeasuringServer.Start(Bundle, _folder, options);
        using var page = new PageClient(server.Page);
        await page.Join();
        await page.Post("/api/pass", PageClient.Pass(Bundle.Job, 0));
        await page.Post("/api/pass", PageClient.Pass(Bundle.Job, 1));
        var (status, answer) = await page.Post("/api/pass", PageClient.Pass(Bundle.Job, 2));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("no profile can be made of this", (string)answer["error"]!, StringComparison.Ordinal);
        Assert.Equal(1 + 3, File.ReadLines(_folder.File("phone.samples.jsonl")).Count());
    }

    [BrowserRuntimeFact]
    public async Task A_certificate_made_for_the_run_serves_https()
    {
        using var certificate = SelfSignedCertificate.Create([IPAddress.Loopback], TimeProvider.System);
        var options = new BrowserOptions { Certificate = certificate, JournalPath = _folder.File, Keep = _ => { } };
        await using var server = await MeasuringServer.Start(Bundle, _folder, options);
        using var page = new PageClient(server.Page);
        Assert.Equal("https", server.Page.Scheme);
        Assert.Equal(HttpStatusCode.OK, (await page.Get("/api/job")).Status);
    }

    [Fact]
    public async Task Without_the_runtime_the_error_says_how_to_get_it()
    {
        var options = new BrowserOptions { RuntimeFolder = _folder.Path, JournalPath = _folder.File, Keep = _ => { } };
        var error = await Assert.ThrowsAsync<MissingDependencyException>(
            () => BrowserServer.StartAsync(Bundle, options, news: null, TimeProvider.System));
        Assert.Contains("'hwnas profile --browser' fetches it", error.Message, StringComparison.Ordinal);
    }

    [BrowserRuntimeFact]
    public async Task A_port_that_is_taken_is_an_error_that_names_it()
    {
        await using var first = await MeasuringServer.Start(Bundle, _folder);
        var options = new BrowserOptions { Port = first.Page.Port, JournalPath = _folder.File, Keep = _ => { } };
        var error = await Assert.ThrowsAsync<InputException>(() => MeasuringServer.Start(Bundle, _folder, options));
        Assert.Contains($"port {first.Page.Port}", error.Message, StringComparison.Ordinal);
    }
}
