using System.Globalization;
using System.Text;
using System.Text.Json;
using HwNas.Core;
using HwNas.Core.Devices.Measurement;
using HwNas.Core.Files;
using HwNas.Onnx.Profiling;
using Microsoft.AspNetCore.Http;

namespace HwNas.Remote.Browser;

/// <summary>Answers requests: files for everybody, everything under <c>/api/</c> for those who know the token.</summary>
internal sealed class BrowserRequests(
    JobBundle bundle, PageFiles files, SessionToken token, BrowserSessions sessions, IProgress<BrowserNews>? news)
{
    /// <summary>The header that carries a lease.</summary>
    public const string LeaseHeader = "X-HwNas-Lease";

    private const string Models = "/api/models/", Json = "application/json";

    private readonly byte[] _job = Encoding.UTF8.GetBytes(StrictJson.Serialize(bundle.Job));

    /// <summary>No message is longer than a pass of all models.</summary>
    public static long MaxBodyBytes(MeasurementJob job) => (64 << 10) + (16L * job.Models.Length);

    /// <summary>Answers one request.</summary>
    public async Task Answer(HttpContext context)
    {
        SecurityHeaders.Set(context.Response.Headers);
        try
        {
            var (bytes, type) = await Find(context.Request).ConfigureAwait(false);
            await Write(context.Response, StatusCodes.Status200OK, bytes, type).ConfigureAwait(false);
        }
        catch (RefusedException error)
        {
            await Refuse(context, error.Status, error.Message).ConfigureAwait(false);
        }
        catch (BadHttpRequestException error)
        {
            await Refuse(context, error.StatusCode, error.Message).ConfigureAwait(false);
        }
        catch (InputException error)
        {
            await Refuse(context, StatusCodes.Status400BadRequest, error.Message).ConfigureAwait(false);
        }
    }

    private async Task<(byte[] Bytes, string Type)> Find(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        if (!path.StartsWith("/api/", StringComparison.Ordinal))
        {
            return HttpMethods.IsGet(request.Method) && files.Find(path) is { } file
                ? file
                : throw new RefusedException(StatusCodes.Status404NotFound, $"There is no '{VisibleText.OneLine(path)}' here.");
        }

        if (!token.IsIn(request.Headers.Authorization))
        {
            throw new RefusedException(
                StatusCodes.Status401Unauthorized,
                "The token of this session is missing or wrong. Open the whole address that 'hwnas profile --browser' printed.");
        }

        var lease = request.Headers[LeaseHeader].ToString();
        return (request.Method, path) switch
        {
            ("GET", "/api/job") => (_job, Json),
            ("GET", _) when path.StartsWith(Models, StringComparison.Ordinal) =>
                (Model(path[Models.Length..]), "application/octet-stream"),
            ("POST", "/api/join") => Of(sessions.Join(BrowserHello.Parse(await Body(request).ConfigureAwait(false)))),
            ("POST", "/api/stage") => Of(sessions.Tell(lease, BrowserStage.Parse(await Body(request).ConfigureAwait(false)))),
            ("POST", "/api/pass") => Of(sessions.Add(lease, BrowserPass.Parse(await Body(request).ConfigureAwait(false)))),
            _ => throw new RefusedException(
                StatusCodes.Status404NotFound, $"There is no {request.Method} '{VisibleText.OneLine(path)}' here."),
        };
    }

    private byte[] Model(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < bundle.Job.Models.Length
            ? bundle.Model(index)
            : throw new RefusedException(
                StatusCodes.Status404NotFound,
                $"There is no model '{VisibleText.OneLine(number)}': the job has {bundle.Job.Models.Length}.");

    // Kestrel ends the reading of a body that is too long.
    private static async Task<string> Body(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body, Encoding.UTF8);
        return await reader.ReadToEndAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
    }

    private static (byte[] Bytes, string Type) Of(BrowserState state) =>
        (JsonSerializer.SerializeToUtf8Bytes(state, StrictJson.LineOptions), Json);

    private async Task Refuse(HttpContext context, int status, string reason)
    {
        news?.Report(new BrowserNews.Refused(context.Connection.RemoteIpAddress?.ToString() ?? "unknown", reason));
        var body = JsonSerializer.SerializeToUtf8Bytes(new { Error = reason }, StrictJson.LineOptions);
        await Write(context.Response, status, body, Json).ConfigureAwait(false);
    }

    private static async Task Write(HttpResponse response, int status, byte[] bytes, string type)
    {
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes).ConfigureAwait(false);
    }
}
