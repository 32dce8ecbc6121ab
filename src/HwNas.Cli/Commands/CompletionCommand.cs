using System.CommandLine;

namespace HwNas.Cli.Commands;

/// <summary>
/// <c>hwnas completion</c>: what a shell needs to complete verbs, options and names. The scripts ask the tool itself, by the
/// directive <c>[suggest:POSITION]</c> of System.CommandLine.
/// </summary>
internal static class CompletionCommand
{
    private static readonly (string Shell, string Script)[] Scripts =
    [
        ("bash", """
            # hwnas: completion for bash. In ~/.bashrc: source <(hwnas completion bash)
            _hwnas() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" \
                    -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _hwnas hwnas ./hwnas
            """),
        ("zsh", """
            # hwnas: completion for zsh. In ~/.zshrc, after compinit: source <(hwnas completion zsh)
            _hwnas() {
                local -a found
                found=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
                found=("${(@)found:#}")
                if (( ${#found} )); then compadd -a found; else _files; fi
            }
            compdef _hwnas hwnas
            """),
        ("fish", """
            # hwnas: completion for fish. In ~/.config/fish/config.fish: hwnas completion fish | source
            complete -c hwnas -a '(hwnas "[suggest:"(commandline -C)"]" (commandline -cp | string collect) 2>/dev/null)'
            """),
        ("pwsh", """
            # hwnas: completion for PowerShell. In $PROFILE: hwnas completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName hwnas -ScriptBlock {
                param($word, $command, $cursor)
                hwnas "[suggest:$cursor]" "$command" | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """),
    ];

    public static Command Create(CommandContext context)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh.", HelpName = "SHELL" };
        shell.AcceptOnlyFromAmong([.. Scripts.Select(script => script.Shell)]);
        var command = new Command("completion",
            """
            Print what bash, zsh, fish or pwsh needs to complete commands.

            Examples:
              hwnas completion bash
              hwnas completion fish
            """)
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            context.Out.WriteLine(Scripts.First(script => script.Shell == parsed.GetValue(shell)).Script);
            return ExitCodes.Done;
        });
        return command;
    }
}
