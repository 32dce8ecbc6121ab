using HwNas.Core;

namespace HwNas.Supernet.Data;

/// <summary>Pictures that cannot be read: named, and left out up to a limit.</summary>
/// <param name="pictures">Pictures in all.</param>
/// <param name="reading">The limit, and who is told.</param>
internal sealed class DamagedPictures(int pictures, DataReading reading)
{
    private const int MostNamed = 5, SharePerDefault = 100;

    private readonly int _most = reading.MostDamaged ?? pictures / SharePerDefault;
    private readonly List<string> _problems = [];

    /// <summary>Does something with each picture, beside each other.</summary>
    /// <returns>Of each whether it could be done.</returns>
    /// <exception cref="InputException">It could not be done with more than may be left out.</exception>
    public bool[] Try(int count, Action<int> act, CancellationToken cancellation)
    {
        var problems = new InputException?[count];
        Parallel.For(0, count, new ParallelOptions { CancellationToken = cancellation }, i =>
        {
            try
            {
                act(i);
            }
            catch (InputException error)
            {
                problems[i] = error;
            }
        });
        Add(problems.OfType<InputException>().Select(problem => problem.Message));
        return [.. problems.Select(problem => problem is null)];
    }

    /// <summary>Counts problems, in the order of pictures.</summary>
    /// <exception cref="InputException">There are more than may be left out.</exception>
    public void Add(IEnumerable<string> problems)
    {
        _problems.AddRange(problems);
        if (_problems.Count > _most)
        {
            throw new InputException(
                $"{Named()}\n  Of {Plural.Of(pictures, "picture")} at most {_most} may be damaged; "
                + $"--skip-damaged {_problems.Count} leaves that many out.");
        }
    }

    /// <summary>Says what was left out.</summary>
    public void Report()
    {
        if (_problems.Count == 0)
            return;
        reading.Notice(
            $"{_problems.Count} of {Plural.Of(pictures, "picture")} "
            + $"{(_problems.Count == 1 ? "is" : "are")} left out, at most {_most} may be (--skip-damaged):\n  {Named()}");
    }

    private string Named() =>
        string.Join("\n  ", _problems.Take(MostNamed).Select(VisibleText.OneLine))
        + (_problems.Count > MostNamed ? $"\n  and {_problems.Count - MostNamed} more" : "");
}
