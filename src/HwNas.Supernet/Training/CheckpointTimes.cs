namespace HwNas.Supernet.Training;

/// <summary>
/// When a training saves: after so many steps, and after so many minutes as long as writing takes at most a fiftieth of the time.
/// </summary>
internal sealed class CheckpointTimes(TrainingOptions options, TimeProvider time)
{
    private const int LeastTimesOfWriting = 50;

    private long _saved = time.GetTimestamp();
    private TimeSpan _writing;

    /// <summary>Whether to save after so many steps, now.</summary>
    public bool IsDue(int done) => done == options.Steps || done % options.CheckpointSteps == 0 || IsTime;

    private bool IsTime =>
        options.CheckpointMinutes > 0
        && time.GetElapsedTime(_saved) is var since
        && since >= TimeSpan.FromMinutes(options.CheckpointMinutes)
        && since >= LeastTimesOfWriting * _writing;

    /// <summary>Saves, and remembers when and how long it took.</summary>
    public void Save(Action write)
    {
        var started = time.GetTimestamp();
        write();
        _saved = time.GetTimestamp();
        _writing = time.GetElapsedTime(started, _saved);
    }
}
