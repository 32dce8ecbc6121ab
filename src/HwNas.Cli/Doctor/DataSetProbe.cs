using System.Globalization;
using HwNas.Core;
using HwNas.Supernet.Data;

namespace HwNas.Cli.Doctor;

/// <summary>Opens a data set as every verb does.</summary>
internal static class DataSetProbe
{
    public static Finding Check(string spec)
    {
        var name = spec == DataSets.DefaultSpec ? DataSets.DefaultName : spec;
        var finding = new Finding(FindingKind.DataSet, name, "training and evaluation", IsRequired: true);
        try
        {
            var data = DataSets.Open(spec);
            return finding with
            {
                Name = data.Name,
                IsFound = true,
                Details = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{data.Training.Count:N0} + {data.Validation.Count:N0} + {data.Test.Count:N0} images of "
                    + $"{data.Training.Shape}, ")
                    + $"{data.Classes.Length} classes, in {data.Spec}",
            };
        }
        catch (HwNasException error)
        {
            var remedy = $"{DataSets.DefaultRemedy}, or name other images with --data";
            return finding with { Problem = error.Message.TrimEnd('.'), Remedy = remedy };
        }
    }
}
