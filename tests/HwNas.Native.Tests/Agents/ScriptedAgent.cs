using System.Net;
using System.Net.Sockets;
using System.Text;

namespace HwNas.Native.Tests.Agents;

/// <summary>An agent that does what a test says: a real socket that answers each request with given bytes.</summary>
internal sealed class ScriptedAgent : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, Answer> _script;
    private readonly Task _accepting;

    /// <param name="script">The answer to a request, which is given as <c>GET /info</c>.</param>
    public ScriptedAgent(Func<string, Answer> script)
    {
        _script = script;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Bytes to send, and whether to fall silent behind them instead of closing the connection.</summary>
    internal readonly record struct Answer(byte[] Bytes, bool Silent = false)
    {
        public static Answer Of(string body, int status = 200, string version = "HwNas-Protocol: 1\r\n", int? length = null) =>
            new(Encoding.UTF8.GetBytes(
                $"HTTP/1.1 {status} X\r\n{version}Content-Length: {length ?? Encoding.UTF8.GetByteCount(body)}\r\n"
                + $"Connection: close\r\n\r\n{body}"));

        public Answer ThenSilence() => this with { Silent = true };
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception error) when (_stop.IsCancellationRequested
            && error is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The listener may be stopped between two connections.
            await Task.WhenAll(connections);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var buffer = new byte[16 << 10];
                var head = "";
                while (!head.Contains("\r\n\r\n", StringComparison.Ordinal))
                {
                    var count = await stream.ReadAsync(buffer, _stop.Token);
                    if (count == 0)
                        return;
                    head += Encoding.ASCII.GetString(buffer, 0, count);
                }

                var words = head.Split(' ');
                var answer = _script($"{words[0]} {words[1]}");
                await stream.WriteAsync(answer.Bytes, _stop.Token);
                if (answer.Silent)
                    await Task.Delay(Timeout.Infinite, _stop.Token);
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
                // The client or the test has had enough.
            }
        }
    }
}
