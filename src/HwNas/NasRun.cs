using System.Collections.Immutable;
using HwNas.Core;
using HwNas.Core.Devices;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Core.Metrics;
using HwNas.Core.Search;
using HwNas.Core.Spaces;
using HwNas.Onnx.Export;
using HwNas.Supernet.Data;
using HwNas.Supernet.Torch;
using HwNas.Supernet.Training;

namespace HwNas;

/// <summary>
/// A run: one supernet, and all that was measured, found and exported of it, in one folder. Its methods are the verbs of the
/// command line, which only parses and prints; each of them may be called again, by another program too, and goes on with
/// what is in the folder. What writes into the folder holds its lock meanwhile.
/// </summary>
public sealed class NasRun
{
    /// <summary>Predicted winners that <see cref="Best"/> evaluates unless another number is asked for.</summary>
    public const int DefaultBestEvaluations = 3;

    private readonly ISearchSpace? _space;
    private readonly HashSet<string> _noticed = [];
    private DataSplits? _data;
    private SearchFolder? _found;
    private FileLock? _lock;
    private int _holders;

    /// <summary>Names a run; nothing is read or written yet.</summary>
    /// <param name="path">Its folder; it need not exist before <see cref="Train"/>.</param>
    /// <param name="space">
    /// The search space. It may be left out where the folder holds a training, unless it is of a class of
    /// your own, which no file can hold.
    /// </param>
    /// <param name="context">The clock, and who hears notices.</param>
    public NasRun(string path, ISearchSpace? space = null, RunContext? context = null)
    {
        Folder = new RunFolder(path);
        _space = space;
        var given = context ?? new RunContext();
        Context = given with { Notice = SayOnce };

        void SayOnce(string notice)
        {
            if (_noticed.Add(notice))
                given.Notice(notice);
        }
    }

    /// <summary>The files of the run.</summary>
    public RunFolder Folder { get; }

    /// <summary>Where the run's images are now; null for where they were when it was trained. Other images are refused.</summary>
    public string? DataSpec { get; init; }

    /// <summary>
    /// The search that <see cref="Search"/> makes or continues, null for a name by what it asks for; and the one that everything
    /// else goes on with, null for the one that was just made, or the newest.
    /// </summary>
    public string? SearchName
    {
        get;
        init => field = value is null || PlainName.Problem("--name", value) is not { } problem
            ? value
            : throw new InputException(problem + ", such as macs-1M.");
    }

    /// <summary>
    /// Measures accuracy in place of HwNas's own evaluator (calibrated shared weights on the
    /// validation images); null for that.
    /// </summary>
    public IAccuracyEvaluator? Evaluator { get; init; }

    /// <summary>
    /// Metrics of your own, which may be objectives and budgets by their names, beside the
    /// counts and the latencies of profiles.
    /// </summary>
    public ImmutableArray<IMetricSource> Metrics { get; init; } = [];

    /// <summary>The machine's processors, 8 at most.</summary>
    public static int DefaultThreads { get; } = Math.Min(8, Environment.ProcessorCount);

    /// <summary>Threads that take batches or subnets side by side. Default: <see cref="DefaultThreads"/>.</summary>
    public int Threads { get; init; } = DefaultThreads;

    /// <summary>Where it trains, calibrates and evaluates. Default: the CPU.</summary>
    public TorchDevice TorchDevice { get; init; } = TorchDevice.Cpu;

    /// <summary>The clock, and who hears notices; each notice is told once.</summary>
    internal RunContext Context { get; }

    /// <summary>The search space.</summary>
    /// <exception cref="InputException">None was given, and the run has no training.</exception>
    public ISearchSpace Space => _space ?? ReadCheckpoint().Space;

    /// <summary>The run's images.</summary>
    /// <exception cref="InputException">The run has no training, or the images are not there, or others.</exception>
    public DataSplits Data(CancellationToken cancellation = default) => _data ??= RunData.Open(Folder, DataSpec, cancellation);

    /// <summary>
    /// Keeps other programs from writing into the folder until it is disposed. Every method does so for itself; this is for those
    /// who call several.
    /// </summary>
    /// <exception cref="InputException">Another program writes into it; the message says which.</exception>
    public IDisposable Lock()
    {
        _lock ??= Folder.Lock(Context);
        _holders++;
        return new Holder(this);
    }

    /// <summary>Trains the supernet once, for all subnets; or continues, or finds it trained.</summary>
    /// <param name="request">On what, and how.</param>
    /// <param name="progress">Hears of every step.</param>
    /// <param name="cancellation">Saves and ends.</param>
    /// <exception cref="InputException">The options are out of range, or the folder holds another run.</exception>
    /// <exception cref="InterruptedException">Cancelled; the state is saved.</exception>
    public TrainingOutcome Train(
        TrainRequest request, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var space = _space ?? DataSpace.For(nameOrPath: null, request.Data);
        var outcome = new RunTraining(this).Train(space, request, progress, cancellation);
        _data = request.Data;
        return outcome;
    }

