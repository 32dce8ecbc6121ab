using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Native.Tests.Support;
using HwNas.Remote.Browser;

namespace HwNas.Native.Tests.Remote.Browser;

/// <summary>The page in a real browser, from the address to the record; figures of time are not asserted.</summary>
public sealed class BrowserPageTests
{
    [ChromiumFact]
    public async Task A_browser_measures_the_space_and_the_profile_covers_it()
    {
        using var folder = new TemporaryFolder();
        await using var chromium = await Chromium.Start();
        await using var server = await MeasuringServer.Start(MeasuringServer.Bundle(passes: 3), folder);
        var tab = await chromium.Open(server.Page);
        await tab.Measure("My Phone (left)");
        await tab.UntilSection("done");

        var record = Assert.Single(server.Records);
        Assert.Equal(("my-phone-left", "My Phone (left)"), (record.Device.Id, record.Device.Name));
        Assert.Equal(
            $"onnxruntime-web {OnnxRuntimeWeb.VersionIn(OnnxRuntimeWeb.DefaultFolder)}, wasm, graph level all, 1 thread, "
            + "fp32, batch 1",
            record.Runtime.ToString());
        Assert.Equal("true", record.RuntimeDetails.ProviderOptions["cross_origin_isolated"]);
        Assert.Contains("Chrome/", record.RuntimeDetails.ProviderOptions["browser"], StringComparison.Ordinal);
        Assert.InRange(record.ClockResolutionNs, 1, 50_000);
        Assert.Equal(3, record.Passes.Count(pass => pass.WallNs[0] > 0));
        Assert.Empty(server.Refusals);
        Assert.Empty(LatencyTable.MissingLayers(ProfileAssembly.Profile(record), MeasuringServer.Space));
        Assert.Contains("my-phone-left", await tab.Text(), StringComparison.Ordinal);
    }

    [ChromiumFact]
    public async Task Rounds_in_which_the_page_was_hidden_are_thrown_away()
    {
        using var folder = new TemporaryFolder();
        await using var chromium = await Chromium.Start();
        await using var server = await MeasuringServer.Start(MeasuringServer.Bundle(passes: 40), folder);
        var tab = await chromium.Open(server.Page);
        await tab.Measure("phone");
        await server.UntilPasses("phone", 1);
        // Between two rounds there is nothing to throw away; sooner or later it hits one.
        while (await tab.Evaluate(
            "document.querySelector('[data-key=hidden]') !== null || !document.getElementById('done').hidden") == "false")
        {
            await tab.SetHidden(true);
            await tab.SetHidden(false);
        }

        await tab.UntilSection("done");
        var record = Assert.Single(server.Records);
        Assert.Contains(record.Passes, pass => pass.WallNs.All(ns => ns == -1));
        Assert.Equal(40, record.Passes.Count(pass => pass.WallNs.All(ns => ns > 0)));
        Assert.True(ProfileAssembly.Profile(record).Protocol.Disturbed >= record.Job.Models.Length);
    }

    [ChromiumFact]
    public async Task A_page_that_is_reloaded_continues_by_itself()
    {
        using var folder = new TemporaryFolder();
        await using var chromium = await Chromium.Start();
        await using var server = await MeasuringServer.Start(MeasuringServer.Bundle(passes: 40), folder);
        var tab = await chromium.Open(server.Page);
        await tab.Measure("phone");
        await server.UntilPasses("phone", 2);
        await tab.Reload();
        await server.Until(news => news is BrowserNews.Joined { Passes: >= 2 });
        await tab.UntilSection("done");

        Assert.Equal(40, Assert.Single(server.Records).Passes.Count(pass => pass.WallNs[0] > 0));
        Assert.Equal(2, server.News.OfType<BrowserNews.Joined>().Count());
    }

