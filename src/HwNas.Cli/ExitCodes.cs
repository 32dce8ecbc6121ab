namespace HwNas.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongInput = 2;
    public const int InfeasibleBudget = 3;
    public const int Interrupted = 130;
}
