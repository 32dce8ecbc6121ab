using HwNas.Core.Devices.Measurement;
using HwNas.Core.Search;
using HwNas.Onnx.Profiling;
using HwNas.Supernet.Data;
using HwNas.Supernet.Training;

namespace HwNas.Samples;

/// <summary>The whole of it: train once, measure this machine, search, ask for the best under a budget, export, verify.</summary>
internal static class ProfileAndSearch
{
    public static async Task RunAsync(string folder, int steps, string data)
    {
        var run = new NasRun(folder);
        run.Train(new TrainRequest(DataSets.Open(data)) { Options = new TrainingOptions { Steps = steps } });
        var profile = await run.ProfileAsync(new ProfileOptions { Measurement = new MeasurementSettings().AtMost(seconds: 5) });
        var front = run.Search(new SearchRequest { Profiles = [profile], Options = SearchOptions.Of(evaluations: 24) });
        var limitUs = front.Subnets.Average(subnet => subnet.LatencyUs[profile.Device.Id].MedianUs);
        var best = run.Best(new SubnetGoals { Budgets = [Budget.OfLatencyUs(profile.Device.Id, limitUs)] });
        var models = run.Export([best.Subnets[0].Measured()]);
        var cards = await run.VerifyAsync(models, profile);

        Console.WriteLine($"{front.Front().Count()} subnets on the front of {front.Subnets.Length}");
        Console.WriteLine($"{models[0]}: {cards[0].Verifications[^1].TestTop1Percent:F2} % of the test images");
    }
}
