using System.Net;
using System.Net.Sockets;
using System.Text;
using HwNas.Native.Tests.Support;

namespace HwNas.Native.Tests.Agents;

/// <summary>Both programs that hold an agent obey signals as all of the tool does.</summary>
public sealed class AgentSignalTests
{
    [Fact]
    public async Task A_slow_upload_is_cut_off_and_keeps_no_agent_from_ending()
    {
        using var folder = new TemporaryFolder();
        using var agent = AgentProcess.Start(folder.Path);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, agent.Port);
        var head = $"PUT /jobs/{new string('0', 64)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {AgentProcess.Secret}\r\n"
            + "HwNas-Protocol: 1\r\nContent-Length: 1000000\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var trickle = new Timer(_ => Trickle(client), null, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        var answer = new byte[64];
        var count = await client.GetStream().ReadAsync(answer, limit.Token);
        Assert.StartsWith("HTTP/1.1 408", Encoding.ASCII.GetString(answer, 0, count), StringComparison.Ordinal);

        using var another = new TcpClient();
        await another.ConnectAsync(IPAddress.Loopback, agent.Port);
        await another.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        var end = await Task.Run(agent.Interrupt).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, end.ExitCode);
    }

    [Theory]
    [InlineData("hwnas-agent.dll", "INT", "INT")]
    [InlineData("hwnas-agent.dll", "TERM", "INT")]
    [InlineData("hwnas-agent.dll", "HUP")]
    [InlineData("hwnas.dll", "HUP", "TERM")]
    public void An_agent_ends_in_order_at_every_signal(string program, params string[] signals)
    {
        using var folder = new TemporaryFolder();
        string[] verb = program == "hwnas.dll" ? ["agent"] : [];
        using var process = Tool.StartProgram(
            "dotnet", folder.Path, [Path.Combine(AppContext.BaseDirectory, program), .. verb, "--listen", "0"]);
        Assert.Contains("listens on", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        foreach (var signal in signals)
            Tool.Signal(process, signal);
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{process.ExitCode}: {error}");
        Assert.Contains("what was measured is kept", error, StringComparison.Ordinal);
    }

    private static void Trickle(TcpClient client)
    {
        try
        {
            client.GetStream().WriteByte(0);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // The agent has closed it.
        }
    }
}
