namespace HwNas.Remote.Browser;

/// <summary>What happens at the server, for the terminal.</summary>
public abstract record BrowserNews
{
    private BrowserNews()
    {
    }

    /// <summary>A device gets on.</summary>
    /// <param name="Device">Its id.</param>
    /// <param name="Stage">What it does, in a word.</param>
    /// <param name="Note">How far it is in that, such as <c>12 of 281</c>.</param>
    /// <param name="Share">How much of its whole work is done, 0 to 1.</param>
    public sealed record Progress(string Device, string Stage, string Note, double Share) : BrowserNews;

    /// <summary>A device opened the page and begins, or continues after a reload.</summary>
    /// <param name="Device">Its id.</param>
    /// <param name="Description">What it says of itself.</param>
    /// <param name="Passes">Passes that are there already.</param>
    public sealed record Joined(string Device, string Description, int Passes) : BrowserNews;

    /// <summary>A request was refused.</summary>
    /// <param name="From">Who sent it.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(string From, string Reason) : BrowserNews;
}
