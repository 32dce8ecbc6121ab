using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using HwNas.Native.Tests.Kits;
using HwNas.Native.Tests.Support;
using HwNas.Onnx.Foreign;
using HwNas.Remote.Agents;

namespace HwNas.Native.Tests.Agents;

/// <summary>What an agent answers to requests that it must not fulfil. Its server is the real one, on a real socket.</summary>
public sealed class AgentRequestTests : IAsyncLifetime, IDisposable
{
    private static readonly string Hash = SomeKit.Bundle.Job.Hash;

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly List<Exception> _faults = [];
    private AgentServer _server = null!;

    public async Task InitializeAsync()
    {
        var options = new AgentOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Token = AgentProcess.Token,
            Models = new ForeignModels(["dotnet", Tool.Dll]),
            StateFolder = _folder.File("state"),
            DeviceId = "edge",
            MaxJobBytes = 2 << 20,
            MaxStoredBytes = 4 << 20,
            MaxJobs = 2,
        };
        _server = await AgentServer.StartAsync(options, _faults.Add, TimeProvider.System, CancellationToken.None);
        _http.BaseAddress = _server.Address;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Assert.Empty(_faults);
    }

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    public static TheoryData<string, string> Endpoints => new()
    {
        { "GET", "info" }, { "GET", "jobs/x" }, { "PUT", "jobs/x" }, { "POST", "jobs/x/run" }, { "GET", "jobs/x/record" },
        { "DELETE", "jobs/x/record" }, { "GET", "nowhere" },
    };

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Without_the_token_nothing_is_answered(string method, string path)
    {
        path = path.Replace("x", Hash, StringComparison.Ordinal);
        string?[] tokens =
        [
            null, "", "Bearer", "Bearer " + AgentProcess.Secret[..^1], "Bearer " + AgentProcess.Secret + "x",
            "Basic " + AgentProcess.Secret, AgentProcess.Secret, "bearer " + AgentProcess.Secret,
        ];
        foreach (var token in tokens)
        {
            var (status, text) = await Send(new HttpMethod(method), path, method == "PUT" ? [1, 2, 3] : null, token);
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.DoesNotContain(AgentProcess.Secret, text, StringComparison.Ordinal);
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("state/jobs")));
    }

    [Fact]
    public async Task Another_version_of_the_protocol_is_refused_with_what_to_do()
    {
        var (status, text) = await Send(HttpMethod.Get, "info", version: "7");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("install the same version of hwnas on both sides", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("jobs/..%2f..%2fetc")]
    [InlineData("jobs/0123")]
    [InlineData("jobs/ABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD")]
    [InlineData("jobs/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e")]
    public async Task Only_a_hash_names_a_job(string path)
    {
        var (status, _) = await Send(HttpMethod.Put, path, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("state/jobs")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_job_that_is_too_large_is_refused_whether_or_not_it_says_so(bool chunked)
    {
        var (status, text) = await Send(HttpMethod.Put, $"jobs/{Hash}", new byte[3 << 20], chunked: chunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("--max-job-mib", text, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("state/jobs")));
    }

    [Fact]
    public async Task A_truncated_escaping_or_foreign_kit_is_refused_and_leaves_nothing()
    {
        var path = SomeKit.Write(_folder);
        var whole = await File.ReadAllBytesAsync(path);
        await Refused(whole[..^100], Hash, "was cut off");
        await Refused([], Hash, "no zip file");
        await Refused(whole, new string('0', 64), "another job than its address says");
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
            archive.CreateEntry("../../escaped");
        await Refused(await File.ReadAllBytesAsync(path), Hash, "belongs to no kit");
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("state/jobs")));

        async Task Refused(byte[] kit, string hash, string message)
        {
            var (status, text) = await Send(HttpMethod.Put, $"jobs/{hash}", kit);
            Assert.Equal((HttpStatusCode.BadRequest, true), (status, text.Contains(message, StringComparison.Ordinal)));
            Assert.DoesNotContain(_folder.Path, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_job_that_the_agent_does_not_have_is_not_found()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await Send(HttpMethod.Get, $"jobs/{Hash}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Send(HttpMethod.Post, $"jobs/{Hash}/run")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Send(HttpMethod.Get, $"jobs/{Hash}/record")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Delete, $"jobs/{Hash}/record")).Status);
    }

    [Fact]
    public async Task Unfinished_jobs_are_never_removed_for_new_ones_finished_ones_are()
    {
        var kit = await File.ReadAllBytesAsync(SomeKit.Write(_folder));
        foreach (var name in new[] { "one", "two" })
            Directory.CreateDirectory(_folder.File($"state/jobs/{name}"));
        var (status, text) = await Send(HttpMethod.Put, $"jobs/{Hash}", kit);
        Assert.Equal(HttpStatusCode.InsufficientStorage, status);
        Assert.Contains("2 unfinished jobs", text, StringComparison.Ordinal);

        await File.WriteAllTextAsync(_folder.File("state/jobs/two/record.json"), "");
        Assert.Equal(HttpStatusCode.Created, (await Send(HttpMethod.Put, $"jobs/{Hash}", kit)).Status);
        Assert.True(Directory.Exists(_folder.File("state/jobs/one")));
        Assert.False(Directory.Exists(_folder.File("state/jobs/two")));
    }

    [Fact]
    public async Task Silent_connections_lock_nobody_out_and_end_within_seconds()
    {
        using var silent = await SilentConnections.OpenAsync(_server.Address.Port, 300);
        Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Get, "info")).Status);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await silent.UntilClosed(limit.Token);
    }

    [Fact]
    public async Task Requests_that_were_mutated_at_random_do_the_agent_no_harm()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var head = $"Host: x\r\nAuthorization: Bearer {AgentProcess.Secret}\r\nHwNas-Protocol: 1\r\nHwNas-Client: me\r\n";
        var kit = await File.ReadAllBytesAsync(SomeKit.Write(_folder));
        byte[][] requests =
        [
            Encoding.ASCII.GetBytes($"GET /info HTTP/1.1\r\n{head}\r\n"),
            Encoding.ASCII.GetBytes($"POST /jobs/{Hash}/run HTTP/1.1\r\n{head}Content-Length: 0\r\n\r\n"),
            Encoding.ASCII.GetBytes($"DELETE /jobs/{Hash}/record HTTP/1.1\r\n{head}\r\n"),
            [.. Encoding.ASCII.GetBytes($"PUT /jobs/{Hash} HTTP/1.1\r\n{head}Content-Length: {kit.Length}\r\n\r\n"), .. kit],
        ];
        for (var round = 0; round < 200; round++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _server.Address.Port);
            var stream = client.GetStream();
            try
            {
                await stream.WriteAsync(Mutation.Of(requests[random.Next(requests.Length)], random));
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null);
            }
            catch (Exception error) when (error is IOException or SocketException)
            {
                // The agent closed the connection before it had read all.
            }
        }

        Assert.Equal(HttpStatusCode.OK, (await Send(HttpMethod.Get, "info")).Status);
        var stored = Directory.GetDirectories(_folder.File("state/jobs")).Select(Path.GetFileName);
        Assert.All(stored, name => Assert.Equal(Hash, name));
    }

    private async Task<(HttpStatusCode Status, string Text)> Send(
        HttpMethod method, string path, byte[]? body = null, string? token = "Bearer " + AgentProcess.Secret,
        string version = "1", bool chunked = false)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", token);
        request.Headers.Add("HwNas-Protocol", version);
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = body is not null;
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
