using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Onnx.Kits;
using Microsoft.AspNetCore.Http;

namespace HwNas.Remote.Agents;

/// <summary>
/// The jobs of an agent on its disk, by hash: kit, samples and record. So a job that was cut short continues, even after
/// the agent was killed. Finished jobs make room for new ones, the oldest first; unfinished ones are never removed.
/// </summary>
internal sealed class JobStore : IDisposable
{
    private const string KitFile = "kit.zip", SamplesFile = "samples.jsonl", RecordFile = "record.json", UploadSuffix = ".upload";

    // Names it in errors: where it lies is the agent's business.
    public const string KitName = "the kit";

    private readonly AgentOptions _options;
    private readonly string _jobs;
    private readonly FileStream _lock;
    private readonly SemaphoreSlim _uploads = new(1);

    public JobStore(AgentOptions options)
    {
        _options = options;
        _jobs = Path.GetFullPath(Path.Combine(options.StateFolder, "jobs"));
        try
        {
            Directory.CreateDirectory(_jobs);
            _lock = new FileStream(
                Path.Combine(options.StateFolder, "agent.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            // What a killed agent was receiving.
            foreach (var file in Directory.GetFiles(_jobs, "*" + UploadSuffix))
                File.Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException(
                $"Cannot use the state folder '{options.StateFolder}': {Sentence.Of(error)} Another agent may be using it: "
                + "give each its own with --state.",
                error);
        }
    }

    public bool Has(string hash) => File.Exists(FileOf(hash, KitFile));

    public bool IsFinished(string hash) => File.Exists(RecordOf(hash));

    public string RecordOf(string hash) => FileOf(hash, RecordFile);

    public string SamplesOf(string hash) => FileOf(hash, SamplesFile);

    public string KitOf(string hash) => FileOf(hash, KitFile);

    /// <summary>The job of a kit that is whole.</summary>
    /// <exception cref="InputException">It was damaged on the disk; it is gone, so that the job can be sent again.</exception>
    public MeasurementJob Check(string hash)
    {
        var path = KitOf(hash);
        try
        {
            using var kit = MeasurementKit.Open(path, KitName);
            kit.CheckModels();
            return kit.Bundle.Job;
        }
        catch (InputException error)
        {
            File.Delete(path);
            throw new InputException(
                $"The agent's copy of the job was damaged and is removed: send the job again. ({error.Message})", error);
        }
    }

    public void Keep(string hash, MeasurementRecord record) => record.Write(RecordOf(hash));

    /// <summary>Forgets what was measured; the job stays.</summary>
    public void Forget(string hash)
    {
        if (!Directory.Exists(FolderOf(hash)))
            return;
        File.Delete(RecordOf(hash));
        File.Delete(SamplesOf(hash));
    }

    /// <summary>Takes a kit in: nothing of it counts before all of it was looked at.</summary>
    /// <exception cref="RefusedException">It is not the job of that hash, is damaged or too large,
    /// or there is no room.</exception>
    public async Task ReceiveAsync(string hash, Stream body, CancellationToken cancellation)
    {
        await _uploads.WaitAsync(cancellation).ConfigureAwait(false);
        var upload = Path.Combine(_jobs, hash + UploadSuffix);
        try
        {
            long bytes;
            await using (var file = new FileStream(upload, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await body.CopyToAsync(file, cancellation).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
                bytes = file.Length;
            }

            using (var kit = MeasurementKit.Open(upload, KitName))
            {
                if (kit.Bundle.Job.Hash != hash)
                {
                    throw new RefusedException(
                        StatusCodes.Status400BadRequest, "The kit holds another job than its address says.");
                }

                kit.CheckModels();
            }

            MakeRoom(bytes);
            Directory.CreateDirectory(FolderOf(hash));
            File.Move(upload, FileOf(hash, KitFile), overwrite: true);
            AtomicFile.FlushFolder(FolderOf(hash));
        }
        catch (IOException error) when (error is not BadHttpRequestException && !cancellation.IsCancellationRequested)
        {
            throw new RefusedException(
                StatusCodes.Status507InsufficientStorage,
                $"The agent cannot keep the job: {WithoutPlaces(error.Message)} Make room on "
                + "its disk, or start it with another --state.");
        }
        catch (InputException error)
        {
            throw new RefusedException(StatusCodes.Status400BadRequest, error.Message);
        }
        finally
        {
            File.Delete(upload);
            _uploads.Release();
        }
    }

    /// <summary>A message as those are told it who sent the job: where it lies is the agent's business.</summary>
    public string WithoutPlaces(string message) => message.Replace(_jobs, "jobs", StringComparison.Ordinal);

    public void Dispose()
    {
        _lock.Dispose();
        _uploads.Dispose();
    }

    private void MakeRoom(long bytes)
    {
        var jobs = new DirectoryInfo(_jobs).GetDirectories()
            .Select(folder => (
                Folder: folder,
                Bytes: folder.GetFiles().Sum(file => file.Length),
                Finished: File.Exists(Path.Combine(folder.FullName, RecordFile))))
            .OrderBy(job => job.Folder.LastWriteTimeUtc).ToList();
        while (jobs.Count >= _options.MaxJobs || jobs.Sum(job => job.Bytes) + bytes > _options.MaxStoredBytes)
        {
            var oldest = jobs.FindIndex(job => job.Finished);
            if (oldest < 0)
            {
                throw new RefusedException(
                    StatusCodes.Status507InsufficientStorage,
                    $"The agent keeps {jobs.Count} unfinished jobs and has no room for another. "
                    + "Finish them, remove some from its state folder, or start it with larger limits.");
            }

            jobs[oldest].Folder.Delete(recursive: true);
            jobs.RemoveAt(oldest);
        }
    }

    private string FolderOf(string hash) => Path.Combine(_jobs, hash);

    private string FileOf(string hash, string name) => Path.Combine(FolderOf(hash), name);
}
