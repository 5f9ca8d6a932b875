using Spectre.Console;

namespace Sluice.Cli.Streams;

/// <summary>Tells a person at a terminal what is going on, once it takes longer than one waits without wondering.</summary>
internal static class Progress
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Runs the work off the caller's thread; a spinner turns on the error stream if it is a terminal and a second has passed.</summary>
    public static async Task<T> ShowAsync<T>(Terminal terminal, string what, Func<T> work)
    {
        if (!terminal.ErrorIsTerminal)
            return work();
        var running = Task.Run(work);
        if (await Task.WhenAny(running, Task.Delay(Patience)) != running)
        {
            var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Error) });
            await console.Status().StartAsync(Markup.Escape(what), _ => running);
        }
        return await running;
    }
}