    /// <summary>Measures this machine's latency table for the run's space, into <see cref="RunFolder.Profile"/>.</summary>
    /// <param name="options">How to measure.</param>
    /// <param name="progress">Hears of every pass.</param>
    /// <param name="cancellation">Ends; the passes so far are kept, and the next call continues.</param>
    /// <exception cref="InterruptedException">Cancelled.</exception>
    public Task<DeviceProfile> ProfileAsync(
        Onnx.Profiling.ProfileOptions? options = null, IProgress<MeasurementProgress>? progress = null,
        CancellationToken cancellation = default) =>
        Profiling.HereAsync(
            new ProfileRequest(Space, options ?? new()), device: null, Folder.Profile, Context, progress, cancellation);

    /// <summary>
    /// Searches for the subnets that are best in the objectives within the budgets, and writes <see cref="SearchFolder.Front"/>.
    /// The same search again takes the place of what it found before; what another one found stays.
    /// </summary>
    /// <param name="request">What to search for.</param>
    /// <param name="progress">Hears of every batch of evaluations.</param>
    /// <param name="cancellation">Ends; what was evaluated is kept.</param>
    /// <exception cref="InputException">The training is unfinished, a profile does not fit, or another
    /// search has the name.</exception>
    /// <exception cref="InfeasibleBudgetException">No subnet keeps the budgets.</exception>
    /// <exception cref="InterruptedException">Cancelled.</exception>
    public FrontFile Search(
        SearchRequest request, IProgress<SearchProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var held = Lock();
        var front = RunSearch.Run(this, request, progress, cancellation);
        _found = Folder.Search(front.Name);
        return front;
    }

    /// <summary>
    /// Answers "the best subnet under this budget" from a finished search, without searching again, and writes
    /// <see cref="SearchFolder.Best"/>.
    /// </summary>
    /// <param name="goals">The budgets.</param>
    /// <param name="evaluations">Predicted winners that are evaluated; with 0 the answer is marked as predicted.</param>
    /// <param name="profiles">The devices; null for those of the search.</param>
    /// <param name="cancellation">Ends; what was evaluated is kept.</param>
    /// <exception cref="InputException">The run has no finished search, or a file does not belong to it.</exception>
    /// <exception cref="InfeasibleBudgetException">No subnet keeps the budgets.</exception>
    public BestFile Best(
        SubnetGoals goals, int evaluations = DefaultBestEvaluations, ImmutableArray<DeviceProfile>? profiles = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(goals);
        using var held = Lock();
        var answer = new BudgetAnswer(this, profiles ?? SearchedProfiles(), goals);
        var file = Searched().Best;
        StrictJson.WriteFile(file, answer.Find(evaluations, cancellation));
        return BestFile.Read(file);
    }

    /// <summary>The search that is gone on with; where it is one of several and was not named, a notice says which.</summary>
    /// <exception cref="InputException">The run has no such finished search.</exception>
    public SearchFolder Searched()
    {
        if (_found is { } found)
            return found;
        var search = Folder.Finished(SearchName);
        if (SearchName is null && Folder.Searches().Count is > 1 and var several)
            Context.Notice($"Search '{search.Name}', the newest of {several} in '{Folder.Path}'; --name takes another.");
        return search;
    }

    /// <summary>The profiles that the search used.</summary>
    /// <exception cref="InputException">The run has no finished search, or a copy is missing or of
    /// another measurement.</exception>
    public ImmutableArray<DeviceProfile> SearchedProfiles()
    {
        var search = Searched();
        return [.. search.ReadFront().Profiles.Select(reference =>
        {
            var path = search.SearchedProfile(reference.Name);
            var profile = DeviceProfile.Read(path);
            return profile.Hash == reference.Hash
                ? profile
                : throw new InputException($"'{path}' is not the profile that was searched with. Give it with --profile.");
        })];
    }

    /// <summary>Checks that some network keeps budgets, which needs no training.</summary>
    /// <param name="profiles">The devices.</param>
    /// <param name="goals">The budgets.</param>
    /// <exception cref="InputException">A profile is of another space or lacks layers.</exception>
    /// <exception cref="InfeasibleBudgetException">No network keeps them; the message says what is reachable.</exception>
    public void RequireReachable(ImmutableArray<DeviceProfile> profiles, SubnetGoals goals)
    {
        ArgumentNullException.ThrowIfNull(goals);
        FeasibilityCheck.Require(SubnetProblem.Create(Space, profiles, goals, Metrics).Search);
    }

    /// <summary>How accurate a subnet is on the run's validation images; it is evaluated now unless the run knows it.</summary>
    /// <exception cref="InputException">The id is none of the space, or the run has no training.</exception>
    public SubnetAccuracy Accuracy(string id, CancellationToken cancellation = default)
    {
        using var held = Lock();
        var checkpoint = ReadCheckpoint();
        using var evaluator = Evaluate(checkpoint, cancellation);
        using var store = evaluator.OpenStore();
        var measured = store.Through(evaluator.OfGenomes())(checkpoint.Space.Parse(id, "--subnet"), cancellation)!;
        return new SubnetAccuracy(measured[0], measured[1], Data(cancellation).Validation.Count);
    }

