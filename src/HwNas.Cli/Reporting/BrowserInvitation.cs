using System.Net;
using QRCoder;

namespace HwNas.Cli.Reporting;

/// <summary>Tells how a phone gets to the page: addresses, a QR code, and what to do where browsers would hold back.</summary>
internal static class BrowserInvitation
{
    public static void Write(TextWriter output, IReadOnlyList<Uri> pages, int port, bool https)
    {
        output.WriteLine("Open this page on the device, with all of its address:");
        foreach (var page in pages)
            output.WriteLine($"  {page}");
        output.WriteLine();
        output.WriteLine(Code(pages[0].AbsoluteUri));
        var isLoopback = IPAddress.TryParse(pages[0].Host.Trim('[', ']'), out var host) && IPAddress.IsLoopback(host);
        if (isLoopback)
        {
            output.WriteLine(
                "This address is reached from this machine only. "
                + $"For a phone on USB, run 'adb reverse tcp:{port} tcp:{port}' and open it there; "
                + "for phones on the network, use --listen 0.0.0.0 --https.");
        }
        else if (https)
        {
            output.WriteLine("The browser warns of the certificate, since it was made just now for this run: go on to the page.");
        }
        else
        {
            output.WriteLine(
                "Without --https, browsers give this page no threads and only a coarse clock (0.1 ms): samples take longer. "
                + "Better give --https, or use USB (adb reverse).");
        }

        output.Flush();
    }

    /// <summary>
    /// The QR code of a text in half blocks, two modules a letter high; light on dark terminals, as
    /// scanners expect with the quiet zone.
    /// </summary>
    internal static string Code(string text)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var code = new AsciiQRCode(data);
        return code.GetGraphicSmall(drawQuietZones: true, endOfLine: "\n") + "\n";
    }
}
