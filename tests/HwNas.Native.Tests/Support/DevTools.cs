using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace HwNas.Native.Tests.Support;

/// <summary>The DevTools protocol over one web socket, with a session for each page or worker.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _waiting = new();
    private readonly ConcurrentDictionary<string, string> _preludes = new();
    private readonly CancellationTokenSource _ended = new();
    private Task _reading = Task.CompletedTask;
    private int _lastId;

    public static async Task<DevTools> Connect(Uri endpoint)
    {
        var tools = new DevTools();
        await tools._socket.ConnectAsync(endpoint, CancellationToken.None);
        tools._reading = tools.Read();
        return tools;
    }

    /// <summary>Calls a method; answers its result.</summary>
    public async Task<JsonNode> Call(string method, JsonObject arguments, string? session = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _waiting[id] = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = arguments };
        if (session is not null)
            message["sessionId"] = session;
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(
                Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, _ended.Token);
        }
        finally
        {
            _sending.Release();
        }

        var result = await answer.Task.WaitAsync(TimeSpan.FromMinutes(2));
        return result["result"] ?? throw new InvalidOperationException($"{method}: {result.ToJsonString()}");
    }

    /// <summary>Runs a script in every worker that a page starts, before the worker's own.</summary>
    public void OnAttached(string pageSession, string script) => _preludes[pageSession] = script;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
        _ended.Dispose();
    }

    private async Task Read()
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (true)
            {
                using var text = new MemoryStream();
                WebSocketReceiveResult part;
                do
                {
                    part = await _socket.ReceiveAsync(buffer, _ended.Token);
                    text.Write(buffer, 0, part.Count);
                }
                while (!part.EndOfMessage);
                if (part.MessageType == WebSocketMessageType.Close)
                    return;
                Take(JsonNode.Parse(text.ToArray())!);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or WebSocketException)
        {
            foreach (var waiting in _waiting.Values)
                waiting.TrySetException(new InvalidOperationException("Chromium has ended.", error));
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is { } id)
        {
            if (_waiting.TryRemove((int)id, out var waiting))
                waiting.TrySetResult(message);
        }
        else if ((string?)message["method"] == "Target.attachedToTarget"
            && message["sessionId"] is { } page
            && _preludes.TryGetValue((string)page!, out var script))
        {
            _ = RunPrelude((string)message["params"]!["sessionId"]!, script);
        }
    }

    private async Task RunPrelude(string worker, string script)
    {
        await Call("Runtime.evaluate", new JsonObject { ["expression"] = script }, worker);
        await Call("Runtime.runIfWaitingForDebugger", [], worker);
    }
}
