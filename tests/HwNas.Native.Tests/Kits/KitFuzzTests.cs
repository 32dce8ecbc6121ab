using System.Text;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Native.Tests.Agents;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Kits;
using HwNas.Onnx.Profiling;

namespace HwNas.Native.Tests.Kits;

/// <summary>Files that were damaged at random are refused with an error of input, or mean what they meant before.</summary>
public sealed class KitFuzzTests : IDisposable
{
    private const int Seed = 31337;

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(Seed);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damaged_kits()
    {
        var path = SomeKit.Write(_folder);
        var kit = File.ReadAllBytes(path);
        Fuzz(kit, 250, damaged =>
        {
            File.WriteAllBytes(path, damaged);
            using var read = MeasurementKit.Open(path);
            read.CheckModels();
            Assert.Equal(StrictJson.Serialize(SomeKit.Bundle.Job), StrictJson.Serialize(read.Bundle.Job));
        });
    }

    // Damage where it hurts most: in the directory at the end of the file.
    [Fact]
    public void Kits_with_a_damaged_directory()
    {
        var path = SomeKit.Write(_folder);
        var kit = File.ReadAllBytes(path);
        var directory = (int)BitConverter.ToUInt32(kit, kit.Length - 6);
        Fuzz(kit[directory..], 400, damaged =>
        {
            File.WriteAllBytes(path, [.. kit[..directory], .. damaged]);
            using var read = MeasurementKit.Open(path);
            read.CheckModels();
            Assert.Equal(SomeKit.Bundle.Job.Hash, read.Bundle.Job.Hash);
        });
    }

    [Fact]
    public void Damaged_jobs()
    {
        var job = StrictJson.Serialize(SomeKit.Bundle.Job);
        Fuzz(Encoding.UTF8.GetBytes(job), 400, damaged =>
            Assert.Equal(job, StrictJson.Serialize(MeasurementJob.Parse(Encoding.UTF8.GetString(damaged), "job"))));
    }

    [Fact]
    public void Damaged_records_and_records_whose_hash_was_made_to_fit()
    {
        var record = StrictJson.Serialize(
            new JobRunner("edge", TimeProvider.System).Run(SomeKit.Bundle, null, null, CancellationToken.None));
        Fuzz(Encoding.UTF8.GetBytes(record), 200, damaged =>
            Assert.Equal(record, StrictJson.Serialize(MeasurementRecord.Parse(Encoding.UTF8.GetString(damaged), "record"))));

        // Whoever can compute the hash can still not make a profile of impossible values, nor crash the tool.
        Fuzz(Encoding.UTF8.GetBytes(record), 200, damaged =>
        {
            var document = StrictJson.ParseObject(Encoding.UTF8.GetString(damaged), "record");
            document["hash"] = ContentHash.OfCanonicalJson(document);
            var profile = ProfileAssembly.Profile(MeasurementRecord.Parse(document.ToJsonString(), "record"))
                .Write(_folder.File("profile.json"));
            Assert.All(profile.Entries, entry => Assert.InRange(entry.MedianUs, double.Epsilon, 1e9));
        });
    }

    [Fact]
    public void Damaged_results_of_the_script()
    {
        var job = SomeKit.Bundle.Job;
        var lines = new List<string> { $"hwnas-perf-test,1,{job.Hash},2" };
        for (var pass = 0; pass < 3; pass++)
        {
            for (var model = 0; model < job.Models.Length; model++)
            {
                lines.AddRange([
                    $"{pass},{model},graph,1.5e-05,1000,99,0", $"{pass},{model},graph,2.5e-05,1000,99,1",
                    $"{pass},{model},done",
                ]);
            }
        }

        var path = _folder.File("results.csv");
        Fuzz(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), 400, damaged =>
        {
            File.WriteAllBytes(path, damaged);
            var record = PerfTestResults.Read(path, job, MeasurementKitTests.Device("edge"), "1.29.0");
            Assert.InRange(record.Passes.Length, 1, 4);
        });
    }

    private void Fuzz(byte[] whole, int rounds, Action<byte[]> read)
    {
        for (var round = 0; round < rounds; round++)
        {
            try
            {
                read(Mutation.Of(whole, _random));
            }
            catch (InputException error)
            {
                Assert.NotEmpty(error.Message);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"seed {Seed}, round {round}", error);
            }
        }
    }
}
