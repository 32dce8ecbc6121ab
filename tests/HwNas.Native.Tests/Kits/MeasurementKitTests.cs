using System.IO.Compression;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Kits;

namespace HwNas.Native.Tests.Kits;

/// <summary>A kit carries a job unharmed; one that was tampered with is refused before anything is measured.</summary>
public sealed class MeasurementKitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_kit_gives_back_the_job_and_every_model()
    {
        using var kit = MeasurementKit.Open(SomeKit.Write(_folder));
        kit.CheckModels();
        Assert.Equal(SomeKit.Bundle.Job.Hash, kit.Bundle.Job.Hash);
        for (var number = 0; number < kit.Bundle.Job.Models.Length; number++)
            Assert.Equal(SomeKit.Bundle.Model(number), kit.Bundle.Model(number));
    }

    [Fact]
    public void Equal_jobs_give_equal_kits() =>
        Assert.Equal(File.ReadAllBytes(SomeKit.Write(_folder, "a.zip")), File.ReadAllBytes(SomeKit.Write(_folder, "b.zip")));

    [Fact]
    public void A_kit_that_is_run_and_imported_gives_the_profile_of_its_record()
    {
        SomeKit.Write(_folder);
        Tool.RunWell(_folder.Path, "profile", "run", "kit.zip", "--device", "far-box");
        Tool.RunWell(_folder.Path, "profile", "import", "kit.result.json", "-o", "imported.json");

        var record = MeasurementRecord.Parse(File.ReadAllText(_folder.File("kit.result.json")), "result");
        ProfileAssembly.Profile(record).Write(_folder.File("direct.json"));
        Assert.Equal(File.ReadAllText(_folder.File("direct.json")), File.ReadAllText(_folder.File("imported.json")));
        Assert.Equal("far-box", record.Device.Id);
        Assert.Equal(1 + record.Passes.Length, File.ReadLines(_folder.File("kit.result.samples.jsonl")).Count());
    }

    [Fact]
    public void A_run_that_was_killed_continues_from_the_journal_beside_its_result()
    {
        SomeKit.Write(_folder);
        Tool.RunWell(_folder.Path, "profile", "run", "kit.zip", "-o", "result.json");
        var lines = File.ReadAllLines(_folder.File("result.samples.jsonl"));
        File.Delete(_folder.File("result.json"));
        File.WriteAllLines(_folder.File("result.unfinished.jsonl"), lines.Take(4).Append(lines[4][..20]));

        var again = Tool.RunWell(_folder.Path, "profile", "run", "kit.zip", "-o", "result.json");
        Assert.Contains("The last record of 'result.unfinished.jsonl' was incomplete", again.Error, StringComparison.Ordinal);
        Assert.Equal(lines.Take(4), File.ReadLines(_folder.File("result.samples.jsonl")).Take(4));
        Assert.Equal(lines.Length, File.ReadLines(_folder.File("result.samples.jsonl")).Count());
    }

    [Fact]
    public void The_script_measures_every_model_in_every_pass_and_is_imported()
    {
        ZipFile.ExtractToDirectory(SomeKit.Write(_folder), _folder.File("kit"));
        // In place of ONNX Runtime's program: the same arguments, the same lines; a model takes a microsecond per byte.
        File.WriteAllText(_folder.File("perf_test"), """
            #!/bin/sh
            while [ $# -gt 2 ]; do
                [ "$1" != -r ] || runs=$2
                shift
            done
            bytes=$(wc -c <"$1") run=0
            while [ $run -lt $runs ]; do
                echo "graph,name,$(printf '%de-06' "$bytes"),1000,99,$run" >>"$2"
                run=$((run + 1))
            done
            """);
        Tool.RunProgram("chmod", _folder.Path, "+x", "perf_test");
        var script = Tool.RunProgram(
            "env", _folder.Path, $"PERF_TEST={_folder.File("perf_test")}", "sh", "kit/run-with-perf-test.sh", "3", "3");
        Assert.True(script.ExitCode == 0, script.ToString());

        var job = SomeKit.Bundle.Job;
        var results = _folder.File("kit/perf-test-results.csv");
        Assert.Equal(1 + (3 * job.Models.Length * (3 + 1)), File.ReadLines(results).Count());
        Tool.RunWell(
            _folder.Path, "profile", "import", results, "--kit", "kit.zip", "--device", "my-phone", "--runtime-version",
            "1.29.0");
        var record = PerfTestResults.Read(results, job, Device("my-phone"), "1.29.0");
        Assert.Equal(3, record.Passes.Length);
        Assert.Equal(job.Models.Select(model => model.Bytes * 1000), record.Passes[0].WallNs);
        Assert.All(record.Passes[0].CpuNs, ns => Assert.Equal(0, ns));

        // A part of a pass does not count, and what an interrupted run left is not averaged in.
        var lines = File.ReadAllLines(results).ToList();
        lines.RemoveAt(lines.Count - 1);
        lines.Insert(1, "0,0,graph,0.5,1000,99,0");
        File.WriteAllLines(results, lines);
        record = PerfTestResults.Read(results, job, Device("my-phone"), "1.29.0");
        Assert.Equal(2, record.Passes.Length);
        Assert.Equal(job.Models[0].Bytes * 1000, record.Passes[0].WallNs[0]);
    }

    [Theory]
    [InlineData("../escaped.onnx")]
    [InlineData("/etc/escaped")]
    [InlineData("models/../../escaped")]
    [InlineData("models/9999.onnx")]
    [InlineData("models\\0000.onnx")]
    [InlineData("MODELS/0000.ONNX")]
    public void A_foreign_or_escaping_entry_is_refused_and_nothing_is_written(string name)
    {
        var path = SomeKit.Write(_folder);
        Change(path, archive => Add(archive, name, [1, 2, 3]));
        Assert.Contains("belongs to no kit", Refused(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void An_entry_that_is_there_twice_is_refused()
    {
        var path = SomeKit.Write(_folder);
        Change(path, archive => Add(archive, "models/0001.onnx", SomeKit.Bundle.Model(1)));
        Assert.Contains("twice", Refused(path), StringComparison.Ordinal);
        SomeKit.Write(_folder);
        Change(path, archive => Add(archive, "job.json", "{}"u8.ToArray()));
        Assert.Contains("or two", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_model_or_job_is_refused()
    {
        var path = SomeKit.Write(_folder);
        Change(path, archive => archive.GetEntry("models/0002.onnx")!.Delete());
        Assert.Contains("lacks 'models/0002.onnx'", Refused(path), StringComparison.Ordinal);
        Change(path, archive => archive.GetEntry("job.json")!.Delete());
        Assert.Contains("no kit", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_the_right_size_but_other_bytes_is_refused()
    {
        var path = SomeKit.Write(_folder);
        var bytes = SomeKit.Bundle.Model(3);
        bytes[^1] ^= 1;
        Change(path, archive =>
        {
            archive.GetEntry("models/0003.onnx")!.Delete();
            Add(archive, "models/0003.onnx", bytes);
        });
        Assert.Contains("not the one that the job names", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_that_unpacks_to_more_than_it_claims_is_refused()
    {
        var path = SomeKit.Write(_folder);
        var claimed = (int)SomeKit.Bundle.Job.Models[0].Bytes;
        Change(path, archive =>
        {
            archive.GetEntry("models/0000.onnx")!.Delete();
            Add(archive, "models/0000.onnx", new byte[50_000_000]);
        });
        Assert.Contains("claims 50000000 bytes", Refused(path), StringComparison.Ordinal);

        // The same with a directory that lies: the sizes there and before the entry are those of the job.
        var file = File.ReadAllBytes(path);
        Replace(file, BitConverter.GetBytes(50_000_000), BitConverter.GetBytes(claimed));
        File.WriteAllBytes(path, file);
        Assert.Contains("not the one that the job names", Refused(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_that_explodes_is_refused()
    {
        var path = _folder.File("kit.zip");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            using var entry = archive.CreateEntry("job.json").Open();
            var lists = new byte[1 << 20];
            for (var i = 0; i < lists.Length; i++)
                lists[i] = (byte)"[],"[i % 3];
            for (var i = 0; i < 64; i++)
                entry.Write(lists);
        }

        Assert.InRange(new FileInfo(path).Length, 1, 400_000);
        var before = GC.GetTotalAllocatedBytes();
        Assert.Contains($"more than {MeasurementJob.MaxJsonBytes} bytes", Refused(path), StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 1, 100 << 20);
    }

    [Fact]
    public void Too_many_entries_are_refused_before_they_are_read()
    {
        var path = _folder.File("kit.zip");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            for (var i = 0; i < MeasurementJob.MaxModels + 10; i++)
                archive.CreateEntry($"models/{i:0000}.onnx");
        }

        Assert.Contains("entries", Refused(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 2)]
    [InlineData(6, 2)]
    [InlineData(8, 2)]
    [InlineData(10, 2)]
    [InlineData(12, 4)]
    [InlineData(16, 4)]
    public void A_directory_that_is_said_to_lie_elsewhere_is_refused(int field, int bytes)
    {
        var path = SomeKit.Write(_folder);
        var file = File.ReadAllBytes(path);
        file.AsSpan(file.Length - 22 + field, bytes).Fill(0xff);
        File.WriteAllBytes(path, file);
        Assert.Contains("of the 64-bit form", Refused(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void A_kit_that_was_cut_off_is_refused(double part)
    {
        var path = SomeKit.Write(_folder);
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(int)(part >= 1 ? part : part * bytes.Length)]);
        Refused(path);
    }

    [Fact]
    public void The_tool_says_what_is_wrong_with_a_kit_and_exits_with_2()
    {
        File.WriteAllText(_folder.File("kit.zip"), "this is no kit");
        var result = Tool.Run(_folder.Path, "profile", "run", "kit.zip");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith(
            "hwnas: 'kit.zip' is no zip file",
            result.Error.Replace(_folder.Path + "/", "", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }

    internal static Core.Devices.DeviceDescription Device(string id) => new(id, id, "", "", "", [], [], 0, "", "", "");

    private static string Refused(string path) => Assert.Throws<InputException>(() =>
    {
        using var kit = MeasurementKit.Open(path);
        kit.CheckModels();
    }).Message;

    private static void Change(string path, Action<ZipArchive> change)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Update);
        change(archive);
    }

    private static void Add(ZipArchive archive, string name, byte[] bytes)
    {
        using var stream = archive.CreateEntry(name).Open();
        stream.Write(bytes);
    }

    private static void Replace(byte[] file, byte[] from, byte[] to)
    {
        var found = 0;
        for (var at = file.AsSpan().IndexOf(from); at >= 0; at = file.AsSpan().IndexOf(from), found++)
            to.CopyTo(file, at);
        Assert.InRange(found, 1, 3);
    }
}
