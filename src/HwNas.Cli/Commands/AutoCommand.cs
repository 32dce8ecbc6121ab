using System.Collections.Immutable;
using System.CommandLine;
using HwNas.Cli.Reporting;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Onnx.Export;
using HwNas.Onnx.Profiling;
using HwNas.Supernet.Data;
using static System.FormattableString;

namespace HwNas.Cli.Commands;

/// <summary><c>hwnas auto</c>: from labelled images to a verified model within a budget, in the time that is given.</summary>
internal static class AutoCommand
{
    private const double MostMinutes = 10_000, MostProfileSeconds = 60;

    // Of the time: at most so much for the profile; search, export and verification take the rest of what training leaves.
    private const double ProfileShare = 0.15, TrainingShare = 0.65;

    // A model that breaks its budget when it is measured gives way to one that is predicted to be so much faster.
    private const int Attempts = 3;

    public static Command Create(CommandContext context)
    {
        var data = SharedOptions.Data();
        var damaged = SharedOptions.SkipDamaged();
        var profileFile = new Option<string?>("--profile")
        {
            Description = "Profile of the device. Default: this machine is measured.",
            HelpName = "FILE",
        };
        var budgets = new BudgetOptions();
        var minutes = Numbers.In(new Option<double>("--minutes")
        {
            Description = "About how long all of it may take.",
            DefaultValueFactory = _ => 10,
        });
        var output = new Option<string?>("--out") { Description = "Run folder. Default: runs/<data>.", HelpName = "DIR" };
        var spaceName = new Option<string?>("--space")
        {
            Description = "A search space, in place of the one that is chosen.",
            HelpName = "NAME|FILE",
        };
        var steps = new Option<int?>("--steps") { Description = "Training steps, in place of those that fit." };
        var batch = new Option<int?>("--batch") { Description = "Images in a step, in place of what is chosen." };
        var evaluations = new Option<int>("--evaluations")
        {
            Description = "Subnets that the search evaluates.",
            DefaultValueFactory = _ => SearchRequest.DefaultEvaluations,
        };
        var recipe = new RecipeOptions();
        var seed = SharedOptions.Seed();
        var threads = SharedOptions.Threads();
        var device = new TorchDeviceOption(trains: true);
        var command = new Command("auto",
            """
            From your images to a verified model within a budget.

            Chooses a space, a recipe and sizes by the images and the time, says what it chose and why; options override.

            Examples:
              hwnas auto --data photos --macs 2M
              hwnas auto --data photos --latency-us 200 --minutes 20
              hwnas auto --data photos --profile pi5.json --latency-us 8000
            """)
        {
            data, damaged, profileFile, minutes, output, spaceName, steps, batch, evaluations, seed, threads,
        };
        foreach (var option in budgets.All.Concat(recipe.All).Concat(device.All))
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var torch = device.Of(parsed);
            var time = parsed.GetValue(minutes);
            if (time is not (> 0 and <= MostMinutes))
                throw new InputException(Invariant($"--minutes {time} is not between 0 and {MostMinutes:N0}; write 10, say."));
            var given = parsed.GetValue(profileFile) is { } file ? DeviceProfile.Read(file) : null;
            var images = DataSets.Open(
                parsed.GetValue(data)!, new DataReading { MostDamaged = parsed.GetValue(damaged), Notice = context.Say },
                cancellation);
            var folder = new RunFolder(parsed.GetValue(output) ?? Path.Combine(RunOption.Runs, images.Name));
            var asked = new Asked(
                given, [.. budgets.OnCounts(parsed)],
                profile => new SubnetGoals
                {
                    Budgets = budgets.Read(parsed, [profile.Device.Id]), Confidence = budgets.Confidence(parsed),
                },
                TimeSpan.FromMinutes(time), SearchOptions.Of(parsed.GetValue(evaluations)) with { Seed = parsed.GetValue(seed) });
            var request = new AutoRequest(images, TrainingShare * asked.Time)
            {
                Budgets = asked.OnCounts,
                Space = parsed.GetValue(spaceName),
                Recipe = chosen => recipe.Of(parsed, chosen),
                Steps = parsed.GetValue(steps),
                BatchSize = parsed.GetValue(batch),
                Seed = parsed.GetValue(seed),
                Threads = parsed.GetValue(threads),
                TorchDevice = torch,
            };
            var started = context.Time.GetTimestamp();
            var (run, profile, plan) = await Prepare(context, folder, request, asked, cancellation);
            TrainCommand.Run(context, run, plan, cancellation);
            await Finish(context, run, profile, plan.Data, asked, cancellation);
            context.Say(Invariant($"Done in {context.Time.GetElapsedTime(started).TotalMinutes:F1} minutes."));
            return ExitCodes.Done;
        });
        return command;
    }

    // What was begun goes on as it was planned. Else the first plan is taken whose networks can keep the budgets: that is known
    // before anything is trained.
    private static async Task<(NasRun Run, DeviceProfile Profile, TrainRequest Plan)> Prepare(
        CommandContext context, RunFolder folder, AutoRequest request, Asked asked, CancellationToken cancellation)
    {
        if (File.Exists(folder.Training))
        {
            var record = TrainingRecord.Read(folder.Training);
            context.Say($"'{folder.Path}' has begun; it goes on as it was planned.");
            var begun = new NasRun(folder.Path, SearchSpace.Load(folder.Space), context.OfRun)
            {
                Threads = request.Threads, TorchDevice = request.TorchDevice,
            };
            var options = record.Options with { Threads = request.Threads };
            return (
                begun, await Profile(context, begun, asked, cancellation),
                new TrainRequest(begun.Data(cancellation)) { Options = options, Resume = true });
        }

        InfeasibleBudgetException? infeasible = null;
        foreach (var plan in AutoPlan.For(request, context.Time, cancellation))
        {
            foreach (var choice in plan.Choices)
                context.Say(context.ErrorScreen.Fold($"{choice.What,-12}{choice.Choice}"));
            var run = new NasRun(folder.Path, plan.Space, context.OfRun)
            {
                Threads = request.Threads, TorchDevice = request.TorchDevice,
            };
            try
            {
                run.RequireReachable([], new SubnetGoals { Budgets = asked.OnCounts });
                folder.Create();
                var profile = await Profile(context, run, asked, cancellation);
                run.RequireReachable([profile], asked.Goals(profile).Tightened(plan.BudgetShare));
                return (run, profile, new TrainRequest(plan.Data) { Options = plan.Options, Resume = true });
            }
            catch (InfeasibleBudgetException error) when (request.Space is null)
            {
                var part = plan.BudgetShare < 1 ? "half of " : "";
                context.Say(context.ErrorScreen.Fold($"{"not",-12}{plan.Space.Name}: no network of it keeps {part}the budget"));
                infeasible = error;
                if (asked.Profile is null && File.Exists(folder.Profile))
                    File.Delete(folder.Profile);
            }
        }

        throw infeasible!;
    }

    private static async Task<DeviceProfile> Profile(
        CommandContext context, NasRun run, Asked asked, CancellationToken cancellation)
    {
        if (asked.Profile is { } given)
            return given;
        if (File.Exists(run.Folder.Profile))
            return DeviceProfile.Read(run.Folder.Profile);
        var seconds = Math.Min(MostProfileSeconds, ProfileShare * asked.Time.TotalSeconds);
        var options = new ProfileOptions { Measurement = new MeasurementSettings { Seed = asked.Search.Seed }.AtMost(seconds) };
        return await ProfileCommand.Run(
            context, new ProfileRequest(run.Space, options), device: null, run.Folder.Profile, cancellation);
    }

    private static async Task Finish(
        CommandContext context, NasRun run, DeviceProfile profile, DataSplits data, Asked asked, CancellationToken cancellation)
    {
        using var held = run.Lock();
        var goals = asked.Goals(profile);
        var tightened = goals;
        var front = SearchCommand.Run(
            context, run, new SearchRequest { Profiles = [profile], Goals = goals, Options = asked.Search, Resume = true },
            cancellation);
        var chosen = front.Subnets.First(subnet => subnet.Id == front.Chosen);
        var isHere = await IsHere(profile, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            var models = ExportCommand.Run(context, run, [chosen], path: null, new ExportOptions(), cancellation);
            var verification = new VerifyRequest(models, data)
            {
                Run = run, Profile = isHere ? profile : null, Space = isHere ? run.Space : null,
            };
            var card = (await VerifyCommand.RunAsync(context, verification, cancellation))[0];
            var excess = isHere ? Excess(card, goals, profile) : 1;
            if (excess <= 1 || attempt == Attempts)
            {
                Report(context, run, card, models[0], goals, isHere, excess <= 1);
                return;
            }

            // The next best that is as much faster as this one is too slow.
            context.Say(context.ErrorScreen.Fold(
                Invariant($"Measured, it takes {100 * (excess - 1):F1} % more than the budget; another one is taken.")));
            tightened = tightened with
            {
                Budgets =
                [
                    .. tightened.Budgets.Select(
                        budget => IsLatency(budget, profile) ? budget with { Limit = budget.Limit / excess } : budget),
                ],
            };
            chosen = run.Best(tightened, cancellation: cancellation).Subnets.First(subnet => subnet.Top1Percent is not null)
                .Measured();
        }
    }

    // How many times the budget a model takes; up to 1 it keeps it.
    private static double Excess(ModelCard card, SubnetGoals goals, DeviceProfile profile) => goals.Budgets
        .Where(budget => IsLatency(budget, profile))
        .Select(budget => card.Verifications[^1].MeasuredUs / budget.Limit)
        .DefaultIfEmpty(0).Max();

    private static bool IsLatency(Budget budget, DeviceProfile profile) =>
        budget.Cost == LatencyMetrics.MedianOn(profile.Device.Id).Name;

    private static async Task<bool> IsHere(DeviceProfile profile, CancellationToken cancellation)
    {
        try
        {
            await ProfiledDevice.Require(profile, inBrowser: false, agent: null, cancellation);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    private static void Report(
        CommandContext context, NasRun run, ModelCard card, string model, SubnetGoals goals, bool isHere, bool keeps)
    {
        var pictures = SearchReport.Write(run, context.Time.GetUtcNow());
        context.Out.Write(VerificationText.Of([card], context.Screen));
        if (goals.Budgets.Length > 0)
        {
            var verdict = !isHere ? "kept by the prediction; measure on the device with 'hwnas verify --agent'"
                : keeps ? "kept, as measured"
                : "NOT KEPT as measured: the machine is busy, or runs at another speed than when it was profiled";
            context.Out.Write(context.Screen.Fold($"  budget          {verdict}\n"));
        }

        context.Out.WriteLine();
        context.Out.WriteLine($"{"model",-12}{model}");
        context.Out.WriteLine($"{"card",-12}{ModelCard.PathFor(model)}");
        context.Out.WriteLine($"{"report",-12}{pictures[^1]}");
    }

    private sealed record Asked(
        DeviceProfile? Profile, ImmutableArray<Budget> OnCounts, Func<DeviceProfile, SubnetGoals> Goals, TimeSpan Time,
        SearchOptions Search);
}
