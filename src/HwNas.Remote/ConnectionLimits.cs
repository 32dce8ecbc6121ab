using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace HwNas.Remote;

/// <summary>
/// What keeps those who only hold connections open from locking others out: a connection that asks for nothing ends
/// within seconds, and no address holds more than its share of them.
/// </summary>
internal sealed class ConnectionLimits
{
    /// <summary>How long a connection may ask for nothing, and how long the end of a server waits for it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _open = [];
    private readonly int _perAddress;

    private ConnectionLimits(int perAddress) => _perAddress = perAddress;

    /// <summary>Limits a server as a whole.</summary>
    public static void Set(KestrelServerLimits limits, int connections)
    {
        limits.MaxConcurrentConnections = connections;
        limits.KeepAliveTimeout = limits.RequestHeadersTimeout = Patience;
    }

    /// <summary>Limits the connections of one address; before encryption, so that whoever never greets counts too.</summary>
    public static void Share(ListenOptions listen, int perAddress)
    {
        var shares = new ConnectionLimits(perAddress);
        listen.Use(next => connection => shares.AcceptAsync(connection, next));
    }

    private async Task AcceptAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(address);
            if (open == _perAddress)
            {
                connection.Abort();
                return;
            }

            _open[address] = open + 1;
        }

        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
            {
                if (--_open[address] == 0)
                    _open.Remove(address);
            }
        }
    }
}
