using System.Buffers;
using System.Text.Json;
using HwNas.Core.Devices;
using HwNas.Core.Files;
using HwNas.Onnx.Runtime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace HwNas.Remote.Agents;

/// <summary>Answers each request of <see cref="AgentProtocol"/>.</summary>
internal sealed class AgentEndpoints(
    AgentOptions options, DeviceDescription device, JobStore store, MeasuringDesk desk, Action<Exception> fault,
    TimeProvider clock)
{
    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@.-_");

    public void Map(WebApplication web)
    {
        web.Use(GuardAsync);
        web.MapGet("/info", (RequestDelegate)InfoAsync);
        web.MapGet("/jobs/{hash}", (RequestDelegate)HasAsync);
        web.MapPut("/jobs/{hash}", (RequestDelegate)TakeAsync);
        web.MapPost("/jobs/{hash}/run", (RequestDelegate)RunAsync);
        web.MapGet("/jobs/{hash}/record", (RequestDelegate)RecordAsync);
        web.MapDelete("/jobs/{hash}/record", (RequestDelegate)ForgetAsync);
    }

    // Before all else the token, then the version; what goes wrong behind becomes an answer that says so.
    private async Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers[AgentProtocol.VersionHeader] = AgentProtocol.Version;
        try
        {
            if (!options.Token.IsIn(context.Request.Headers.Authorization))
            {
                throw new RefusedException(
                    StatusCodes.Status401Unauthorized, "The token is missing or wrong. The agent printed it when it started.");
            }

            if (context.Request.Headers[AgentProtocol.VersionHeader] != AgentProtocol.Version)
            {
                throw new RefusedException(
                    StatusCodes.Status400BadRequest,
                    $"This agent speaks version {AgentProtocol.Version} of the protocol: "
                    + "install the same version of hwnas on both sides.");
            }

            await next(context).ConfigureAwait(false);
        }
        catch (RefusedException refusal) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, refusal.Status, refusal.Message).ConfigureAwait(false);
        }
        catch (BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, error.StatusCode, error.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? $"The job has more than the {options.MaxJobBytes} bytes that this agent takes. "
                    + "Start it with a larger --max-job-mib, or choose a smaller space."
                : error.Message).ConfigureAwait(false);
        }
        catch (Exception error)
            when (error is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone; what is measured goes on.
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            fault(error);
            await RefuseAsync(
                context, StatusCodes.Status500InternalServerError,
                "internal error of the agent; its own messages say more").ConfigureAwait(false);
        }
    }

    private Task InfoAsync(HttpContext context)
    {
        var info = new AgentInfo
        {
            ToolVersion = ToolVersion.Text,
            Device = device,
            RuntimeVersion = OnnxEnvironment.Version,
            BusyWith = desk.BusyWith,
        };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(StrictJson.Serialize(info), context.RequestAborted);
    }

    private Task HasAsync(HttpContext context)
    {
        context.Response.StatusCode = store.Has(HashOf(context)) ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    // Unpacking and hashing would disturb what is being measured.
    private async Task TakeAsync(HttpContext context)
    {
        var hash = HashOf(context);
        desk.RequireFreeFor(hash);
        if (!store.Has(hash))
            await store.ReceiveAsync(hash, context.Request.Body, context.RequestAborted).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status201Created;
    }

    private async Task RunAsync(HttpContext context)
    {
        var hash = HashOf(context);
        if (!store.Has(hash))
        {
            throw new RefusedException(
                StatusCodes.Status404NotFound, "The agent does not have this job (any more). Send it again.");
        }

        var measurement = await desk.JoinAsync(hash, ClientOf(context), context.RequestAborted).ConfigureAwait(false);
        context.Response.ContentType = "application/x-ndjson";
        AgentEvent latest;
        do
        {
            await Task.WhenAny(
                measurement.End, Task.Delay(AgentProtocol.EventEvery, clock, context.RequestAborted)).ConfigureAwait(false);
            desk.Renew(measurement);
            latest = measurement.Latest;
            latest = latest with { Error = AgentProtocol.Shown(latest.Error) };
            await context.Response.WriteAsync(
                JsonSerializer.Serialize(latest, StrictJson.LineOptions) + "\n", context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
        while (latest.State == AgentState.Running);
    }

    private async Task RecordAsync(HttpContext context)
    {
        var hash = HashOf(context);
        if (!store.IsFinished(hash))
            throw new RefusedException(StatusCodes.Status404NotFound, "The job is not measured yet.");
        context.Response.ContentType = "application/json";
        await context.Response.SendFileAsync(store.RecordOf(hash), context.RequestAborted).ConfigureAwait(false);
    }

    // What is being measured at this moment is as fresh as can be.
    private Task ForgetAsync(HttpContext context)
    {
        var hash = HashOf(context);
        if (desk.Current?.Hash != hash)
            store.Forget(hash);
        return Task.CompletedTask;
    }

    private static string HashOf(HttpContext context) =>
        context.GetRouteValue("hash") is string text && AgentProtocol.IsHash(text)
            ? text
            : throw new RefusedException(StatusCodes.Status400BadRequest, "The address holds no hash of a job.");

    private static string ClientOf(HttpContext context)
    {
        var name = context.Request.Headers[AgentProtocol.ClientHeader].ToString();
        return name.Length is > 0 and <= AgentProtocol.MaxClientName && !name.AsSpan().ContainsAnyExcept(NameLetters)
            ? name
            : "somebody";
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message, context.RequestAborted);
    }
}