    /// <summary>Any subnet of the space with its figures; it is evaluated now unless the run knows it.</summary>
    /// <exception cref="InputException">The id is none of the space, or the run has no finished search.</exception>
    public FrontSubnet Subnet(string id, CancellationToken cancellation = default)
    {
        if (Searched().ReadFront().Subnets.FirstOrDefault(subnet => subnet.Id == id) is { } found)
            return found;
        using var held = Lock();
        var checkpoint = ReadCheckpoint();
        var space = checkpoint.Space;
        var genome = space.Parse(id, "--subnet");
        var problem = SubnetProblem.Create(space, SearchedProfiles(), new SubnetGoals(), Metrics);
        using var evaluator = Evaluate(checkpoint, cancellation);
        using var store = evaluator.OpenStore();
        var measured = store.Through(evaluator.OfGenomes())(genome, cancellation)!;
        return new FrontSubnet(
            space.IdOf(genome), measured[0], measured[1], problem.CostsOf(genome), problem.LatencyOf(space.PlanOf(genome)),
            OnFront: false);
    }

    /// <summary>Writes subnets as ONNX models, without retraining, with a card beside each.</summary>
    /// <param name="subnets">The subnets, from a front, <see cref="Subnet"/> or
    /// <see cref="BestSubnet.Measured"/> of an answer.</param>
    /// <param name="path">The file for a subnet; null for <see cref="SearchFolder.Model"/>.</param>
    /// <param name="options">How; null for logits from normalised floats in fp32.</param>
    /// <param name="progress">Hears of every model, before it is made.</param>
    /// <param name="cancellation">Ends after a model.</param>
    /// <returns>The files.</returns>
    /// <exception cref="InputException">The front was not searched on this supernet, a file cannot be written, or there is no
    /// such form.</exception>
    public IReadOnlyList<string> Export(
        IReadOnlyList<FrontSubnet> subnets, Func<FrontSubnet, string>? path = null, ExportOptions? options = null,
        IProgress<ModelProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(subnets);
        options ??= new ExportOptions();
        options.Form.Check();
        options.Quantization.Check();
        using var held = path is null ? Lock() : null;
        path ??= subnet => Searched().Model(subnet.Id, options.Form.Suffix);
        foreach (var subnet in subnets)
            AtomicFile.RequireWritable(path(subnet));
        using var exporter = new SubnetExporter(this, options, cancellation);
        var files = new List<string>();
        foreach (var subnet in subnets)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new ModelProgress(files.Count, subnets.Count, subnet.Id));
            files.Add(path(subnet));
            exporter.Export(subnet, files[^1], cancellation);
        }

        return files;
    }

    /// <summary>
    /// Runs exported models of the run through ONNX Runtime on the test images, compares them with the supernet, measures their
    /// latency against the prediction, and writes all of it into their cards.
    /// </summary>
    /// <param name="models">The models.</param>
    /// <param name="profile">The device that measures, and whose prediction is compared; null for this
    /// machine, without a prediction.</param>
    /// <param name="progress">Hears of every model.</param>
    /// <param name="cancellation">Ends before anything is written.</param>
    /// <exception cref="InputException">A model has no card or is not what it says, or does not belong to the run.</exception>
    public Task<IReadOnlyList<ModelCard>> VerifyAsync(
        IReadOnlyList<string> models, DeviceProfile? profile = null, IProgress<ModelProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        var request = new VerifyRequest(models, Data(cancellation))
        {
            Run = this,
            Profile = profile,
            Space = profile is null ? null : Space,
        };
        return Verification.RunAsync(request, Context, progress, cancellation);
    }

    internal SupernetCheckpoint ReadCheckpoint() => SupernetCheckpoint.Read(Folder.Checkpoint, _space);

    internal RunEvaluator Evaluate(SupernetCheckpoint checkpoint, CancellationToken cancellation) =>
        new(this, checkpoint, Data(cancellation));

    private sealed class Holder(NasRun run) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            if (--run._holders > 0)
                return;
            run._lock?.Dispose();
            run._lock = null;
        }
    }
}

/// <summary>How accurate a subnet is.</summary>
/// <param name="Top1Percent">Share of images whose class it names, in percent.</param>
/// <param name="StandardErrorPercent">Standard error of that.</param>
/// <param name="Images">Validation images that the run has.</param>
public sealed record SubnetAccuracy(double Top1Percent, double StandardErrorPercent, int Images);

/// <summary>How far work on several models is.</summary>
/// <param name="Done">Models done.</param>
/// <param name="Models">Models in all.</param>
/// <param name="Name">The model that comes.</param>
public sealed record ModelProgress(int Done, int Models, string Name);