    [ChromiumFact]
    public async Task A_vanished_phone_continues_at_the_next_server()
    {
        using var folder = new TemporaryFolder();
        var bundle = MeasuringServer.Bundle(passes: 40);
        await using var chromium = await Chromium.Start();
        await using (var first = await MeasuringServer.Start(bundle, folder))
        {
            var vanishing = await chromium.Open(first.Page);
            await vanishing.Measure("phone");
            await first.UntilPasses("phone", 3);
            await vanishing.Close();
        }

        var before = File.ReadLines(folder.File("phone.samples.jsonl")).Skip(1).ToList();
        Assert.True(before.Count >= 3);
        await using var second = await MeasuringServer.Start(bundle, folder);
        var tab = await chromium.Open(second.Page);
        await tab.Measure("phone");
        await tab.UntilSection("done");

        Assert.Equal(before.Count, second.News.OfType<BrowserNews.Joined>().Single().Passes);
        Assert.Equal(before, File.ReadLines(folder.File("phone.samples.jsonl")).Skip(1).Take(before.Count));
        Assert.Single(second.Records);
    }

    [ChromiumFact]
    public async Task Two_devices_measure_the_same_job_at_once()
    {
        using var folder = new TemporaryFolder();
        await using var chromium = await Chromium.Start();
        await using var server = await MeasuringServer.Start(MeasuringServer.Bundle(passes: 10), folder);
        var tabs = await Task.WhenAll(chromium.Open(server.Page), chromium.Open(server.Page), chromium.Open(server.Page));
        await tabs[0].Measure("left");
        await tabs[1].Measure("right");
        await Task.WhenAll(
            server.Until(news => news is BrowserNews.Joined { Device: "left" }),
            server.Until(news => news is BrowserNews.Joined { Device: "right" }));
        await tabs[2].Measure("Left");
        await tabs[2].UntilSection("failed");
        await Task.WhenAll(tabs[0].UntilSection("done"), tabs[1].UntilSection("done"));

        Assert.Contains("'left' is being measured by another page", await tabs[2].Text(), StringComparison.Ordinal);
        Assert.Equal(["left", "right"], server.Records.Select(record => record.Device.Id).Order(StringComparer.Ordinal));
        Assert.All(server.Records, record => Assert.Equal(10, record.Passes.Length));
    }

    [ChromiumFact]
    public async Task A_clock_of_a_millisecond_gives_longer_samples_and_is_told()
    {
        using var folder = new TemporaryFolder();
        await using var chromium = await Chromium.Start();
        await using var server = await MeasuringServer.Start(MeasuringServer.Bundle(passes: 1), folder);
        var tab = await chromium.Open(
            server.Page,
            workerPrelude: "{ const fine = performance.now.bind(performance); performance.now = () => Math.floor(fine()); }");
        await tab.Measure("coarse");
        await tab.UntilSection("done");

        var record = Assert.Single(server.Records);
        Assert.Equal(1_000_000, record.ClockResolutionNs);
        Assert.Equal("50000", record.RuntimeDetails.ProviderOptions["min_sample_us"]);
        // Times of whole steps divided by many runs: none is zero, and they differ by far less than a step.
        Assert.All(record.Passes[0].WallNs, ns => Assert.InRange(ns, 1, 50_000_000));
        Assert.Contains(record.Passes[0].WallNs, ns => ns < 500_000);
    }

    [ChromiumFact]
    public async Task An_address_that_ends_with_a_name_begins_by_itself()
    {
        using var folder = new TemporaryFolder();
        await using var chromium = await Chromium.Start();
        await using var server = await MeasuringServer.Start(MeasuringServer.Bundle(passes: 1), folder);
        var tab = await chromium.Open(new Uri(server.Page.AbsoluteUri + "/shelf%203"));
        await tab.UntilSection("done");
        Assert.Equal(("shelf-3", "shelf 3"), (server.Records[0].Device.Id, server.Records[0].Device.Name));
    }

    [ChromiumFact]
    public async Task An_address_without_its_token_says_so()
    {
        using var folder = new TemporaryFolder();
        await using var chromium = await Chromium.Start();
        await using var server = await MeasuringServer.Start(MeasuringServer.Bundle(passes: 1), folder);
        var bare = await chromium.Open(new Uri(server.Page.GetLeftPart(UriPartial.Path)));
        await bare.UntilSection("failed");
        Assert.Contains("not whole", await bare.Text(), StringComparison.Ordinal);

        var wrong = await chromium.Open(new UriBuilder(server.Page) { Fragment = "wrong" }.Uri);
        await wrong.UntilSection("failed");
        Assert.Contains("The token of this session is missing or wrong", await wrong.Text(), StringComparison.Ordinal);
        Assert.Contains(server.Refusals, reason => reason.Contains("token", StringComparison.Ordinal));
    }
}
