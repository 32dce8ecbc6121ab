using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using HwNas.Core;
using HwNas.Core.Files;

namespace HwNas.Remote.Agents;

/// <summary>
/// Requests to one agent. Nothing is waited for longer than a silence, nothing is read beyond a limit, the token goes to
/// no other address; what breaks on the way is a <see cref="ConnectionLostException"/>.
/// </summary>
internal sealed class AgentConnection : IDisposable
{
    // An upload is silent for long; so slow a network would be no use.
    private const double MinUploadBytesPerSecond = 20_000;

    private readonly HttpClient _http;
    private readonly TimeSpan _silence;
    private readonly TimeProvider _clock;

    public AgentConnection(string address, AgentToken token, TimeSpan silence, TimeProvider clock)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || uri is not { Scheme: "http" or "https", PathAndQuery: "/", UserInfo: "", Fragment: "" })
        {
            throw new InputException(
                $"--agent {address} is not the address of an agent: "
                + $"give one like http://192.168.1.20:{AgentOptions.DefaultPort}.");
        }

        (Name, _silence, _clock) = (uri.GetLeftPart(UriPartial.Authority), silence, clock);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = silence,
            MaxResponseHeadersLength = 16,
            Expect100ContinueTimeout = TimeSpan.FromSeconds(5),
        };
        _http = new HttpClient(handler) { BaseAddress = uri, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Add("Authorization", token.Header);
        _http.DefaultRequestHeaders.Add(AgentProtocol.VersionHeader, AgentProtocol.Version);
        _http.DefaultRequestHeaders.Add(AgentProtocol.ClientHeader, ClientName());
    }

    /// <summary>The address, for people.</summary>
    public string Name { get; }

    /// <summary>Sends a request and waits for the head of the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, StreamContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        // So that a refusal comes before the body has travelled.
        request.Headers.ExpectContinue = content is not null;
        var patience = _silence + TimeSpan.FromSeconds((content?.Headers.ContentLength ?? 0) / MinUploadBytesPerSecond);
        var response = await WithinAsync(
            patience,
            token => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token),
            cancellation).ConfigureAwait(false);
        var version = response.Headers.TryGetValues(AgentProtocol.VersionHeader, out var values)
            ? string.Join(',', values)
            : null;
        if (version == AgentProtocol.Version)
            return response;
        response.Dispose();
        throw new InputException(version is null
            ? $"What answers at {Name} is no hwnas agent. Check the address."
            : $"The agent at {Name} speaks version {AgentProtocol.Shown(version)} of the protocol, "
                + $"this tool speaks {AgentProtocol.Version}: install the same version of hwnas on both sides.");
    }

    /// <exception cref="InputException">The agent refuses.</exception>
    public async Task RequireWellAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created)
            return;
        var text = AgentProtocol.Shown(
            await ReadTextAsync(response, AgentProtocol.MaxLineBytes, cancellation).ConfigureAwait(false));
        throw new InputException(
            $"The agent at {Name} refuses ({(int)response.StatusCode}): {(text.Length > 0 ? text : response.StatusCode)}");
    }

    /// <summary>The whole body, where it keeps the limit.</summary>
    /// <exception cref="InputException">It is longer.</exception>
    public async Task<string> ReadTextAsync(HttpResponseMessage response, long maxBytes, CancellationToken cancellation)
    {
        using var body = await OpenAsync(response, cancellation).ConfigureAwait(false);
        using var bytes = new MemoryStream();
        var buffer = new byte[32 << 10];
        while (await WithinAsync(
            _silence, token => body.ReadAsync(buffer, token).AsTask(), cancellation).ConfigureAwait(false) is > 0 and var count)
        {
            if (bytes.Length + count > maxBytes)
            {
                throw new InputException(
                    $"The agent at {Name} answers with more than {maxBytes} bytes: it is no hwnas agent, or of another version.");
            }

            bytes.Write(buffer, 0, count);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>The lines of a progress stream, as they come.</summary>
    /// <exception cref="InputException">A line is too long or says nothing that an agent says.</exception>
    public async IAsyncEnumerable<AgentEvent> ReadEventsAsync(
        HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var body = await OpenAsync(response, cancellation).ConfigureAwait(false);
        var buffer = new byte[AgentProtocol.MaxLineBytes];
        var used = 0;
        while (true)
        {
            for (var end = buffer.AsSpan(0, used).IndexOf((byte)'\n'); end >= 0; end = buffer.AsSpan(0, used).IndexOf((byte)'\n'))
            {
                var line = ParseEvent(buffer.AsSpan(0, end));
                used -= end + 1;
                buffer.AsSpan(end + 1, used).CopyTo(buffer);
                yield return line;
            }

            if (used == buffer.Length)
                throw Rubbish();
            var count = await WithinAsync(
                _silence, token => body.ReadAsync(buffer.AsMemory(used), token).AsTask(), cancellation).ConfigureAwait(false);
            if (count == 0)
                yield break;
            used += count;
        }
    }

    public void Dispose() => _http.Dispose();

    private AgentEvent ParseEvent(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<AgentEvent>(line, StrictJson.LineOptions) is { } read && read.IsPlausible()
                ? read
                : throw Rubbish();
        }
        catch (JsonException)
        {
            throw Rubbish();
        }
    }

    private InputException Rubbish() =>
        new($"The agent at {Name} reports progress that cannot be understood: it is no hwnas agent, or of another version.");

    private Task<Stream> OpenAsync(HttpResponseMessage response, CancellationToken cancellation) =>
        WithinAsync(_silence, response.Content.ReadAsStreamAsync, cancellation);

    private async Task<T> WithinAsync<T>(TimeSpan patience, Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        using var silence = new CancellationTokenSource(patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, silence.Token);
        try
        {
            return await work(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error) when (!cancellation.IsCancellationRequested)
        {
            throw new ConnectionLostException($"it said nothing for {patience.TotalSeconds:F0} s.", error);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw new ConnectionLostException($"{(error.InnerException ?? error).Message.TrimEnd('.')}.", error);
        }
    }

    private static string ClientName()
    {
        var name = $"{Environment.UserName}@{Environment.MachineName}";
        return new string([.. name.Take(AgentProtocol.MaxClientName)
            .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '@' or '.' or '-' or '_' ? letter : '_')]);
    }
}

/// <summary>An agent could not be reached, went away or fell silent: trying again may help.</summary>
internal sealed class ConnectionLostException(string message, Exception? inner = null) : Exception(message, inner);
