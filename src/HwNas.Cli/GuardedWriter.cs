using System.Text;
using HwNas.Core;

namespace HwNas.Cli;

/// <summary>
/// A stream of the process that may break while it is written: full, closed, or its terminal gone. Results that nobody gets
/// are an error; messages that nobody gets are not.
/// </summary>
/// <param name="inner">The stream.</param>
/// <param name="name">Its name where its loss is an error; null where it is not.</param>
internal sealed class GuardedWriter(TextWriter inner, string? name) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Guard(() => inner.Write(value));

    public override void Write(string? value) => Guard(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Guard(() => inner.Write(buffer, index, count));

    public override void WriteLine(string? value) => Guard(() => inner.WriteLine(value));

    public override void Flush() => Guard(inner.Flush);

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            if (name is not null)
                throw new InputException($"Cannot write to {name}: {error.Message} Choose another target with enough space; files that were written stay.", error);
        }
    }
}
