namespace HwNas.Supernet.Data;

/// <summary>How pictures are read; other data sets need no choice.</summary>
public sealed record DataReading
{
    /// <summary>Damaged pictures that are left out, at most; more are an error. Default: 1 % of all.</summary>
    public int? MostDamaged { get; init; }

    /// <summary>Takes what is worth knowing: what was left out, how unequal classes are, what is written where.</summary>
    public Action<string> Notice { get; init; } = _ => { };

    /// <summary>Where decoded pictures are kept that memory does not hold. Default: the user's cache.</summary>
    public string CacheFolder { get; init; } = DecodedPictures.DefaultCache;

    /// <summary>So many bytes of decoded pictures stay in memory. Default: 2 GiB, and at most a quarter of what this
    /// process may use.</summary>
    internal long MostKeptBytes { get; init; } = Math.Min(2L << 30, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
}
