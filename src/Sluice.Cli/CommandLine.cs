using System.CommandLine;
using System.CommandLine.Help;
using Sluice.Cli.Streams;
using Sluice.Core.Errors;
using Sluice.Gateway.Configuration;
using Sluice.Pipe;
using Sluice.Protocol.Requests;
using Sluice.Protocol.Sources;

namespace Sluice.Cli;

/// <summary>From the arguments to an exit code: parses, runs one command, and turns whatever went wrong into one line.</summary>
internal static class CommandLine
{
    /// <summary>The switch that every command has.</summary>
    public const string Verbose = "--verbose";

    public static async Task<int> RunAsync(string[] args)
    {
        using var terminal = new Terminal();
        var verbose =
            new Option<bool>(Verbose) { Description = "Say what a model may use, and add the stack to an error.", Recursive = true };
        // A prompt may begin with @: no argument names a file of arguments.
        ParseResult parsed = CreateRoot(terminal, verbose).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
            return ReportUsage(terminal, parsed);

        using var interrupts = new Interrupts();
        // The library would write errors and answer Ctrl-C in its own way.
        var invocation = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = terminal.Out,
            Error = terminal.Error,
        };
        try
        {
            int code = await parsed.InvokeAsync(invocation, interrupts.Token);
            terminal.Out.Flush();
            return code;
        }
        catch (Exception e)
        {
            FlushWhatThereIs(terminal);
            return Report(terminal, e, interrupts, parsed.GetValue(verbose));
        }
    }

    /// <summary>What was written before it went wrong is still the reader's, where there is one.</summary>
    private static void FlushWhatThereIs(Terminal terminal)
    {
        try
        {
            terminal.Out.Flush();
        }
        catch (BrokenPipeException)
        {
            // Nobody is there to read it.
        }
    }

    private static RootCommand CreateRoot(Terminal terminal, Option<bool> verbose)
    {
        var root = new RootCommand("Runs language models: an engine, an OpenAI-compatible server and tools in one executable.") { verbose };
        foreach (Command command in CommandRegistry.Create(terminal))
            root.Add(command);
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }

    private static int ReportUsage(Terminal terminal, ParseResult parsed)
    {
        string path = string.Join(' ', parsed.CommandResult.Command.Parents.OfType<Command>().Reverse()
            .Append(parsed.CommandResult.Command).Select(command => command is RootCommand ? "sluice" : command.Name));
        terminal.Say($"{Problem(parsed)} See: {path} --help");
        return ExitCode.Usage;
    }

    private static string Problem(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens is [var unknown, ..])
            return $"Unknown {(unknown.StartsWith('-') ? "option" : "command or argument")} '{OneLine(unknown)}'.";
        bool needsCommand = parsed.CommandResult.Command is { Subcommands.Count: > 0, Action: null };
        return needsCommand ? "Which command?" : OneLine(parsed.Errors[0].Message);
    }

    private static int Report(Terminal terminal, Exception e, Interrupts interrupts, bool verbose)
    {
        if (e is BrokenPipeException)
            return ExitCode.Done;
        if (e is OperationCanceledException && interrupts.Token.IsCancellationRequested)
            return ExitCode.Interrupted;
        bool expected = e is UsageException or ConfigException or PipeException or SluiceException or InvalidRequestException or SourceException
            or IOException or UnauthorizedAccessException;
        terminal.Say(expected
            ? OneLine(e.Message)
            : $"internal error, please report it: {e.GetType().Name}: {OneLine(e.Message)}{(verbose ? "" : " (--verbose shows where)")}");
        if (verbose)
            terminal.Error.WriteLine(e.ToString());
        return e switch
        {
            UsageException or ConfigException or PipeException { Fault: PipeFault.Usage } => ExitCode.Usage,
            PipeException { Fault: PipeFault.Input } => ExitCode.InputUnreadable,
            _ => ExitCode.Failed,
        };
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
