namespace HwNas.Core.Search;

/// <summary>Where a search stands, reported after every batch.</summary>
/// <param name="Evaluations">Distinct genomes evaluated so far, those of the journal included.</param>
/// <param name="TotalEvaluations">How many there will be.</param>
/// <param name="FrontSize">Members of the front.</param>
/// <param name="Hypervolume">Hypervolume of the front; null with four or more objectives and a large front, where it would cost more than the search.</param>
/// <param name="Elapsed">Time since the start of this process's search.</param>
/// <param name="Remaining">Estimate of the time left; null before the first evaluation of this process.</param>
public sealed record SearchProgress(
    int Evaluations, int TotalEvaluations, int FrontSize, double? Hypervolume, TimeSpan Elapsed, TimeSpan? Remaining);
