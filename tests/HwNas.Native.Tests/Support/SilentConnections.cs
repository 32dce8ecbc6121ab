using System.Net;
using System.Net.Sockets;

namespace HwNas.Native.Tests.Support;

/// <summary>Connections of another machine, played by another loopback address, that never ask for anything.</summary>
internal sealed class SilentConnections : IDisposable
{
    private readonly List<TcpClient> _clients = [];

    public static async Task<SilentConnections> OpenAsync(int port, int count)
    {
        var silent = new SilentConnections();
        for (var i = 0; i < count; i++)
        {
            var client = new TcpClient(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0));
            silent._clients.Add(client);
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port);
            }
            catch (SocketException)
            {
                // Reset at once: more than its share.
            }
        }

        return silent;
    }

    /// <summary>Waits until the other side has closed all of them.</summary>
    public async Task UntilClosed(CancellationToken limit)
    {
        foreach (var client in _clients)
        {
            try
            {
                while (await client.GetStream().ReadAsync(new byte[64], limit) > 0)
                {
                }
            }
            catch (Exception error) when (error is IOException or InvalidOperationException)
            {
                // Reset rather than closed, now or at once.
            }
        }
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());
}
