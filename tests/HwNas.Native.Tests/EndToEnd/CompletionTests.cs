using System.Diagnostics;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.EndToEnd;

/// <summary>What a shell completes, as its user types it.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("hwnas quick", "quickstart")]
    [InlineData("hwnas search --strategy local-", "local-search")]
    [InlineData("hwnas train --recipe alp", "alphanet")]
    [InlineData("hwnas profile check p.json --space ofa-mob", "ofa-mobilenetv3")]
    [InlineData("hwnas export --sub", "--subnet")]
    public void Bash_completes(string typed, string completed)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("completion"), Tool.RunWell(folder.Path, "completion", "bash").Output);
        using var bash = Process.Start(new ProcessStartInfo("bash")
        {
            ArgumentList =
            {
                "-c",
                $"hwnas() {{ dotnet '{Tool.Dll}' \"$@\"; }}; source completion; COMP_LINE='{typed}'; "
                    + "COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); "
                    + "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _hwnas; printf '%s\\n' \"${COMPREPLY[@]}\"",
            },
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
        })!;
        Assert.Equal(completed, bash.StandardOutput.ReadToEnd().Split('\n')[0]);
        bash.WaitForExit();
    }
}
