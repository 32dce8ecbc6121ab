using System.Text;
using HwNas.Core;

namespace HwNas.Remote.Terminal;

/// <summary>
/// The one way by which a program prints. Text from outside (paths, names, refusals, what other machines say) may hold
/// control characters: they are made visible here. The stream may break while it is written - full, closed, or its
/// terminal gone: results that nobody gets are an error, messages that nobody gets are not.
/// </summary>
/// <param name="inner">The stream.</param>
/// <param name="name">Its name where its loss is an error; null where it is not.</param>
public sealed class TerminalWriter(TextWriter inner, string? name) : TextWriter
{
    // What tables are drawn with; they hide and move nothing.
    private const string Bold = "\e[1m", Plain = "\e[0m";

    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>Writes what the tool has drawn itself, control sequences and all; texts in it are visible already.</summary>
    public static void WriteDrawn(TextWriter writer, string drawn)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (writer is TerminalWriter terminal)
            terminal.Guard(stream => stream.Write(drawn));
        else
            writer.Write(drawn);
    }

    /// <inheritdoc/>
    public override void Write(char value) => Write(value.ToString());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Guard(stream => stream.Write(Visible(value)));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Guard(stream => stream.WriteLine(Visible(value)));

    /// <inheritdoc/>
    public override void WriteLine() => Guard(stream => stream.WriteLine());

    /// <inheritdoc/>
    public override void Flush() => Guard(stream => stream.Flush());

    private static string Visible(string? text) => VisibleText.Lines(text ?? "", Bold, Plain);

    private void Guard(Action<TextWriter> write)
    {
        try
        {
            write(inner);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (name is not null)
            {
                throw new InputException(
                    $"Cannot write to {name}: {Sentence.Of(error)} Choose another target with enough space; "
                    + "files that were written stay.",
                    error);
            }
        }
    }
}
