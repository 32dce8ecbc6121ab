using HwNas.Native.Tests.Support;
using HwNas.Remote.Agents;

namespace HwNas.Native.Tests.Agents;

/// <summary>The program that is copied to an edge box: published with its own .NET, without libtorch, it answers.</summary>
public sealed class PublishedAgentTests
{
    [Fact]
    public async Task The_self_contained_agent_has_no_libtorch_and_answers()
    {
        using var folder = new TemporaryFolder();
        var program = folder.File("agent");
        // The tests run from what it takes in, which is therefore not built again.
        var publish = Tool.RunProgram(
            "dotnet", folder.Path, "publish",
            Path.Combine(Repository.Root, "src", "HwNas.Agent"),
            "-c", "Release", "-r", "linux-x64", "--self-contained",
            "-o", program,
            "-p:BuildProjectReferences=false", "-p:RunAnalyzers=false",
            "-nodeReuse:false", "-p:UseSharedCompilation=false", "-v", "q", "--nologo");
        Assert.True(publish.ExitCode == 0, publish.ToString());

        var files = Directory.GetFiles(program, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ToList();
        Assert.Contains("libcoreclr.so", files);
        Assert.Contains("libonnxruntime.so", files);
        Assert.DoesNotContain(files, file => file!.Contains("torch", StringComparison.OrdinalIgnoreCase)
            || file.Contains("HwNas.Supernet", StringComparison.Ordinal));

        File.WriteAllText(folder.File("token"), AgentProcess.Secret);
        using var process = Tool.StartProgram(
            Path.Combine(program, "hwnas-agent"), folder.Path, "--listen", "0", "--token-file", "token", "--device", "published");
        try
        {
            var address = process.StandardOutput.ReadLine()!.Split(' ')[^1];
            using var client = new AgentClient(address, AgentProcess.Token, new AgentPatience(), TimeProvider.System);
            Assert.Equal("published", (await client.InfoAsync(CancellationToken.None)).Device.Id);
        }
        finally
        {
            process.Kill();
            process.WaitForExit();
        }
    }
}
