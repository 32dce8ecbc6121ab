using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using HwNas.Core.Devices.Measurement;
using HwNas.Remote.Browser;

namespace HwNas.Native.Tests.Remote.Browser;

/// <summary>Speaks to the server as the page does, or as nobody should.</summary>
internal sealed class PageClient : IDisposable
{
    private readonly HttpClient _http;

    public PageClient(Uri page, string? token = null)
    {
        _http = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, _, _, _) => true,
        }) { BaseAddress = new Uri(page.GetLeftPart(UriPartial.Authority)) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token ?? page.Fragment[1..]);
    }

    /// <summary>The lease that is sent; set by <see cref="Join"/>.</summary>
    public string Lease { get; set; } = "";

    /// <summary>A greeting that is accepted, as JSON to spoil.</summary>
    public static JsonObject Greeting(string id = "phone") => new()
    {
        ["id"] = id,
        ["name"] = "Phone",
        ["cpu_model"] = "",
        ["os"] = "Android 16",
        ["browser"] = "Chrome/156.0.0.0",
        ["cores"] = 8,
        ["ram_gib"] = 8,
        ["runtime_version"] = OnnxRuntimeWeb.VersionIn(OnnxRuntimeWeb.DefaultFolder) ?? OnnxRuntimeWeb.WantedVersion,
        ["threads"] = 1,
        ["isolated"] = true,
        ["clock_resolution_ns"] = 5000,
        ["min_sample_us"] = 5000,
        ["lease"] = "",
    };

    /// <summary>A pass that is accepted, as JSON to spoil.</summary>
    public static JsonObject Pass(MeasurementJob job, int number) => new()
    {
        ["number"] = number,
        ["warm_up_passes"] = 5,
        ["elapsed_ms"] = 100 * (number + 1),
        ["wall_ns"] = new JsonArray(
            [.. Enumerable.Range(0, job.Models.Length).Select(model => JsonValue.Create(10_000L + model + number))]),
    };

    public Task<(HttpStatusCode Status, JsonNode Answer)> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<HttpResponseMessage> Raw(HttpMethod method, string path) => _http.SendAsync(new HttpRequestMessage(method, path));

    public Task<(HttpStatusCode Status, JsonNode Answer)> Post(string path, JsonNode message) =>
        PostText(path, message.ToJsonString());

    public Task<(HttpStatusCode Status, JsonNode Answer)> PostText(string path, string message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(message)),
        };
        request.Headers.Add("X-HwNas-Lease", Lease);
        // Asks before it sends: the server hangs up on what is too large, and its answer would be lost.
        request.Headers.ExpectContinue = message.Length > 1 << 16;
        return Send(request);
    }

    /// <summary>Joins and keeps the lease.</summary>
    public async Task<JsonNode> Join(string id = "phone")
    {
        var (status, answer) = await Post("/api/join", Greeting(id));
        Assert.True(status == HttpStatusCode.OK, answer.ToJsonString());
        Lease = (string)answer["lease"]!;
        return answer;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, JsonNode Answer)> Send(HttpRequestMessage request)
    {
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
    }
}
