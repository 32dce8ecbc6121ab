namespace HwNas.Tests.RealData;

/// <summary>A fact about published data; skipped, saying so, where the data is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (SharedData.Folder is null)
            Skip = "The folder ../shared/data with the published data is absent.";
    }
}
